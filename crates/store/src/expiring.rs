//! Internal tables whose rows expire, and consumed one-time identifiers.

use model::Timestamp;
use sea_query::{DeleteStatement, Expr, ExprTrait, OnConflict, Order, Query};

use crate::attempts::ATTEMPTS;
use crate::deleted_rows::DELETED;
use crate::families::ANSWERS;
use crate::requests::PUSHED;
use crate::sql::values;
use crate::user_codes::CODES;
use crate::{Outbox, StoreError, Tx};

const USED_IDS: &str = "grantor_used_ids";

/// Tables of expiring rows, with their key columns.
const TRANSIENT: [(&str, &str); 7] = [
    (CODES, "code_hash"),
    (PUSHED, "secret_hash"),
    (ANSWERS, "access_token_id"),
    (USED_IDS, "key_hash"),
    (ATTEMPTS, "counter"),
    (DELETED, "id"),
    (Outbox::Logouts.table(), "id"),
];

impl Tx<'_> {
    /// Removes expired rows of internal tables: user codes, pushed requests, refresh responses, consumed
    /// identifiers, attempt counters, and undelivered back-channel logouts, at most `limit` of each.
    /// Returns the largest number removed from one table.
    pub fn remove_expired_rows(&mut self, before: Timestamp, limit: u64) -> Result<u64, StoreError> {
        let mut most = 0;
        for (table, key) in TRANSIENT {
            most = Ord::max(most, self.execute(&ended(table, key, before, limit))?);
        }
        Ok(most)
    }

    /// Consumes a one-time identifier. Returns whether it was unused. If called concurrently, exactly one
    /// call returns true.
    pub fn consume_id(&mut self, key_hash: &str, expires_at: Timestamp) -> Result<bool, StoreError> {
        let mut statement = Query::insert();
        statement.into_table(USED_IDS).columns(["key_hash", "expires_at"]);
        values(&mut statement, [key_hash.into(), expires_at.micros().into()])?;
        statement.on_conflict(OnConflict::column("key_hash").do_nothing().to_owned());
        Ok(self.execute(&statement)? == 1)
    }
}

/// Deletes at most `limit` rows that expired before a time.
fn ended(table: &'static str, key: &'static str, before: Timestamp, limit: u64) -> DeleteStatement {
    let mut some = Query::select();
    some.column(key).from(table).and_where(Expr::col("expires_at").lt(before.micros()));
    some.order_by("expires_at", Order::Asc).limit(limit);
    Query::delete().from_table(table).and_where(Expr::col(key).in_subquery(some)).to_owned()
}
