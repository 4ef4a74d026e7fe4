use std::sync::atomic::{AtomicBool, Ordering};

use model::Timestamp;
use store::Tx;
use token::digest;
use token::dpop::Proof;

use crate::Fault;

pub(super) fn used_before() -> Fault {
    Fault::InvalidDpopProof("the DPoP proof was used before".to_owned())
}

/// Returns the entry of a used identifier, and its expiry.
pub(super) fn entry(name: &[&str], expires: i64) -> Result<(String, Timestamp), Fault> {
    Ok((digest::sha256_hex(&serde_json::to_vec(name)?), Timestamp::from_seconds(expires + 1)))
}

/// The DPoP proof of a request without a token. The first transaction of the request consumes it together with its other
/// changes, so a refused request writes nothing.
pub(crate) struct PendingProof {
    hash: String,
    expires: Timestamp,
    is_consumed: AtomicBool,
}

impl PendingProof {
    pub(crate) fn new(proof: &Proof) -> Result<Self, Fault> {
        let (hash, expires) = entry(&["dpop", &proof.thumbprint, &proof.id], proof.expires)?;
        Ok(Self { hash, expires, is_consumed: AtomicBool::new(false) })
    }

    /// Consumes the proof in a transaction, unless an earlier one of the same request did.
    ///
    /// # Errors
    /// [`Fault::InvalidDpopProof`] if another request used it.
    pub(crate) fn consume_in(&self, tx: &mut Tx<'_>) -> Result<(), Fault> {
        if self.is_consumed() || tx.consume_id(&self.hash, self.expires)? {
            Ok(())
        } else {
            Err(used_before())
        }
    }

    /// Records that the transaction that consumed it was committed.
    pub(crate) fn set_consumed(&self) {
        self.is_consumed.store(true, Ordering::Relaxed);
    }

    /// Returns whether a transaction of the request consumed it.
    pub(crate) fn is_consumed(&self) -> bool {
        self.is_consumed.load(Ordering::Relaxed)
    }
}
