//! Removing grants that ended long ago, and old events, a few at a time.

use model::entities::{AccessToken, AuditEvent, GrantKind};
use model::{Attribute, Column, Record, Timestamp, Uuid};
use sea_query::{Expr, ExprTrait, NullOrdering, Order, Query, SelectStatement};

use crate::cell::Cell;
use crate::{Read, StoreError, Tx};

/// The ends of grants by which those are found that ended: each has an index of its own.
pub const ENDS: [Column; 2] = [AccessToken::ExpireTimestamp, AccessToken::RevokedTimestamp];

/// A grant that ended, at its place in the index.
pub type Ended = (Timestamp, Uuid);

const GRANTS: &str = "Sec_Access_Tokens";

/// The grants that ended by `end` before a moment, in the order of its index, behind a place in it.
fn ended(end: Column, before: Timestamp, after: Option<Ended>, limit: u64) -> SelectStatement {
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

/// Some of the events that are older than a moment, the oldest first.
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
    /// How the engine would find old events and remove them, line by line, for tests that hold it against the indexes.
    #[doc(hidden)]
    pub fn explain_event_purge(&self, before: Timestamp) -> Result<Vec<String>, StoreError> {
        let rows = self.explained(&old_events(before, 100))?;
        rows.into_iter().map(|row| Ok(row.into_iter().next_back().unwrap_or(Cell::Null).text()?)).collect()
    }

    /// Lists grants that ended by `end` before a moment, behind a place, `limit` at the most.
    pub fn list_ended(
        &self,
        end: Column,
        before: Timestamp,
        after: Option<Ended>,
        limit: u64,
    ) -> Result<Vec<Ended>, StoreError> {
        let rows = self.query(&ended(end, before, after, limit))?;
        let place = |row: Vec<Cell>| {
            let mut cells = row.into_iter();
            let mut next = || cells.next().unwrap_or(Cell::Null);
            Ok((next().time()?, next().uuid()?))
        };
        rows.into_iter().map(place).collect()
    }

    /// How the engine would find them and remove them, line by line, for tests that hold it against the indexes.
    #[doc(hidden)]
    pub fn explain_purge(
        &self,
        end: Column,
        before: Timestamp,
        after: Ended,
    ) -> Result<Vec<String>, StoreError> {
        let mut rows = self.explained(&ended(end, before, Some(after), 100))?;
        rows.extend(self.explained(&removal(&[after.1]))?);
        rows.into_iter().map(|row| Ok(row.into_iter().next_back().unwrap_or(Cell::Null).text()?)).collect()
    }
}

/// Those of some grants that nothing came from that is still there.
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
        ]))
        .to_owned()
}

/// A grant that was removed, and its key and family where it was a refresh token that was used up.
struct Removed {
    id: Uuid,
    used: Option<(String, Uuid)>,
}

fn removed(row: Vec<Cell>) -> Result<Removed, StoreError> {
    let mut cells = row.into_iter();
    let mut next = || cells.next().unwrap_or(Cell::Null);
    let (id, key, parent, kind) = (next().uuid()?, next().text()?, next(), next().text()?);
    let (is_consumed, is_revoked) = (next() != Cell::Null, next() != Cell::Null);
    let is_used = kind == GrantKind::RefreshToken.code() && is_consumed && !is_revoked;
    let used = match parent {
        Cell::Null => None,
        family => is_used.then(|| Ok::<_, StoreError>((key, family.uuid()?))).transpose()?,
    };
    Ok(Removed { id, used })
}

impl Tx<'_> {
    /// Removes those of some grants that have no child, with the rows that depend on them. The keys of refresh tokens
    /// that were used up are kept. Returns how many were removed.
    pub fn remove_grants(&mut self, ids: &[Uuid]) -> Result<u64, StoreError> {
        let rows = self.query_dynamic(&removal(ids))?;
        let rows = rows.into_iter().map(removed).collect::<Result<Vec<_>, _>>()?;
        for grant in &rows {
            self.touch(AccessToken::entity().table, grant.id);
        }
        let count = rows.len() as u64;
        let used: Vec<_> = rows.into_iter().filter_map(|grant| grant.used).collect();
        self.keep_used_refresh_tokens(&used)?;
        Ok(count)
    }

    /// Removes events that are older than a moment, `limit` at the most. Gives how many.
    pub fn remove_events(&mut self, before: Timestamp, limit: u64) -> Result<u64, StoreError> {
        self.execute(&old_events(before, limit))
    }

    /// States a fact anew, whatever it said.
    pub fn set_fact(&mut self, name: &str, value: &str) -> Result<(), StoreError> {
        let mut statement = Query::update();
        statement.table("grantor_facts").value("value", value).and_where(Expr::col("name").eq(name));
        if self.execute(&statement)? == 0 {
            self.add_fact(name, value)?;
        }
        Ok(())
    }
}
