//! The verbs that know what a grant is.

use std::net::IpAddr;

use model::entities::{AccessToken, AccessTokenScope, GrantKind, RevocationReason, TrustedApplication, User};
use model::{Attribute, Record, Timestamp, Uuid};
use sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};

use crate::catalogue;
use crate::cell::Cell;
use crate::records::{columns, decode, decode_joined, select};
use crate::{Read, StoreError, Tx, origins};

/// A grant with those whose state decides whether it is valid.
#[derive(Clone, Debug)]
pub struct GrantParties {
    /// The grant.
    pub grant: AccessToken,
    /// The application that it was given to.
    pub application: Option<TrustedApplication>,
    /// The user as whom it acts.
    pub user: Option<User>,
    /// The number of the catalogue's state.
    pub catalogue: i64,
    /// Whether another application from whose tokens the grant came is disabled or was removed.
    pub has_disabled_origin: bool,
}

/// A grant that a revocation ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevokedGrant {
    /// The grant.
    pub id: Uuid,
    /// Its key: the hash of its secret.
    pub key: String,
    /// What it was.
    pub kind: GrantKind,
}

/// When, from where and for what a grant was last used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastUse {
    /// The grant.
    pub id: Uuid,
    /// When.
    pub time: Timestamp,
    /// From which address, where that is known.
    pub address: Option<IpAddr>,
    /// The permissions that its requests needed.
    pub scopes: Vec<String>,
}

const GRANTS: &str = "Sec_Access_Tokens";

/// How many grants between one user and one application are looked at.
const BETWEEN: u64 = 20;

/// How many grants one statement names; both engines limit the values of a statement.
const AT_ONCE: usize = 500;

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
        .from(GRANTS)
        .left_join(applications, matches(AccessToken::TrustedApplication.0, applications))
        .left_join(users, matches(AccessToken::User.0, users))
        .to_owned()
}

impl Read<'_> {
    /// Finds a grant by its key, with the application and the user that it concerns: one statement.
    pub fn find_grant(&self, key: &str) -> Result<Option<GrantParties>, StoreError> {
        let same = Expr::col((GRANTS, AccessToken::AccessTokenKey.0)).eq(key);
        self.grant_where(same)
    }

    /// Finds a grant by its identifier, with the application and the user that it concerns.
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
        Ok(Some(GrantParties { grant, application, user, catalogue, has_disabled_origin }))
    }

    /// Lists the grants of a kind between a user and an application that are not revoked, the newest first.
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

    /// Lists the grants of a kind that were made in a session, revoked or not.
    pub fn list_of_session(&self, session: &str, kind: GrantKind) -> Result<Vec<AccessToken>, StoreError> {
        let statement = select::<AccessToken>()
            .and_where(Expr::col(AccessToken::Session.0).eq(session))
            .and_where(Expr::col(AccessToken::Kind.0).eq(kind.code()))
            .to_owned();
        self.query(&statement)?.into_iter().map(|row| decode(&mut row.into_iter())).collect()
    }

    /// Lists the grants of a kind that wait for a user's decision, the oldest first.
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

    /// Counts the grants of a kind between a user and an application that were made after a moment, whatever became of
    /// them.
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

    /// Lists the grants of some kinds that a user may still use, or an application in their name, `limit` at the most.
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

    /// Counts what would be revoked with a grant, itself not included.
    pub fn count_descendants(&self, id: Uuid) -> Result<usize, StoreError> {
        let mut count = 0;
        let mut frontier = vec![id];
        while !frontier.is_empty() {
            frontier = self.children(&frontier)?;
            count += frontier.len();
        }
        Ok(count)
    }

    /// Counts the registrations of applications that came from a grant: the children that act for no user.
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

    /// Whether a grant is one of some grants, or came from one of them.
    pub fn is_below(&self, id: Uuid, places: &[Uuid]) -> Result<bool, StoreError> {
        let mut next = Some(id);
        while let Some(id) = next {
            if places.contains(&id) {
                return Ok(true);
            }
            next = self.find::<AccessToken>(id)?.and_then(|grant| grant.parent_id);
        }
        Ok(false)
    }

    pub(crate) fn children(&self, parents: &[Uuid]) -> Result<Vec<Uuid>, StoreError> {
        let mut children = Vec::new();
        for some in parents.chunks(AT_ONCE) {
            let of_parents = Expr::col(AccessToken::Parent.0).is_in(some.iter().copied());
            let mut statement = Query::select();
            statement.column(Attribute::ID_COLUMN).from(GRANTS).and_where(of_parents);
            for cell in self.query_dynamic(&statement)?.into_iter().flatten() {
                children.push(cell.uuid()?);
            }
        }
        Ok(children)
    }
}

impl Tx<'_> {
    /// Adds a grant with its permissions, one row each.
    ///
    /// A grant that came from another is added only while that one is not revoked, and no revocation
    /// of the other can miss it.
    ///
    /// # Errors
    /// [`StoreError::ParentGone`] where the other one was revoked.
    pub fn insert_grant(
        &mut self,
        grant: &AccessToken,
        scopes: &[AccessTokenScope],
    ) -> Result<(), StoreError> {
        let parent = grant.parent_id.map(|parent| self.hold_parent(parent)).transpose()?;
        self.insert_unnoticed(grant)?;
        if let Some(parent) = &parent {
            self.inherit_origins(grant, parent)?;
        }
        self.granted(grant.kind);
        scopes.iter().try_for_each(|scope| self.insert_unnoticed(scope))
    }

    /// Revokes a grant and all that came from it, generation by generation: each is marked before its
    /// children are looked for, so none that is added meanwhile is missed. Gives those that were not revoked before.
    pub fn revoke_tree(
        &mut self,
        id: Uuid,
        reason: RevocationReason,
        now: Timestamp,
    ) -> Result<Vec<RevokedGrant>, StoreError> {
        let mut revoked = Vec::new();
        let mut frontier = vec![id];
        while !frontier.is_empty() {
            for some in frontier.chunks(AT_ONCE) {
                revoked.append(&mut self.revoke(some, reason, now)?);
            }
            frontier = self.children(&frontier)?;
        }
        for grant in &revoked {
            self.touch(GRANTS, grant.id);
        }
        Ok(revoked)
    }

    fn revoke(
        &mut self,
        ids: &[Uuid],
        reason: RevocationReason,
        now: Timestamp,
    ) -> Result<Vec<RevokedGrant>, StoreError> {
        let mut statement = Query::update();
        statement
            .table(GRANTS)
            .value(AccessToken::RevocationReason.0, reason.code())
            .value(AccessToken::RevokedTimestamp.0, now.micros())
            .value(Attribute::UPDATED_COLUMN, now.micros())
            .value(Attribute::VERSION_COLUMN, Expr::col(Attribute::VERSION_COLUMN).add(1_i64))
            .and_where(Expr::col(Attribute::ID_COLUMN).is_in(ids.iter().copied()))
            .and_where(Expr::col(AccessToken::RevokedTimestamp.0).is_null())
            .returning(Query::returning().columns([
                Attribute::ID_COLUMN,
                AccessToken::AccessTokenKey.0,
                AccessToken::Kind.0,
            ]));
        let rows = self.query_dynamic(&statement)?;
        rows.into_iter().map(revoked_grant).collect()
    }

    /// Notes when grants were last used. Does not count as a change of the grants.
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

fn revoked_grant(row: Vec<Cell>) -> Result<RevokedGrant, StoreError> {
    let mut cells = row.into_iter();
    let mut next = || cells.next().unwrap_or(Cell::Null);
    let (id, key, kind) = (next().uuid()?, next().text()?, next().text()?);
    let kind =
        GrantKind::from_code(&kind).ok_or_else(|| StoreError::Engine(format!("a grant of kind {kind}")))?;
    Ok(RevokedGrant { id, key, kind })
}
