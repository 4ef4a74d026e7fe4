//! What works once: proofs of keys, and the identifiers of assertions and of signed requests.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use model::Timestamp;
use store::Tx;
use token::digest;
use token::dpop::{self, Proof};
use tokio::sync::OnceCell;

use crate::{Ctx, Fault};

fn used_before() -> Fault {
    Fault::InvalidDpopProof("the DPoP proof was used before".to_owned())
}

/// Uses up at once, in the registry, what may be used once: of several requests that show it, one succeeds.
pub(crate) async fn use_once(ctx: &Ctx, name: &[&str], expires: i64) -> Result<bool, Fault> {
    let (hash, expires) = entry(name, expires)?;
    ctx.transaction(move |_, tx| Ok(tx.consume_id(&hash, expires)?)).await
}

/// How the registry notes what was used, and until when.
fn entry(name: &[&str], expires: i64) -> Result<(String, Timestamp), Fault> {
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

/// The proofs that requests with a token showed, while they could be shown again (RFC 9449, section 11.1). A proof is good for two
/// minutes, for one request with one token, and a request does not wait for a disk.
///
/// Several programs on one database share them there. A program that is alone has them in memory, and so knows none from before its start:
/// it takes no proof that was made before.
pub(crate) struct SeenProofs {
    /// The second of the start, where proofs were shown before it.
    start: Option<i64>,
    here: Mutex<HashMap<[u8; 32], i64>>,
    /// Whether the registry knows that proofs are shown.
    noted: OnceCell<()>,
}

/// That proofs were shown at an interface, ever: the next start has to look at when proofs were made.
pub(crate) const SHOWN_FACT: &str = "proofs_shown";

/// How many proofs are remembered; more within two minutes than this program answers.
const REMEMBERED: usize = 500_000;

impl SeenProofs {
    /// At a start. `were_shown` is whether proofs were shown to a program before this one that had them in memory.
    pub(crate) fn new(now: Timestamp, were_shown: bool) -> Self {
        Self {
            start: were_shown.then_some(now.seconds()),
            here: Mutex::default(),
            noted: OnceCell::new_with(were_shown.then_some(())),
        }
    }

    /// From when on clients make proofs that are taken: the next second after a start.
    pub(crate) fn taken_from(&self) -> Option<Timestamp> {
        self.start.map(|start| Timestamp::from_seconds(start + 1))
    }

    /// Uses a proof up.
    ///
    /// # Errors
    /// [`Fault::InvalidDpopProof`] where it was used before, or could have been.
    pub(crate) async fn take(&self, ctx: &Ctx, proof: &Proof) -> Result<(), Fault> {
        let hash = digest::sha256(format!("{} {}", proof.thumbprint, proof.id).as_bytes());
        if let Some(shared) = ctx.store().shared_proofs() {
            let expires = Timestamp::from_seconds(proof.expires + 1);
            return if shared.insert_proof(hash, expires).await? { Ok(()) } else { Err(used_before()) };
        }
        if self.start.is_some_and(|start| proof.issued() <= start) {
            let message = "the DPoP proof was made before the server started; make another";
            return Err(Fault::InvalidDpopProof(message.to_owned()));
        }
        self.noted.get_or_try_init(|| note_shown(ctx)).await?;
        self.remember(hash, proof.expires, ctx.now)?;
        if self.may_outlive_a_restart(proof, ctx.now)
            && !use_once(ctx, &["api proof", &proof.thumbprint, &proof.id], proof.expires).await?
        {
            return Err(used_before());
        }
        Ok(())
    }

    /// Whether a proof names a time after that of its use, so that its time does not tell on which side of a restart it was used.
    /// Such a proof is noted in the registry, and looked for there.
    fn may_outlive_a_restart(&self, proof: &Proof, now: Timestamp) -> bool {
        let after_start = |start: i64| proof.issued() <= start + dpop::MAX_AHEAD;
        proof.issued() > now.seconds() || self.start.is_some_and(after_start)
    }

    fn remember(&self, hash: [u8; 32], expires: i64, now: Timestamp) -> Result<(), Fault> {
        let mut seen = self.here.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= REMEMBERED {
            seen.retain(|_, expires| *expires >= now.seconds());
            if seen.len() >= REMEMBERED {
                return Err(Fault::Unavailable("too many proofs within two minutes".to_owned()));
            }
        }
        seen.insert(hash, expires).map_or(Ok(()), |_| Err(used_before()))
    }

    /// Forgets what no longer counts.
    pub(crate) async fn forget_before(&self, store: &store::Store, now: Timestamp) -> Result<(), Fault> {
        if let Some(shared) = store.shared_proofs() {
            return Ok(shared.remove_expired_proofs(now).await?);
        }
        let mut seen = self.here.lock().unwrap_or_else(PoisonError::into_inner);
        seen.retain(|_, expires| *expires >= now.seconds());
        Ok(())
    }
}

/// Notes in the registry, before the first proof is taken, that proofs are shown.
async fn note_shown(ctx: &Ctx) -> Result<(), Fault> {
    ctx.transaction(|_, tx| Ok(tx.add_fact(SHOWN_FACT, "yes").map(|_| ())?)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proof(issued: i64) -> Proof {
        Proof { thumbprint: "t".to_owned(), id: "i".to_owned(), nonce: None, expires: issued + dpop::MAX_AGE }
    }

    #[test]
    fn a_proof_is_remembered_while_it_is_good() {
        let at = Timestamp::from_seconds;
        let seen = SeenProofs::new(at(0), false);
        assert!(seen.remember([1; 32], 100, at(0)).is_ok() && seen.remember([2; 32], 100, at(0)).is_ok());
        assert!(matches!(seen.remember([1; 32], 100, at(100)), Err(Fault::InvalidDpopProof(_))));
    }

    /// Each proof that was taken before a restart is refused after it, or is looked for where it was noted.
    #[test]
    fn no_proof_is_taken_on_both_sides_of_a_restart() {
        let at = Timestamp::from_seconds;
        let before = SeenProofs::new(at(0), false);
        for restart in 1000..1010 {
            let after = SeenProofs::new(at(restart), true);
            for used in restart - dpop::MAX_AGE..=restart {
                for issued in used - dpop::MAX_AGE..=used + dpop::MAX_AHEAD {
                    let refused = issued <= restart;
                    let noted = before.may_outlive_a_restart(&proof(issued), at(used));
                    let looked_for = |now| after.may_outlive_a_restart(&proof(issued), at(now));
                    let is_found = (restart..issued + dpop::MAX_AGE).all(|now| noted && looked_for(now));
                    assert!(refused || is_found, "issued {issued}, used {used}, restart {restart}");
                }
            }
            assert_eq!(after.taken_from(), Some(at(restart + 1)));
        }
        assert!(!before.may_outlive_a_restart(&proof(500), at(500)), "usually nothing is written");
        assert_eq!(before.taken_from(), None);
    }
}
