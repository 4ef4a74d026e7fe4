//! Look-up, listing and insertion of grants.

use std::net::IpAddr;

use model::entities::{AccessToken, AccessTokenScope, GrantKind, TrustedApplication, User};
use model::{Attribute, Record, Timestamp, Uuid};
use sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};

use crate::addresses::UsedAddress;
use crate::catalogue;
use crate::cell::Cell;
use crate::records::{columns, decode, decode_joined, select};
use crate::{Read, StoreError, Tx, origins, revocations};

/// A grant with the objects that determine its validity.
#[derive(Clone, Debug)]
pub struct GrantParties {
    /// Grant.
    pub grant: AccessToken,
    /// Application to which it was issued.
    pub application: Option<TrustedApplication>,
    /// User as whom it acts.
    pub user: Option<User>,
    /// Version of the catalogue.
    pub catalogue: i64,
    /// Whether another application from whose tokens the grant was derived is disabled or was removed.
    pub has_disabled_origin: bool,
    /// Whether the grant belongs to a confirmed revocation whose rows follow.
    pub is_marked: bool,
}

/// The last use of a grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastUse {
    /// Identifier of the grant.
    pub id: Uuid,
    /// Time.
    pub time: Timestamp,
    /// Address of the client, if known.
    pub address: Option<IpAddr>,
    /// Addresses of clients that are not recorded for this grant yet, or not within the last hour.
    pub addresses: Vec<UsedAddress>,
    /// Scopes that the requests required.
    pub scopes: Vec<String>,
}

const GRANTS: &str = "Sec_Access_Tokens";

/// Maximum number of grants in a list for one user.
const BETWEEN: u64 = 20;

fn grants_with_parties() -> SelectStatement {
    let (applications, users) = (TrustedApplication::entity().table, User::entity().table);
    let matches = |column: &'static str, table: &'static str| {
        Expr::col((GRANTS, column)).equals((table, Attribute::ID_COLUMN))
    };
    Query::select()
        .columns(columns::<AccessToken>())
        .columns(columns::<TrustedApplication>())
        .columns(columns::<User>())
        .expr(catalogue::version())
        .expr(origins::has_disabled())
        .expr(revocations::is_open(GRANTS))
        .from(GRANTS)
        .left_join(applications, matches(AccessToken::TrustedApplication.0, applications))
        .left_join(users, matches(AccessToken::User.0, users))
        .to_owned()
}

impl Read<'_> {
    /// Finds a grant by its key, with its application and user, in one statement.
    pub fn find_grant(&self, key: &str) -> Result<Option<GrantParties>, StoreError> {
        let same = Expr::col((GRANTS, AccessToken::AccessTokenKey.0)).eq(key);
        self.grant_where(same)
    }

    /// Finds a grant by its identifier, with its application and user.
    pub fn find_grant_by_id(&self, id: Uuid) -> Result<Option<GrantParties>, StoreError> {
        self.grant_where(Expr::col((GRANTS, Attribute::ID_COLUMN)).eq(id))
    }

    fn grant_where(&self, condition: Expr) -> Result<Option<GrantParties>, StoreError> {
        let statement = grants_with_parties().and_where(condition).to_owned();
        let Some(row) = self.query(&statement)?.into_iter().next() else { return Ok(None) };
        let mut cells = row.into_iter();
        let grant = decode(&mut cells.by_ref().take(AccessToken::entity().columns().count()))?;
        let application = decode_joined(&mut cells)?;
        let user = decode_joined(&mut cells)?;
        let catalogue = cells.next().map_or(Ok(0), Cell::int)?;
        let has_disabled_origin = cells.next().is_some_and(|cell| origins::is_true(&cell));
        let is_marked = cells.next().is_some_and(|cell| origins::is_true(&cell));
        Ok(Some(GrantParties { grant, application, user, catalogue, has_disabled_origin, is_marked }))
    }

    /// Lists the grants of a kind between a user and an application that are not revoked, newest first.
    pub fn list_between(
        &self,
        user: Uuid,
        application: Uuid,
        kind: GrantKind,
    ) -> Result<Vec<AccessToken>, StoreError> {
        let statement = select::<AccessToken>()
            .and_where(Expr::col(AccessToken::User.0).eq(user))
            .and_where(Expr::col(AccessToken::TrustedApplication.0).eq(application))
            .and_where(Expr::col(AccessToken::Kind.0).eq(kind.code()))
            .and_where(Expr::col(AccessToken::RevokedTimestamp.0).is_null())
            .order_by(Attribute::ID_COLUMN, Order::Desc)
            .limit(BETWEEN)
            .to_owned();
        self.query(&statement)?.into_iter().map(|row| decode(&mut row.into_iter())).collect()
    }

    /// Lists the grants of a kind that were issued in a session, including revoked ones.
    pub fn list_of_session(&self, session: &str, kind: GrantKind) -> Result<Vec<AccessToken>, StoreError> {
        let statement = select::<AccessToken>()
            .and_where(Expr::col(AccessToken::Session.0).eq(session))
            .and_where(Expr::col(AccessToken::Kind.0).eq(kind.code()))
            .to_owned();
        self.query(&statement)?.into_iter().map(|row| decode(&mut row.into_iter())).collect()
    }

    /// Lists the grants of a kind that await a user's decision, oldest first.
    pub fn list_undecided(
        &self,
        user: Uuid,
        kind: GrantKind,
        now: Timestamp,
    ) -> Result<Vec<AccessToken>, StoreError> {
        let statement = select::<AccessToken>()
            .and_where(Expr::col(AccessToken::User.0).eq(user))
            .and_where(Expr::col(AccessToken::Kind.0).eq(kind.code()))
            .and_where(Expr::col(AccessToken::ExpireTimestamp.0).gt(now.micros()))
            .and_where(Expr::col(AccessToken::AuthorizedTimestamp.0).is_null())
            .and_where(Expr::col(AccessToken::RevokedTimestamp.0).is_null())
            .order_by(Attribute::ID_COLUMN, Order::Asc)
            .limit(BETWEEN)
            .to_owned();
        self.query(&statement)?.into_iter().map(|row| decode(&mut row.into_iter())).collect()
    }

    /// Counts the grants of a kind between a user and an application that were created after a time, in any
    /// state.
    pub fn count_since(
        &self,
        user: Uuid,
        application: Uuid,
        kind: GrantKind,
        since: Timestamp,
    ) -> Result<u64, StoreError> {
        let statement = Query::select()
            .expr(Expr::val(1_i64).count())
            .from(GRANTS)
            .and_where(Expr::col(AccessToken::CreationTimestamp.0).gt(since.micros()))
            .and_where(Expr::col(AccessToken::User.0).eq(user))
            .and_where(Expr::col(AccessToken::TrustedApplication.0).eq(application))
            .and_where(Expr::col(AccessToken::Kind.0).eq(kind.code()))
            .to_owned();
        let first = self.query(&statement)?.into_iter().flatten().next();
        Ok(u64::try_from(first.map_or(Ok(0), Cell::int)?).unwrap_or(0))
    }

    /// Lists at most `limit` grants of the given kinds that a user, or an application on the user's behalf,
    /// can still use.
    pub fn list_usable(
        &self,
        user: Uuid,
        kinds: &[GrantKind],
        now: Timestamp,
        limit: u64,
    ) -> Result<Vec<AccessToken>, StoreError> {
        let expires = Expr::col(AccessToken::ExpireTimestamp.0);
        let statement = select::<AccessToken>()
            .and_where(Expr::col(AccessToken::User.0).eq(user))
            .and_where(Expr::col(AccessToken::Kind.0).is_in(kinds.iter().map(|kind| kind.code())))
            .and_where(Expr::col(AccessToken::RevokedTimestamp.0).is_null())
            .and_where(Expr::col(AccessToken::ConsumedTimestamp.0).is_null())
            .and_where(expires.clone().is_null().or(expires.gt(now.micros())))
            .limit(limit)
            .to_owned();
        self.query(&statement)?.into_iter().map(|row| decode(&mut row.into_iter())).collect()
    }

    /// Counts the applications registered with a grant: its children without a user.
    pub fn count_registrations(&self, parent: Uuid) -> Result<usize, StoreError> {
        let statement = Query::select()
            .expr(Expr::val(1_i64).count())
            .from(GRANTS)
            .and_where(Expr::col(AccessToken::Parent.0).eq(parent))
            .and_where(Expr::col(AccessToken::User.0).is_null())
            .to_owned();
        let first = self.query(&statement)?.into_iter().flatten().next();
        Ok(usize::try_from(first.map_or(Ok(0), Cell::int)?).unwrap_or(usize::MAX))
    }
}

impl Tx<'_> {
    /// Inserts a grant with its scopes, one row each.
    ///
    /// A grant with a parent is inserted only while the parent is not revoked, and a concurrent revocation
    /// of the parent never misses it.
    ///
    /// # Errors
    /// [`StoreError::ParentGone`] if the parent was revoked.
    pub fn insert_grant(
        &mut self,
        grant: &AccessToken,
        scopes: &[AccessTokenScope],
    ) -> Result<(), StoreError> {
        let parent = grant.parent_id.map(|parent| self.lock_parent(parent)).transpose()?;
        self.insert_untracked(grant)?;
        if let Some(parent) = &parent {
            self.inherit_origins(grant, parent)?;
        }
        self.count_granted(grant.kind);
        scopes.iter().try_for_each(|scope| self.insert_untracked(scope))
    }

    /// Records the last uses of grants. Does not count as a change of the grants.
    pub fn note_last_uses(&mut self, uses: &[LastUse]) -> Result<(), StoreError> {
        for last in uses {
            let mut statement = Query::update();
            statement
                .table(GRANTS)
                .value(AccessToken::LastUsedTimestamp.0, last.time.micros())
                .and_where(Expr::col(Attribute::ID_COLUMN).eq(last.id))
                .and_where(earlier(AccessToken::LastUsedTimestamp.0, last.time));
            if let Some(address) = last.address {
                statement.value(AccessToken::LastUsedIPAddress.0, address.to_string());
            }
            self.execute(&statement)?;
            self.note_seen_by_grant(last.id, last.time)?;
            last.addresses.iter().try_for_each(|used| self.note_address(last.id, *used, last.time))?;
            for scope in &last.scopes {
                let mut statement = Query::update();
                statement
                    .table(AccessTokenScope::entity().table)
                    .value(AccessTokenScope::LastUsedTimestamp.0, last.time.micros())
                    .and_where(Expr::col(AccessTokenScope::AccessToken.0).eq(last.id))
                    .and_where(Expr::col(AccessTokenScope::Scope.0).eq(scope.as_str()))
                    .and_where(earlier(AccessTokenScope::LastUsedTimestamp.0, last.time));
                self.execute(&statement)?;
            }
        }
        Ok(())
    }
}

fn earlier(column: &'static str, time: Timestamp) -> Expr {
    Expr::col(column).is_null().or(Expr::col(column).lt(time.micros()))
}
