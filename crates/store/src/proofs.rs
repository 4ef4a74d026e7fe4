//! DPoP proofs that several programs have recorded to prevent replay.

use model::Timestamp;
use sea_query::{Expr, ExprTrait, OnConflict, Order, Query};

use crate::sql::values;
use crate::{StoreError, Tx};

const SEEN: &str = "grantor_seen_proofs";
/// Number of rows that one transaction removes.
pub(crate) const BATCH_SIZE: u64 = 10_000;

impl Tx<'_> {
    /// Records a proof. Returns whether it was not recorded before.
    pub(crate) fn insert_proof(
        &mut self,
        hash: &[u8; 32],
        expires_at: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut statement = Query::insert();
        statement.into_table(SEEN).columns(["key_hash", "expires_at"]);
        values(&mut statement, [hash.to_vec().into(), expires_at.micros().into()])?;
        statement.on_conflict(OnConflict::column("key_hash").do_nothing().to_owned());
        Ok(self.execute(&statement)? == 1)
    }

    /// Removes some proofs that expired before a time. Returns their number.
    pub(crate) fn remove_expired_proofs(&mut self, before: Timestamp) -> Result<u64, StoreError> {
        let mut some = Query::select();
        some.column("key_hash").from(SEEN).and_where(Expr::col("expires_at").lt(before.micros()));
        some.order_by("expires_at", Order::Asc).limit(BATCH_SIZE);
        let mut statement = Query::delete();
        statement.from_table(SEEN).and_where(Expr::col("key_hash").in_subquery(some));
        self.execute(&statement)
    }
}
