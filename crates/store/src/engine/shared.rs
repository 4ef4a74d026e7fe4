use model::Timestamp;

use super::postgres::Postgres;
use crate::StoreError;
use crate::proofs::AT_ONCE;

/// What the programs on one PostgreSQL database remember together. It survives their ends, and not that of the database server.
pub struct SharedMemory<'a>(pub(super) &'a Postgres);

impl SharedMemory<'_> {
    /// Notes the proof of a key by its hash, until it expires. Gives whether it was not noted before: of several calls, one is
    /// told so. Does not wait for the disk.
    pub async fn note_proof(&self, hash: [u8; 32], expires_at: Timestamp) -> Result<bool, StoreError> {
        self.0.write_unflushed(move |tx| tx.note_proof(&hash, expires_at)).await
    }

    /// Forgets the proofs that expired before a time.
    pub async fn forget_proofs(&self, before: Timestamp) -> Result<(), StoreError> {
        while self.0.write_unflushed(move |tx| tx.forget_proofs(before)).await? == AT_ONCE {}
        Ok(())
    }
}
