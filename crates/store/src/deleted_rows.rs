//! Deleted rows, for clients that follow changes.

use model::query::Actor;
use model::{Entity, Record, Timestamp, Uuid};
use sea_query::{Expr, ExprTrait, Order, Query};

use crate::sql::values;
use crate::{Read, StoreError, Tx};

pub(crate) const DELETED: &str = "grantor_deleted_rows";

/// A deleted row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeletedRow {
    /// Its identifier.
    pub id: Uuid,
    /// The user who could see it besides administrators.
    pub owner: Option<Uuid>,
}

impl Read<'_> {
    /// Lists at most `limit` rows of an entity that were deleted after a time and that the caller could see.
    pub fn list_deleted(
        &self,
        entity: &'static Entity,
        since: Timestamp,
        actor: Actor,
        limit: u64,
    ) -> Result<Vec<Uuid>, StoreError> {
        let mut statement = Query::select();
        statement
            .column("id")
            .from(DELETED)
            .and_where(Expr::col("of_table").eq(entity.table))
            .and_where(Expr::col("deleted_at").gt(since.micros()))
            .order_by("deleted_at", Order::Asc)
            .limit(limit);
        if !actor.sees_all {
            let Some(user) = actor.user else { return Ok(Vec::new()) };
            statement.and_where(Expr::col("owner_id").eq(user));
        }
        self.query_dynamic(&statement)?.into_iter().flatten().map(|cell| Ok(cell.uuid()?)).collect()
    }
}

impl Tx<'_> {
    /// Records that rows of an entity were deleted. The records expire at `until`.
    pub fn note_deleted<R: Record>(
        &mut self,
        rows: &[DeletedRow],
        now: Timestamp,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        if rows.is_empty() {
            return Ok(());
        }
        let mut statement = Query::insert();
        statement.into_table(DELETED).columns(["id", "of_table", "owner_id", "deleted_at", "expires_at"]);
        for row in rows {
            let row: [Expr; 5] = [
                row.id.into(),
                R::entity().table.into(),
                row.owner.into(),
                now.micros().into(),
                until.micros().into(),
            ];
            values(&mut statement, row)?;
        }
        self.execute(&statement).map(drop)
    }
}
