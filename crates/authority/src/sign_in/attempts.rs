//! Limits on attempts: guesses, and unauthenticated requests that are costly.
//!
//! Every limit recovers at a steady rate: one interval after an attack has ended, the next attempt is allowed. The counters
//! are in the store, so they are shared by all programs and survive a restart.

use std::fmt::Display;

use model::Timestamp;
use store::{AttemptOutcome, Counter};

use crate::{Ctx, Fault};

/// A limit on the number of attempts.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// The first part of the names of its counters.
    name: &'static str,
    /// The maximum number of attempts at once.
    most: u32,
    /// The time in seconds after which all of them are allowed again.
    within: i64,
}

/// Device requests of a network. Each is a row.
pub const DEVICE_STARTS: Limit = Limit::new("device start", 1000, 600);
/// Pushed requests of a network for clients that do not authenticate. Each is a row of at most 16 KiB.
pub const PUSHED_REQUESTS: Limit = Limit::new("pushed request", 600, 600);
/// Wrong user codes of a network (RFC 8628, section 5.1).
pub const USER_CODES: Limit = Limit::new("user code", 200, 600);
/// Open registrations of clients by a network.
pub(crate) const REGISTRATIONS: Limit = Limit::new("registration", 20, 600);
/// Leak reports of a network, of up to a hundred secrets each.
pub(crate) const LEAK_REPORTS: Limit = Limit::new("leak report", 100, 600);
/// Password resets that a network requests.
pub(crate) const MAIL_REQUESTS: Limit = Limit::new("mail request", 20, 600);
/// Sign-ins at providers by a network. Each costs the provider a request.
pub(crate) const PROVIDER_SIGN_INS: Limit = Limit::new("provider sign-in", 100, 600);
/// Passkey sign-ins of a network. Passkeys cannot be guessed: the limit bounds the work of verifying.
pub(crate) const PASSKEYS: Limit = Limit::new("passkey", 600, 600);

/// The maximum number of counters.
const MAX_COUNTERS: u64 = 100_000;
/// The number of attempts after which this program checks that maximum.
const CHECK_AFTER: u64 = 10_000;

impl Limit {
    pub(crate) const fn new(name: &'static str, most: u32, within: i64) -> Self {
        Self { name, most, within }
    }

    /// Returns the counter of a subject.
    pub(crate) fn counter(self, subject: impl Display) -> Counter {
        Counter {
            name: format!("{}/{subject}", self.name),
            most: self.most,
            interval: self.within * 1_000_000 / i64::from(self.most),
        }
    }

    /// Returns the counter of the network of a request.
    pub(crate) fn network_counter(self, ctx: &Ctx) -> Counter {
        self.counter(ctx.address.network())
    }

    /// Counts a request of its network, before it is processed.
    ///
    /// # Errors
    /// [`Fault::TooManyAttempts`] if the network has reached the limit.
    pub async fn begin(self, ctx: &Ctx) -> Result<Attempt, Fault> {
        begin(ctx, vec![self.network_counter(ctx)]).await
    }
}

/// A counted attempt.
#[derive(Debug)]
pub struct Attempt {
    counters: Vec<Counter>,
    /// When each of the counters allows the next attempt.
    next: Vec<Timestamp>,
}

/// Counts an attempt in all counters, before it is processed. Counters are locked in the order of the list, so each kind of
/// counter has the same place in every list.
///
/// # Errors
/// [`Fault::TooManyAttempts`] if one of the counters allows none now. Then none has counted it.
pub(crate) async fn begin(ctx: &Ctx, counters: Vec<Counter>) -> Result<Attempt, Fault> {
    check(ctx, &counters).await?;
    let counted = counters.clone();
    let next = ctx.transaction(move |ctx, tx| {
        let count = |counter| match tx.count_attempt(counter, ctx.now)? {
            AttemptOutcome::Allowed(next) => Ok(next),
            AttemptOutcome::Refused(until) => Err(refusal(ctx, until)),
        };
        counted.iter().map(count).collect::<Result<Vec<_>, Fault>>()
    });
    let next = next.await?;
    bound(ctx).await?;
    Ok(Attempt { counters, next })
}

/// Checks that all counters allow an attempt. A refusal here takes no lock and writes nothing.
pub(crate) async fn check(ctx: &Ctx, counters: &[Counter]) -> Result<(), Fault> {
    let counters = counters.to_vec();
    let next = ctx.store().read(move |read| {
        let mut next = None;
        for counter in &counters {
            next = next.max(read.find_next_attempt(counter)?);
        }
        Ok::<_, store::StoreError>(next)
    });
    match next.await?.filter(|next| *next > ctx.now) {
        Some(next) => Err(refusal(ctx, next)),
        None => Ok(()),
    }
}

fn refusal(ctx: &Ctx, until: Timestamp) -> Fault {
    let micros = until.micros() - ctx.now.micros();
    Fault::TooManyAttempts(micros.div_euclid(1_000_000).saturating_add(1).max(1))
}

/// Limits the number of counters.
async fn bound(ctx: &Ctx) -> Result<(), Fault> {
    if ctx.authority().attempts_counted.fetch_add(1, std::sync::atomic::Ordering::Relaxed) % CHECK_AFTER
        == CHECK_AFTER - 1
    {
        ctx.store().write(|tx| tx.remove_surplus_attempts(MAX_COUNTERS)).await?;
    }
    Ok(())
}

impl Attempt {
    /// Returns until when one of the limits refuses the next attempt, if this one failed.
    pub(crate) fn refused_until(&self, ctx: &Ctx, limits: &[Limit]) -> Option<Timestamp> {
        let of = |counter: &Counter| limits.iter().any(|limit| counter.name.starts_with(limit.name));
        let next = self.counters.iter().zip(&self.next).filter(|(counter, _)| of(counter));
        next.map(|(_, next)| *next).max().filter(|next| *next > ctx.now)
    }

    /// Removes the attempt from the counters: it was right, or was not processed.
    pub async fn take_back(self, ctx: &Ctx) -> Result<(), Fault> {
        let counters = self.counters;
        let taken =
            ctx.store().write(move |tx| counters.iter().try_for_each(|counter| tx.undo_attempt(counter)));
        Ok(taken.await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ClientAddress;

    fn address(text: &str) -> ClientAddress {
        ClientAddress::Known(text.parse().unwrap())
    }

    #[test]
    fn neighbours_share_a_network() {
        let of = |text: &str| address(text).network().to_string();
        assert_eq!(of("2001:db8::1"), of("2001:db8::2:3"));
        assert_ne!(of("2001:db8::1"), of("2001:db8:0:1::1"));
        assert_eq!(of("::ffff:192.0.2.1"), "192.0.2.1");
        assert_eq!(ClientAddress::Unknown.network(), ClientAddress::Unknown);
    }

    #[test]
    fn every_limit_recovers_within_a_minute() {
        for limit in [
            DEVICE_STARTS,
            PUSHED_REQUESTS,
            USER_CODES,
            REGISTRATIONS,
            LEAK_REPORTS,
            MAIL_REQUESTS,
            PROVIDER_SIGN_INS,
            PASSKEYS,
        ] {
            let counter = limit.counter("user");
            assert!(counter.interval > 0 && counter.interval <= 60_000_000, "{limit:?}");
        }
    }
}
