//! The proofs of keys that requests with a token showed, where several programs have to know of them.

use model::Timestamp;
use sea_query::{Expr, ExprTrait, OnConflict, Order, Query};

use crate::internal::values;
use crate::{StoreError, Tx};

const SEEN: &str = "grantor_seen_proofs";
/// How many are removed in one transaction.
pub(crate) const AT_ONCE: u64 = 10_000;

impl Tx<'_> {
    /// Notes a proof. Gives whether it was not noted before.
    pub(crate) fn note_proof(&mut self, hash: &[u8; 32], expires_at: Timestamp) -> Result<bool, StoreError> {
        let mut statement = Query::insert();
        statement.into_table(SEEN).columns(["key_hash", "expires_at"]);
        values(&mut statement, [hash.to_vec().into(), expires_at.micros().into()])?;
        statement.on_conflict(OnConflict::column("key_hash").do_nothing().to_owned());
        Ok(self.execute(&statement)? == 1)
    }

    /// Forgets some of the proofs that expired before a time; gives how many.
    pub(crate) fn forget_proofs(&mut self, before: Timestamp) -> Result<u64, StoreError> {
        let mut some = Query::select();
        some.column("key_hash").from(SEEN).and_where(Expr::col("expires_at").lt(before.micros()));
        some.order_by("expires_at", Order::Asc).limit(AT_ONCE);
        let mut statement = Query::delete();
        statement.from_table(SEEN).and_where(Expr::col("key_hash").in_subquery(some));
        self.execute(&statement)
    }
}
