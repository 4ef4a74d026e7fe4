use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

use model::Timestamp;

use crate::Fault;

/// Counts failed guesses by the network they come from, so that nobody can guess for long: each time the limit is
/// reached again, the wait is twice as long.
pub(crate) struct Attempts {
    most: u32,
    failures: Mutex<HashMap<IpAddr, Window>>,
}

struct Window {
    began: Timestamp,
    failures: u32,
    /// How often the limit was reached before, one time after the other.
    reached: u32,
}

/// For how long failures count at first, in seconds.
const WINDOW: i64 = 600;
/// How often that is doubled at most: to some ten hours.
const MOST_DOUBLINGS: u32 = 6;

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
        let window = failures.entry(network(from)).or_insert(Window { began: now, failures: 0, reached: 0 });
        if window.ends() <= now {
            let reached = if window.failures >= self.most { window.reached + 1 } else { 0 };
            *window = Window { began: now, failures: 0, reached: reached.min(MOST_DOUBLINGS) };
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

    /// Forgets what no longer counts: a limit that was reached is remembered as long again as it held.
    pub(crate) fn forget_before(&self, now: Timestamp) {
        let counts = |window: &Window| {
            let remembered = if window.failures >= self.most { window.length() } else { 0 };
            window.ends().plus_seconds(remembered) > now
        };
        self.failures.lock().unwrap_or_else(PoisonError::into_inner).retain(|_, window| counts(window));
    }
}

impl Window {
    const fn ends(&self) -> Timestamp {
        self.began.plus_seconds(self.length())
    }

    const fn length(&self) -> i64 {
        WINDOW << self.reached
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
        attempts.forget_before(at(WINDOW));
        assert!(attempts.begin(one, at(WINDOW)).is_ok());
        attempts.forget_before(at(3 * WINDOW));
        assert!(attempts.failures.lock().unwrap().is_empty());
    }

    #[test]
    fn each_wait_is_twice_as_long() {
        let attempts = Attempts::new(1);
        let from: IpAddr = "192.0.2.1".parse().unwrap();
        let mut now = 0;
        for length in [WINDOW, 2 * WINDOW, 4 * WINDOW] {
            assert!(attempts.begin(from, Timestamp::from_seconds(now)).is_ok());
            let refused = attempts.begin(from, Timestamp::from_seconds(now + 1));
            assert!(matches!(refused, Err(Fault::TooManyAttempts(wait)) if wait == length - 1));
            now += length;
        }
        assert!(attempts.begin(from, Timestamp::from_seconds(now)).is_ok());
        attempts.succeed(from);
        now += 8 * WINDOW;
        assert!(attempts.begin(from, Timestamp::from_seconds(now)).is_ok());
        assert!(matches!(
            attempts.begin(from, Timestamp::from_seconds(now)),
            Err(Fault::TooManyAttempts(WINDOW))
        ));
    }
}
