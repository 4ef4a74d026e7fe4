//! Removal of expired or revoked grants and of old audit events, in batches.

use model::entities::{AccessToken, AuditEvent, GrantKind};
use model::{Attribute, Column, Record, Timestamp, Uuid};
use sea_query::{Expr, ExprTrait, NullOrdering, Order, Query, SelectStatement};

use crate::cell::Cell;
use crate::{DeletedRow, Read, StoreError, Tx};

/// The columns by which ended grants are found. Each has an index.
pub const END_COLUMNS: [Column; 2] = [AccessToken::ExpireTimestamp, AccessToken::RevokedTimestamp];

/// An ended grant: its position in the index.
pub type EndedGrant = (Timestamp, Uuid);

const GRANTS: &str = "Sec_Access_Tokens";

/// Selects the grants whose `end` is before a time, in the order of its index, after a position.
fn ended(end: Column, before: Timestamp, after: Option<EndedGrant>, limit: u64) -> SelectStatement {
    let mut statement = Query::select();
    let end = end.0;
    statement.columns([end, Attribute::ID_COLUMN]).from(GRANTS).and_where(Expr::col(end).lt(before.micros()));
    if let Some((time, id)) = after {
        let same = Expr::col(end).eq(time.micros()).and(Expr::col(Attribute::ID_COLUMN).lte(id));
        statement.and_where(Expr::col(end).gte(time.micros())).and_where(same.not());
    }
    statement
        .order_by_with_nulls(end, Order::Asc, NullOrdering::First)
        .order_by(Attribute::ID_COLUMN, Order::Asc)
        .limit(limit)
        .to_owned()
}

/// Deletes at most `limit` events older than a time, oldest first.
fn old_events(before: Timestamp, limit: u64) -> sea_query::DeleteStatement {
    let (table, time) = (AuditEvent::entity().table, AuditEvent::TimeUtc.0);
    let mut some = Query::select();
    some.column(Attribute::ID_COLUMN).from(table).and_where(Expr::col(time).lt(before.micros()));
    some.order_by_with_nulls(time, Order::Asc, NullOrdering::First)
        .order_by(Attribute::ID_COLUMN, Order::Asc);
    some.limit(limit);
    Query::delete().from_table(table).and_where(Expr::col(Attribute::ID_COLUMN).in_subquery(some)).to_owned()
}

impl Read<'_> {
    /// Lists at most `limit` grants whose `end` is before a time, after a position.
    pub fn list_ended(
        &self,
        end: Column,
        before: Timestamp,
        after: Option<EndedGrant>,
        limit: u64,
    ) -> Result<Vec<EndedGrant>, StoreError> {
        let rows = self.query(&ended(end, before, after, limit))?;
        let place = |row: Vec<Cell>| {
            let mut cells = row.into_iter();
            let mut next = || cells.next().unwrap_or(Cell::Null);
            Ok((next().time()?, next().uuid()?))
        };
        rows.into_iter().map(place).collect()
    }
}

/// Deletes the given grants that have no children.
fn removal(ids: &[Uuid]) -> sea_query::DeleteStatement {
    let children = Query::select()
        .expr(Expr::val(1_i64))
        .from_as(GRANTS, "children")
        .and_where(Expr::col(("children", AccessToken::Parent.0)).equals((GRANTS, Attribute::ID_COLUMN)))
        .to_owned();
    Query::delete()
        .from_table(GRANTS)
        .and_where(Expr::col((GRANTS, Attribute::ID_COLUMN)).is_in(ids.iter().copied()))
        .and_where(Expr::exists(children).not())
        .returning(Query::returning().columns([
            Attribute::ID_COLUMN,
            AccessToken::AccessTokenKey.0,
            AccessToken::Parent.0,
            AccessToken::Kind.0,
            AccessToken::ConsumedTimestamp.0,
            AccessToken::RevokedTimestamp.0,
            AccessToken::User.0,
        ]))
        .to_owned()
}

/// A removed grant and, if it was a consumed refresh token, its key and family.
struct Removed {
    row: DeletedRow,
    used: Option<(String, Uuid)>,
}

fn removed(row: Vec<Cell>) -> Result<Removed, StoreError> {
    let mut cells = row.into_iter();
    let mut next = || cells.next().unwrap_or(Cell::Null);
    let (id, key, parent, kind) = (next().uuid()?, next().text()?, next(), next().text()?);
    let (is_consumed, is_revoked) = (next() != Cell::Null, next() != Cell::Null);
    let owner = match next() {
        Cell::Null => None,
        owner => Some(owner.uuid()?),
    };
    let is_used = kind == GrantKind::RefreshToken.code() && is_consumed && !is_revoked;
    let used = match parent {
        Cell::Null => None,
        family => is_used.then(|| Ok::<_, StoreError>((key, family.uuid()?))).transpose()?,
    };
    Ok(Removed { row: DeletedRow { id, owner }, used })
}

impl Tx<'_> {
    /// Removes the given grants that have no children, with their dependent rows. The keys of consumed
    /// refresh tokens are kept. Returns the removed grants.
    pub fn remove_grants(&mut self, ids: &[Uuid]) -> Result<Vec<DeletedRow>, StoreError> {
        let rows = self.query_dynamic(&removal(ids))?;
        let rows = rows.into_iter().map(removed).collect::<Result<Vec<_>, _>>()?;
        for grant in &rows {
            self.mark_changed(AccessToken::entity().table, grant.row.id);
        }
        let removed = rows.iter().map(|grant| grant.row).collect();
        let used: Vec<_> = rows.into_iter().filter_map(|grant| grant.used).collect();
        self.keep_used_refresh_tokens(&used)?;
        Ok(removed)
    }

    /// Removes at most `limit` events older than a time. Returns their number.
    pub fn remove_events(&mut self, before: Timestamp, limit: u64) -> Result<u64, StoreError> {
        self.execute(&old_events(before, limit))
    }
}
