use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use model::{Timestamp, Uuid};
use store::SessionRow;

/// Gathers when sessions are used, so that no request waits for a write: each is written once a minute at most.
#[derive(Default)]
pub(crate) struct LastSeen(Mutex<HashMap<Uuid, Timestamp>>);

/// How exactly it is known when a session was last used, in seconds; a short time-out makes it more exact.
const PRECISION: i64 = 60;

impl LastSeen {
    /// Notes a use, unless the session is known to have been used in the last minute.
    pub(crate) fn note(&self, session: &SessionRow, now: Timestamp, idle_timeout: i64) {
        if session.last_seen_at.plus_seconds(PRECISION.min(idle_timeout / 4)) <= now {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(session.id, now);
        }
    }

    /// Takes what was gathered since the last time.
    pub(crate) fn take(&self) -> Vec<(Uuid, Timestamp)> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_iter().collect()
    }
}
