//! The members of set-based revocations. While a revocation is open, its members are refused, whatever their rows say.

use model::entities::{AccessToken, Revocation, RevocationState};
use model::{Attribute, Record as _, Timestamp, Uuid};
use sea_query::{Alias, Expr, ExprTrait, JoinType, OnConflict, Order, Query, SelectStatement};

use crate::cell::Cell;
use crate::sql::values;
use crate::{Change, Read, StoreError, Tx};

const MEMBERS: &str = "grantor_revocation_members";
const GRANTS: &str = "Sec_Access_Tokens";
/// The member, and the revocation to which it belongs.
const MEMBER: &str = "access_token_id";
const REVOCATION: &str = "revocation_id";
const ROOT: &str = "root_id";
const COUNTED: &str = "is_counted";

/// A grant of a revocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RevocationMember {
    /// The grant.
    pub id: Uuid,
    /// Whether it is shown and counted. A grant that has ended is not: it is a member because grants can be issued below it.
    pub is_counted: bool,
}

/// Returns the condition that a grant, its parent or its parent's parent is a member of an open revocation. These three are
/// the depth of the tokens of a sign-in: one that is issued by a refresh at the same time is refused as well.
pub(crate) fn is_open(grants: &str) -> Expr {
    let own = |column: &'static str| Expr::col((Alias::new(grants), column));
    let above = Query::select()
        .column((Alias::new("above"), AccessToken::Parent.0))
        .from_as(GRANTS, Alias::new("above"))
        .and_where(Expr::col((Alias::new("above"), Attribute::ID_COLUMN)).eq(own(AccessToken::Parent.0)))
        .to_owned();
    let [first, second, third] =
        [own(Attribute::ID_COLUMN), own(AccessToken::Parent.0), Expr::SubQuery(None, Box::new(above.into()))]
            .map(open_member);
    Expr::exists(first).or(Expr::exists(second)).or(Expr::exists(third))
}

/// Selects the open revocations of a member.
fn open_member(member: Expr) -> SelectStatement {
    let revocations = Revocation::entity().table;
    Query::select()
        .expr(Expr::val(1_i64))
        .from(MEMBERS)
        .join(
            JoinType::InnerJoin,
            revocations,
            Expr::col((revocations, Attribute::ID_COLUMN)).equals((MEMBERS, REVOCATION)),
        )
        .and_where(Expr::col((MEMBERS, MEMBER)).eq(member))
        .and_where(Expr::col((revocations, Revocation::State.0)).eq(RevocationState::Open.code()))
        .to_owned()
}

fn members(revocation: Uuid, after: Option<Uuid>, limit: u64) -> SelectStatement {
    let mut statement = Query::select();
    statement
        .column((MEMBERS, MEMBER))
        .from(MEMBERS)
        .and_where(Expr::col((MEMBERS, REVOCATION)).eq(revocation))
        .order_by((MEMBERS, MEMBER), Order::Asc)
        .limit(limit);
    if let Some(after) = after {
        statement.and_where(Expr::col((MEMBERS, MEMBER)).gt(after));
    }
    statement
}

/// Returns the condition that a grant has ended: it was revoked or consumed, or has expired.
fn has_ended(now: Timestamp) -> Expr {
    let column = |column: model::Column| Expr::col((GRANTS, column.0));
    let end = || column(AccessToken::ExpireTimestamp);
    column(AccessToken::RevokedTimestamp)
        .is_not_null()
        .or(column(AccessToken::ConsumedTimestamp).is_not_null())
        .or(end().is_not_null().and(end().lte(now.micros())))
}

impl Change {
    /// Applies the change of a grant only if the grant is not marked by an open revocation.
    #[must_use]
    pub fn unless_marked(self) -> Self {
        self.only_if(is_open(GRANTS).not())
    }
}

impl Read<'_> {
    /// Returns whether an open revocation marks a grant: the grant, its parent or its parent's parent is a member.
    pub fn is_marked(&self, id: Uuid) -> Result<bool, StoreError> {
        let statement = Query::select()
            .expr(Expr::val(1_i64))
            .from(GRANTS)
            .and_where(Expr::col((GRANTS, Attribute::ID_COLUMN)).eq(id))
            .and_where(is_open(GRANTS))
            .to_owned();
        Ok(!self.query(&statement)?.is_empty())
    }

    /// Returns those of at most 500 grants that have not ended.
    pub fn list_unended(&self, ids: &[Uuid], now: Timestamp) -> Result<Vec<Uuid>, StoreError> {
        let statement = Query::select()
            .column((GRANTS, Attribute::ID_COLUMN))
            .from(GRANTS)
            .and_where(Expr::col((GRANTS, Attribute::ID_COLUMN)).is_in(ids.iter().copied()))
            .and_where(has_ended(now).not())
            .to_owned();
        self.query_dynamic(&statement)?.into_iter().flatten().map(|cell| Ok(cell.uuid()?)).collect()
    }

    /// Lists at most `limit` counted members whose grants have ended, in the order of their identifiers.
    pub fn list_ended_members(
        &self,
        revocation: Uuid,
        now: Timestamp,
        limit: u64,
    ) -> Result<Vec<Uuid>, StoreError> {
        let mut statement = members(revocation, None, limit);
        statement
            .inner_join(GRANTS, Expr::col((GRANTS, Attribute::ID_COLUMN)).equals((MEMBERS, MEMBER)))
            .and_where(Expr::col((MEMBERS, COUNTED)).eq(1_i64))
            .and_where(has_ended(now));
        self.ids(&statement)
    }

    /// Lists at most `limit` counted members of a revocation after one of them, in the order of their identifiers.
    pub fn list_members(
        &self,
        revocation: Uuid,
        after: Option<Uuid>,
        limit: u64,
    ) -> Result<Vec<Uuid>, StoreError> {
        let mut statement = members(revocation, after, limit);
        statement.and_where(Expr::col((MEMBERS, COUNTED)).eq(1_i64));
        self.ids(&statement)
    }

    /// Lists at most `limit` members after one of them, also those that are not counted.
    pub fn list_all_members(
        &self,
        revocation: Uuid,
        after: Option<Uuid>,
        limit: u64,
    ) -> Result<Vec<Uuid>, StoreError> {
        self.ids(&members(revocation, after, limit))
    }

    /// Lists at most `limit` members whose rows are not revoked.
    pub fn list_unrevoked_members(
        &self,
        revocation: Uuid,
        after: Option<Uuid>,
        limit: u64,
    ) -> Result<Vec<Uuid>, StoreError> {
        let mut statement = members(revocation, after, limit);
        statement
            .inner_join(GRANTS, Expr::col((GRANTS, Attribute::ID_COLUMN)).equals((MEMBERS, MEMBER)))
            .and_where(Expr::col((GRANTS, AccessToken::RevokedTimestamp.0)).is_null());
        self.ids(&statement)
    }

    /// Lists at most `limit` roots of a revocation after one of them: the members that the filter found, or what they belong
    /// to.
    pub fn list_roots(
        &self,
        revocation: Uuid,
        after: Option<Uuid>,
        limit: u64,
    ) -> Result<Vec<Uuid>, StoreError> {
        let mut statement = Query::select();
        statement
            .distinct()
            .column(ROOT)
            .from(MEMBERS)
            .and_where(Expr::col(REVOCATION).eq(revocation))
            .order_by(ROOT, Order::Asc)
            .limit(limit);
        if let Some(after) = after {
            statement.and_where(Expr::col(ROOT).gt(after));
        }
        self.ids(&statement)
    }

    fn ids(&self, statement: &SelectStatement) -> Result<Vec<Uuid>, StoreError> {
        self.query(statement)?.into_iter().flatten().map(|cell| Ok(cell.uuid()?)).collect()
    }

    /// Counts the counted members of a revocation.
    pub fn count_members(&self, revocation: Uuid) -> Result<u64, StoreError> {
        let statement = Query::select()
            .expr(Expr::val(1_i64).count())
            .from(MEMBERS)
            .and_where(Expr::col(REVOCATION).eq(revocation))
            .and_where(Expr::col(COUNTED).eq(1_i64))
            .to_owned();
        let first = self.query(&statement)?.into_iter().flatten().next();
        Ok(u64::try_from(first.map_or(Ok(0), Cell::int)?).unwrap_or(0))
    }
}

impl Tx<'_> {
    /// Adds a root and what depends on it to a revocation. Members that are there already stay.
    pub fn add_members(
        &mut self,
        revocation: Uuid,
        root: Uuid,
        members: &[RevocationMember],
    ) -> Result<(), StoreError> {
        for member in members {
            let mut statement = Query::insert();
            statement.into_table(MEMBERS).columns([MEMBER, REVOCATION, ROOT, COUNTED]);
            let is_counted = i64::from(member.is_counted);
            values(&mut statement, [member.id.into(), revocation.into(), root.into(), is_counted.into()])?;
            statement.on_conflict(OnConflict::columns([MEMBER, REVOCATION]).do_nothing().to_owned());
            self.execute(&statement)?;
        }
        Ok(())
    }

    /// Stops counting a member.
    pub fn uncount_member(&mut self, revocation: Uuid, id: Uuid) -> Result<(), StoreError> {
        let mut statement = Query::update();
        statement
            .table(MEMBERS)
            .value(COUNTED, 0_i64)
            .and_where(Expr::col(MEMBER).eq(id))
            .and_where(Expr::col(REVOCATION).eq(revocation));
        self.execute(&statement).map(drop)
    }

    /// Removes some members of a revocation. Returns how many were there.
    pub fn remove_some_members(&mut self, revocation: Uuid, ids: &[Uuid]) -> Result<u64, StoreError> {
        let mut removed = 0;
        for id in ids {
            let mut statement = Query::delete();
            statement
                .from_table(MEMBERS)
                .and_where(Expr::col(MEMBER).eq(*id))
                .and_where(Expr::col(REVOCATION).eq(revocation));
            removed += self.execute(&statement)?;
        }
        Ok(removed)
    }

    /// Removes a root with what depends on it from a revocation. Returns how many members those were.
    pub fn remove_members(&mut self, revocation: Uuid, root: Uuid) -> Result<u64, StoreError> {
        let mut statement = Query::delete();
        statement
            .from_table(MEMBERS)
            .and_where(Expr::col(REVOCATION).eq(revocation))
            .and_where(Expr::col(ROOT).eq(root));
        self.execute(&statement)
    }
}
