use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use model::{Timestamp, Uuid};
use store::SessionRow;

/// Collects the last uses of sessions. No request waits for their write; each session is written once a minute at most.
#[derive(Default)]
pub(crate) struct LastSeen(Mutex<HashMap<Uuid, Timestamp>>);

/// Maximum age of the written use of a session, in seconds; less for a short idle timeout.
const PRECISION: i64 = 60;

impl LastSeen {
    /// Records a use, unless one within the last minute is written.
    pub(crate) fn note(&self, session: &SessionRow, now: Timestamp, idle_timeout: i64) {
        if session.last_seen_at.plus_seconds(PRECISION.min(idle_timeout / 4)) <= now {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(session.id, now);
        }
    }

    /// Takes the collected uses.
    pub(crate) fn take(&self) -> Vec<(Uuid, Timestamp)> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_iter().collect()
    }
}
