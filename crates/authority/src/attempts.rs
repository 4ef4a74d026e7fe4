use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

use model::Timestamp;

use crate::Fault;

/// Counts failed guesses by the network they come from, so that nobody can guess for long.
pub(crate) struct Attempts {
    most: u32,
    failures: Mutex<HashMap<IpAddr, Window>>,
}

struct Window {
    began: Timestamp,
    failures: u32,
}

/// For how long failures count, in seconds.
const WINDOW: i64 = 600;

impl Attempts {
    /// Allows so many failures within ten minutes.
    pub(crate) fn new(most: u32) -> Self {
        Self { most, failures: Mutex::default() }
    }

    /// Counts a guess before it is looked at, so that many at once count as many.
    ///
    /// # Errors
    /// [`Fault::TooManyAttempts`] for a network from which too many guesses failed.
    pub(crate) fn begin(&self, from: IpAddr, now: Timestamp) -> Result<(), Fault> {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let window = failures.entry(network(from)).or_insert(Window { began: now, failures: 0 });
        if window.ends() <= now {
            *window = Window { began: now, failures: 0 };
        }
        if window.failures >= self.most {
            return Err(Fault::TooManyAttempts((window.ends().seconds() - now.seconds()).max(1)));
        }
        window.failures += 1;
        Ok(())
    }

    /// Takes back a guess that was right.
    pub(crate) fn succeed(&self, from: IpAddr) {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(window) = failures.get_mut(&network(from)) {
            window.failures = window.failures.saturating_sub(1);
        }
    }

    /// Forgets what no longer counts.
    pub(crate) fn forget_before(&self, now: Timestamp) {
        self.failures.lock().unwrap_or_else(PoisonError::into_inner).retain(|_, window| window.ends() > now);
    }
}

impl Window {
    const fn ends(&self) -> Timestamp {
        self.began.plus_seconds(WINDOW)
    }
}

/// An IPv4 address by itself; an IPv6 address with its neighbours, for a customer is given a /64.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
        address @ IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guessing_ends_and_may_begin_again() {
        let attempts = Attempts::new(3);
        let at = Timestamp::from_seconds;
        let (one, neighbour): (IpAddr, IpAddr) =
            ("2001:db8::1".parse().unwrap(), "2001:db8::2".parse().unwrap());
        assert!(attempts.begin(one, at(0)).is_ok());
        attempts.succeed(one);
        for second in 0..3 {
            assert!(attempts.begin(one, at(second)).is_ok());
        }
        assert!(matches!(attempts.begin(neighbour, at(10)), Err(Fault::TooManyAttempts(590))));
        assert!(attempts.begin("192.0.2.1".parse().unwrap(), at(10)).is_ok());
        assert!(attempts.begin(one, at(WINDOW)).is_ok());
        attempts.forget_before(at(2 * WINDOW));
        assert!(attempts.failures.lock().unwrap().is_empty());
    }
}
