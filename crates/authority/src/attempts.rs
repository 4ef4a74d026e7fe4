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

    /// Refuses a network from which too many guesses failed.
    pub(crate) fn check(&self, from: IpAddr, now: Timestamp) -> Result<(), Fault> {
        let failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        match failures.get(&network(from)) {
            Some(window) if window.failures >= self.most && window.ends() > now => {
                Err(Fault::TooManyAttempts((window.ends().seconds() - now.seconds()).max(1)))
            }
            _ => Ok(()),
        }
    }

    /// Counts a failure.
    pub(crate) fn fail(&self, from: IpAddr, now: Timestamp) {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let window = failures.entry(network(from)).or_insert(Window { began: now, failures: 0 });
        if window.ends() <= now {
            *window = Window { began: now, failures: 0 };
        }
        window.failures += 1;
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
        for second in 0..3 {
            assert!(attempts.check(one, at(second)).is_ok());
            attempts.fail(one, at(second));
        }
        assert!(matches!(attempts.check(neighbour, at(10)), Err(Fault::TooManyAttempts(590))));
        assert!(attempts.check("192.0.2.1".parse().unwrap(), at(10)).is_ok());
        assert!(attempts.check(one, at(WINDOW)).is_ok());
        attempts.fail(one, at(WINDOW));
        attempts.forget_before(at(2 * WINDOW));
        assert!(attempts.failures.lock().unwrap().is_empty());
    }
}
