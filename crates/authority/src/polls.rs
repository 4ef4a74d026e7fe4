//! The polls of pending requests, in memory.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use model::{Timestamp, Uuid};

/// The polls of devices, and their intervals.
pub struct DevicePolls(Mutex<HashMap<Uuid, Poll>>);

struct Poll {
    last: Timestamp,
    interval: i64,
}

/// By how much each early poll increases the interval (RFC 8628, section 3.5), in seconds.
const SLOW_DOWN: i64 = 5;
/// Longer than the lifetime of any code, in seconds.
const REMEMBERED: i64 = 3600;

impl DevicePolls {
    pub(crate) fn new() -> Self {
        Self(Mutex::default())
    }

    /// Records a poll. Returns whether the interval was respected.
    pub fn note(&self, id: Uuid, now: Timestamp, interval: i64) -> bool {
        let mut polls = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(poll) = polls.get_mut(&id) else {
            polls.insert(id, Poll { last: now, interval });
            return true;
        };
        // Clocks and networks are not exact: half a second is tolerated.
        let waited = now.millis() - poll.last.millis();
        let in_time = waited + 500 >= poll.interval * 1000;
        poll.last = now;
        if !in_time {
            poll.interval += SLOW_DOWN;
        }
        in_time
    }

    /// Forgets a request.
    pub fn forget(&self, id: Uuid) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
    }

    /// Removes the entries of expired codes.
    pub(crate) fn forget_before(&self, now: Timestamp) {
        let oldest = now.plus_seconds(-REMEMBERED);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|_, poll| poll.last > oldest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_that_asks_too_often_waits_longer() {
        let polls = DevicePolls::new();
        let ask = |seconds| polls.note(Uuid::nil(), Timestamp::from_seconds(seconds), 5);
        assert!(ask(0));
        assert!(ask(5));
        assert!(!ask(6), "too early: the interval is ten seconds from now on");
        assert!(!ask(14));
        assert!(ask(29), "fifteen by now");
        polls.forget_before(Timestamp::from_seconds(29 + REMEMBERED));
        assert!(ask(30), "forgotten");
    }
}
