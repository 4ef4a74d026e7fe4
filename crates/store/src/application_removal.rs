//! Removal of applications: self-registered ones that were never used, and those whose deletion has
//! started.

use model::entities::{AccessToken, GrantKind, TrustedApplication, TrustedApplicationAuthorization};
use model::{Attribute, Record, Timestamp, Uuid};
use sea_query::{Expr, ExprTrait, OnConflict, Order, Query, SelectStatement};

use crate::cell::Cell;
use crate::names::APPLICATION_NAMES;
use crate::records::{decode, select};
use crate::sql::values;
use crate::{Read, StoreError, Tx};

const DELETIONS: &str = "grantor_application_deletions";
const USED: &str = "grantor_used_applications";
const GRANTS: &str = "Sec_Access_Tokens";

/// Selects the rows of a table that belong to the current application.
fn any_of(table: &'static str, column: &'static str) -> SelectStatement {
    let application = (TrustedApplication::entity().table, Attribute::ID_COLUMN);
    let own = Expr::col((table, column)).equals(application);
    Query::select().expr(Expr::val(1_i64)).from(table).and_where(own).to_owned()
}

/// Selects self-registered applications that are not known to be used.
fn unvouched() -> SelectStatement {
    select::<TrustedApplication>()
        .and_where(Expr::exists(any_of(APPLICATION_NAMES, "application_id")).not())
        .and_where(Expr::exists(any_of(USED, "application_id")).not())
        .to_owned()
}

/// Returns a condition: whether an application is used, that is, has a consent or a grant other than its
/// registration access token and unapproved requests.
fn is_used(registration: &str) -> Expr {
    let requests = [GrantKind::DeviceCode, GrantKind::BackchannelRequest].map(GrantKind::code);
    let scopes = Expr::col((GRANTS, AccessToken::Scopes.0));
    let grant = any_of(GRANTS, AccessToken::TrustedApplication.0)
        .and_where(Expr::col((GRANTS, AccessToken::Kind.0)).is_not_in(requests))
        .and_where(scopes.clone().is_null().or(scopes.ne(registration)))
        .to_owned();
    let authorization = TrustedApplicationAuthorization::entity().table;
    let consent = any_of(authorization, TrustedApplicationAuthorization::TrustedApplication.0);
    Expr::exists(grant).or(Expr::exists(consent))
}

impl Read<'_> {
    /// Lists self-registered applications that were registered before a time and never used. `registration`
    /// is the scope of registration access tokens.
    pub fn list_unused_applications(
        &self,
        registration: &str,
        before: Timestamp,
        limit: u64,
    ) -> Result<Vec<TrustedApplication>, StoreError> {
        let created = Expr::col((TrustedApplication::entity().table, TrustedApplication::CreationTimeUtc.0));
        let mut statement = unvouched();
        statement.and_where(created.lt(before.micros())).and_where(is_used(registration).not()).limit(limit);
        self.query(&statement)?.into_iter().map(|row| decode(&mut row.into_iter())).collect()
    }

    /// Finds an application whose deletion has started.
    pub fn find_deletion(&self) -> Result<Option<Uuid>, StoreError> {
        let mut statement = Query::select();
        statement.column("application_id").from(DELETIONS).order_by("application_id", Order::Asc).limit(1);
        let first = self.query(&statement)?.into_iter().flatten().next();
        Ok(first.map(Cell::uuid).transpose()?)
    }

    /// Counts the grants of an application that are not revoked.
    pub fn count_grants_of(&self, application: Uuid) -> Result<u64, StoreError> {
        let all = sea_query::Func::count(Expr::col(Attribute::ID_COLUMN));
        let mut statement = Query::select();
        statement
            .expr(all)
            .from(GRANTS)
            .and_where(Expr::col(AccessToken::TrustedApplication.0).eq(application))
            .and_where(Expr::col(AccessToken::RevokedTimestamp.0).is_null());
        let first = self.query(&statement)?.into_iter().flatten().next();
        Ok(u64::try_from(first.map_or(Ok(0), Cell::int)?).unwrap_or(0))
    }
}

impl Tx<'_> {
    /// Records which self-registered applications were used, because the evidence is not kept forever.
    /// Returns the number of recorded applications.
    pub fn note_used_applications(&mut self, registration: &str, limit: u64) -> Result<usize, StoreError> {
        let id = (TrustedApplication::entity().table, Attribute::ID_COLUMN);
        let used =
            unvouched().clear_selects().column(id).and_where(is_used(registration)).limit(limit).to_owned();
        let used = self.query(&used)?;
        let count = used.len();
        for row in used {
            let application = row.into_iter().next().unwrap_or(Cell::Null).uuid()?;
            let mut statement = Query::insert();
            statement.into_table(USED).columns(["application_id"]);
            values(&mut statement, [Expr::val(application)])?;
            statement.on_conflict(OnConflict::column("application_id").do_nothing().to_owned());
            self.execute(&statement)?;
        }
        Ok(count)
    }

    /// Starts the deletion of an application. Returns whether this call started it.
    pub fn begin_deletion(&mut self, application: Uuid) -> Result<bool, StoreError> {
        let mut statement = Query::insert();
        statement.into_table(DELETIONS).columns(["application_id"]);
        values(&mut statement, [Expr::val(application)])?;
        statement.on_conflict(OnConflict::column("application_id").do_nothing().to_owned());
        Ok(self.execute(&statement)? == 1)
    }

    /// Detaches grants from their application. They keep its client_id.
    pub fn detach_grants(&mut self, ids: &[Uuid], now: Timestamp) -> Result<(), StoreError> {
        let mut statement = Query::update();
        statement
            .table(GRANTS)
            .value(AccessToken::TrustedApplication.0, None::<Uuid>)
            .value(Attribute::UPDATED_COLUMN, now.micros())
            .value(Attribute::VERSION_COLUMN, Expr::col(Attribute::VERSION_COLUMN).add(1_i64))
            .and_where(Expr::col(Attribute::ID_COLUMN).is_in(ids.iter().copied()));
        self.execute(&statement)?;
        ids.iter().for_each(|id| self.mark_changed(GRANTS, *id));
        Ok(())
    }
}
