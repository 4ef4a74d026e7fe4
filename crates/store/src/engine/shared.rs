use model::Timestamp;

use super::postgres::Postgres;
use crate::StoreError;
use crate::proofs::AT_ONCE;

/// The replay cache of DPoP proofs that the programs on one PostgreSQL database share. It survives restarts
/// of the programs, but not a crash of the database server.
pub struct SharedMemory<'a>(pub(super) &'a Postgres);

impl SharedMemory<'_> {
    /// Records a DPoP proof by its hash until it expires. Returns whether it was not recorded before. If
    /// called concurrently, exactly one call returns true. Does not wait for the disk.
    pub async fn note_proof(&self, hash: [u8; 32], expires_at: Timestamp) -> Result<bool, StoreError> {
        self.0.write_unflushed(move |tx| tx.note_proof(&hash, expires_at)).await
    }

    /// Removes the proofs that expired before a time.
    pub async fn forget_proofs(&self, before: Timestamp) -> Result<(), StoreError> {
        while self.0.write_unflushed(move |tx| tx.forget_proofs(before)).await? == AT_ONCE {}
        Ok(())
    }
}
