use model::Timestamp;

use super::postgres::Postgres;
use crate::StoreError;
use crate::proofs::BATCH_SIZE;

/// The replay cache of DPoP proofs that the programs on one PostgreSQL database share. It survives restarts
/// of the programs, but not a crash of the database server.
pub struct SharedProofs<'a>(pub(super) &'a Postgres);

impl SharedProofs<'_> {
    /// Records a DPoP proof by its hash until it expires. Returns whether it was not recorded before. If
    /// called concurrently, exactly one call returns true. Does not wait for the disk.
    pub async fn insert_proof(&self, hash: [u8; 32], expires_at: Timestamp) -> Result<bool, StoreError> {
        self.0.write_unflushed(move |tx| tx.insert_proof(&hash, expires_at)).await
    }

    /// Removes the proofs that expired before a time.
    pub async fn remove_expired_proofs(&self, before: Timestamp) -> Result<(), StoreError> {
        while self.0.write_unflushed(move |tx| tx.remove_expired_proofs(before)).await? == BATCH_SIZE {}
        Ok(())
    }
}
