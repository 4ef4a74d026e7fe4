use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use model::Timestamp;
use token::dpop::{self, Proof};
use tokio::sync::OnceCell;

use super::pending_proof::used_before;
use crate::Fault;

/// The DPoP proofs of requests with a token, while they could be replayed (RFC 9449, section 11.1). A proof is valid for two
/// minutes, for one request with one token. A request does not wait for a disk.
///
/// Several programs share the proofs in their database. A single program keeps them in memory. After a restart it has lost
/// them, so it refuses proofs that were created before the restart.
pub(crate) struct SeenProofs {
    /// The second of the start, if proofs were used before it.
    pub(super) start: Option<i64>,
    here: Mutex<HashMap<[u8; 32], i64>>,
    /// Set once the registry has the fact that proofs are used.
    pub(super) noted: OnceCell<()>,
}

/// The fact that proofs are used: after the next start, earlier proofs are refused.
pub(crate) const SHOWN_FACT: &str = "proofs_shown";

/// Maximum number of proofs in memory: more than the requests within two minutes.
const REMEMBERED: usize = 500_000;

impl SeenProofs {
    /// Creates the state at a start. `were_shown` is whether proofs were used before.
    pub(crate) fn new(now: Timestamp, were_shown: bool) -> Self {
        Self {
            start: were_shown.then_some(now.seconds()),
            here: Mutex::default(),
            noted: OnceCell::new_with(were_shown.then_some(())),
        }
    }

    /// Returns from which time on proofs are accepted: the second after the start.
    pub(crate) fn taken_from(&self) -> Option<Timestamp> {
        self.start.map(|start| Timestamp::from_seconds(start + 1))
    }

    /// Returns whether a proof has a time in the future, so that its time does not show on which side of a restart it was used.
    /// Such a proof is stored in the registry.
    pub(super) fn may_outlive_a_restart(&self, proof: &Proof, now: Timestamp) -> bool {
        let after_start = |start: i64| proof.issued() <= start + dpop::MAX_AHEAD;
        proof.issued() > now.seconds() || self.start.is_some_and(after_start)
    }

    pub(super) fn remember(&self, hash: [u8; 32], expires: i64, now: Timestamp) -> Result<(), Fault> {
        let mut seen = self.here.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= REMEMBERED {
            seen.retain(|_, expires| *expires >= now.seconds());
            if seen.len() >= REMEMBERED {
                return Err(Fault::Unavailable("too many proofs within two minutes".to_owned()));
            }
        }
        seen.insert(hash, expires).map_or(Ok(()), |_| Err(used_before()))
    }

    /// Removes expired proofs.
    pub(crate) async fn forget_before(&self, store: &store::Store, now: Timestamp) -> Result<(), Fault> {
        if let Some(shared) = store.shared_proofs() {
            return Ok(shared.remove_expired_proofs(now).await?);
        }
        let mut seen = self.here.lock().unwrap_or_else(PoisonError::into_inner);
        seen.retain(|_, expires| *expires >= now.seconds());
        Ok(())
    }
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

    /// Each proof that was accepted before a restart is refused after it, or found in the registry.
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
