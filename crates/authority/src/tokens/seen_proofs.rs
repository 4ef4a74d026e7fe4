use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use model::Timestamp;
use token::dpop::{self, Proof};
use tokio::sync::OnceCell;

use super::pending_proof::used_before;
use crate::Fault;

/// The proofs that requests with a token showed, while they could be shown again (RFC 9449, section 11.1). A proof is good for two
/// minutes, for one request with one token, and a request does not wait for a disk.
///
/// Several programs on one database share them there. A program that is alone has them in memory, and so knows none from before its start:
/// it takes no proof that was made before.
pub(crate) struct SeenProofs {
    /// The second of the start, where proofs were shown before it.
    pub(super) start: Option<i64>,
    here: Mutex<HashMap<[u8; 32], i64>>,
    /// Whether the registry knows that proofs are shown.
    pub(super) noted: OnceCell<()>,
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

    /// Whether a proof names a time after that of its use, so that its time does not tell on which side of a restart it was used.
    /// Such a proof is noted in the registry, and looked for there.
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
