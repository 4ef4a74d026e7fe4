use std::sync::atomic::{AtomicBool, Ordering};

use model::Timestamp;
use store::Tx;
use token::digest;
use token::dpop::Proof;

use crate::Fault;

pub(super) fn used_before() -> Fault {
    Fault::InvalidDpopProof("the DPoP proof was used before".to_owned())
}

/// How the registry notes what was used, and until when.
pub(super) fn entry(name: &[&str], expires: i64) -> Result<(String, Timestamp), Fault> {
    Ok((digest::sha256_hex(&serde_json::to_vec(name)?), Timestamp::from_seconds(expires + 1)))
}

/// The proof of a key that a request without a token shows. It is used up by the first transaction of the request, together with
/// what that changes: a request that is refused writes nothing.
pub(crate) struct PendingProof {
    hash: String,
    expires: Timestamp,
    is_used: AtomicBool,
}

impl PendingProof {
    pub(crate) fn new(proof: &Proof) -> Result<Self, Fault> {
        let (hash, expires) = entry(&["dpop", &proof.thumbprint, &proof.id], proof.expires)?;
        Ok(Self { hash, expires, is_used: AtomicBool::new(false) })
    }

    /// Uses the proof up in a transaction, unless an earlier one of the same request did.
    ///
    /// # Errors
    /// [`Fault::InvalidDpopProof`] where another request used it.
    pub(crate) fn use_in(&self, tx: &mut Tx<'_>) -> Result<(), Fault> {
        if self.is_used() || tx.consume_id(&self.hash, self.expires)? { Ok(()) } else { Err(used_before()) }
    }

    /// Notes that a transaction was committed that used it up.
    pub(crate) fn was_used(&self) {
        self.is_used.store(true, Ordering::Relaxed);
    }

    /// Whether a transaction of the request used it up.
    pub(crate) fn is_used(&self) -> bool {
        self.is_used.load(Ordering::Relaxed)
    }
}
