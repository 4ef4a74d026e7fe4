//! Secrets that somebody found where they do not belong.

use model::entities::{AccessToken, GrantKind};
use model::{Attribute, Timestamp, Uuid};
use sea_query::{Expr, ExprTrait, Order, Query};

use crate::cell::Cell;
use crate::internal::values;
use crate::{Read, StoreError, Tx};

const REPORTS: &str = "grantor_leak_reports";

const COLUMNS: [&str; 8] =
    ["id", "reported_at", "finder_address", "url", "source", "kind", "name", "revoked"];
const GRANT: &str = "access_token_id";

/// What was found, where, and what was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeakReport {
    /// The identifier.
    pub id: Uuid,
    /// When it was reported.
    pub reported_at: Timestamp,
    /// The address from which it was reported.
    pub finder_address: String,
    /// Where the secret was found, as the finder says; empty where they do not.
    pub url: String,
    /// Who found it, as they say; empty where they do not.
    pub source: String,
    /// What it was: the type of the grant, or [`CLIENT_SECRET`].
    pub kind: String,
    /// What people call it: the description of the grant, or the name of the application.
    pub name: String,
    /// How many grants were revoked.
    pub revoked: i64,
    /// The grant, where it was one and still is in the registry.
    pub grant: Option<Uuid>,
}

/// What a report calls the secret of an application.
pub const CLIENT_SECRET: &str = "client_secret";

/// What a report is about.
#[derive(Clone, Copy, Debug)]
pub enum Leaked {
    /// A grant.
    Grant(Uuid),
    /// The secret of an application.
    ClientSecret(Uuid),
}

impl Read<'_> {
    /// Lists what was reported since a moment, the newest first: of the secrets of a user, and where it is asked for of
    /// those that are nobody's own.
    pub fn list_leak_reports(
        &self,
        user: Uuid,
        and_nobodys: bool,
        since: Timestamp,
        limit: u64,
    ) -> Result<Vec<LeakReport>, StoreError> {
        let own = Expr::col("user_id").eq(user);
        let whose = if and_nobodys { own.or(Expr::col("user_id").is_null()) } else { own };
        let mut statement = Query::select();
        statement.columns(COLUMNS).column(GRANT).from(REPORTS).and_where(whose);
        statement.and_where(Expr::col("reported_at").gte(since.micros()));
        statement.order_by("reported_at", Order::Desc).order_by("id", Order::Desc).limit(limit);
        self.query(&statement)?.into_iter().map(report).collect()
    }

    /// Lists the access tokens that an application obtained for itself and that may still be valid, `limit` at the most.
    pub fn list_obtained_for_itself(
        &self,
        application: Uuid,
        now: Timestamp,
        limit: u64,
    ) -> Result<Vec<Uuid>, StoreError> {
        let expires = Expr::col(AccessToken::ExpireTimestamp.0);
        let mut statement = Query::select();
        statement
            .column(Attribute::ID_COLUMN)
            .from("Sec_Access_Tokens")
            .and_where(Expr::col(AccessToken::TrustedApplication.0).eq(application))
            .and_where(Expr::col(AccessToken::Kind.0).eq(GrantKind::ReferenceToken.code()))
            .and_where(Expr::col(AccessToken::Parent.0).is_null())
            .and_where(Expr::col(AccessToken::RevokedTimestamp.0).is_null())
            .and_where(expires.clone().is_null().or(expires.gt(now.micros())))
            .limit(limit);
        let cells = self.query(&statement)?.into_iter().flatten();
        cells.map(|cell| Ok(cell.uuid()?)).collect()
    }
}

impl Tx<'_> {
    /// Keeps a report. `user` is whose the secret was, where it was somebody's own.
    pub fn insert_leak_report(
        &mut self,
        report: &LeakReport,
        leaked: Leaked,
        user: Option<Uuid>,
    ) -> Result<(), StoreError> {
        let (grant, application) = match leaked {
            Leaked::Grant(id) => (Some(id), None),
            Leaked::ClientSecret(id) => (None, Some(id)),
        };
        let mut statement = Query::insert();
        let references = [GRANT, "trusted_application_id", "user_id"];
        statement.into_table(REPORTS).columns(COLUMNS.into_iter().chain(references));
        let texts = [&report.finder_address, &report.url, &report.source, &report.kind, &report.name];
        let row = [Expr::val(report.id), report.reported_at.micros().into()]
            .into_iter()
            .chain(texts.map(|text| Expr::from(text.as_str())))
            .chain([report.revoked.into()])
            .chain([grant, application, user].map(Expr::val));
        values(&mut statement, row)?;
        self.execute(&statement).map(|_| ())
    }
}

fn report(row: Vec<Cell>) -> Result<LeakReport, StoreError> {
    let mut cells = row.into_iter();
    let mut next = || cells.next().unwrap_or(Cell::Null);
    Ok(LeakReport {
        id: next().uuid()?,
        reported_at: next().time()?,
        finder_address: next().text()?,
        url: next().text()?,
        source: next().text()?,
        kind: next().text()?,
        name: next().text()?,
        revoked: next().int()?,
        grant: match next() {
            Cell::Null => None,
            grant => Some(grant.uuid()?),
        },
    })
}
