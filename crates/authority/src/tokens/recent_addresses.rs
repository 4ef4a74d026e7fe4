use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use model::{Timestamp, Uuid};

/// The addresses of tokens that were recorded within the last hour, so that most uses of a token cost no statement.
#[derive(Default)]
pub(crate) struct RecentAddresses(Mutex<HashMap<(Uuid, IpAddr), Timestamp>>);

/// How long a recorded address is not recorded again, in seconds.
const PAUSE: i64 = 3600;
/// Maximum number of remembered addresses. All are forgotten when it is reached.
const MOST: usize = 100_000;

impl RecentAddresses {
    /// Returns whether a use has to be recorded, and remembers it.
    pub(crate) fn is_due(&self, id: Uuid, address: IpAddr, now: Timestamp) -> bool {
        let mut recent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if recent.get(&(id, address)).is_some_and(|time| now < time.plus_seconds(PAUSE)) {
            return false;
        }
        if recent.len() >= MOST {
            recent.clear();
        }
        recent.insert((id, address), now);
        true
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    #[test]
    fn an_address_is_recorded_once_an_hour() {
        let recent = RecentAddresses::default();
        let (id, here) = (Uuid::from_u128(1), IpAddr::V4(Ipv4Addr::LOCALHOST));
        let due = |id, seconds| recent.is_due(id, here, Timestamp::from_seconds(seconds));
        assert!(due(id, 0) && due(Uuid::from_u128(2), 0));
        assert!(!due(id, PAUSE - 1));
        assert!(due(id, PAUSE) && !due(id, PAUSE + 1));
    }
}
