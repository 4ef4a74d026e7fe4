//! Limits on what strangers may try: guesses, and requests that cost something before anybody has proved who they are.
//!
//! Every limit restores itself at a steady rate, so nobody waits longer than one interval after an attack has ended.
//! The counters are in the store: they are shared by programs and survive a restart.

use std::fmt::Display;

use model::Timestamp;
use store::{AttemptOutcome, Counter};

use crate::{Ctx, Fault};

/// How often something may be tried.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limit {
    /// Names the counters in the store.
    name: &'static str,
    /// How many attempts may come at once.
    most: u32,
    /// After how many seconds all of them may come again.
    within: i64,
}

/// Device requests of one network: each is a row.
pub(crate) const DEVICE_STARTS: Limit = Limit::new("device start", 1000, 600);
/// Requests that one network pushes for applications that prove nothing: each is a row, of 16 KiB at most.
pub(crate) const PUSHED_REQUESTS: Limit = Limit::new("pushed request", 600, 600);
/// Wrong short codes that one network types (RFC 8628, section 5.1).
pub(crate) const USER_CODES: Limit = Limit::new("user code", 200, 600);
/// Applications that one network registers, where everybody may.
pub(crate) const REGISTRATIONS: Limit = Limit::new("registration", 20, 600);
/// Reports of leaked secrets of one network, of up to a hundred secrets each.
pub(crate) const LEAK_REPORTS: Limit = Limit::new("leak report", 100, 600);
/// Links to set a password for which one network asks.
pub(crate) const MAIL_REQUESTS: Limit = Limit::new("mail request", 20, 600);
/// Sign-ins at providers of one network: each costs the provider a request.
pub(crate) const PROVIDER_SIGN_INS: Limit = Limit::new("provider sign-in", 100, 600);
/// Passkeys that one network shows. None can be guessed: the limit is for the work that each costs.
pub(crate) const PASSKEYS: Limit = Limit::new("passkey", 600, 600);

/// How many counters are kept at the most.
const MOST_COUNTERS: u64 = 100_000;
/// After how many attempts this program looks whether there are more.
const LOOK_AFTER: u64 = 10_000;

impl Limit {
    pub(crate) const fn new(name: &'static str, most: u32, within: i64) -> Self {
        Self { name, most, within }
    }

    /// The counter of a subject.
    pub(crate) fn counter(self, subject: impl Display) -> Counter {
        Counter {
            name: format!("{}/{subject}", self.name),
            most: self.most,
            interval: self.within * 1_000_000 / i64::from(self.most),
        }
    }

    /// The counter of the network of a request.
    pub(crate) fn network_counter(self, ctx: &Ctx) -> Counter {
        self.counter(ctx.address.network())
    }

    /// Counts a request of its network, before it is looked at.
    ///
    /// # Errors
    /// [`Fault::TooManyAttempts`] where the network made too many.
    pub(crate) async fn begin(self, ctx: &Ctx) -> Result<Attempt, Fault> {
        begin(ctx, vec![self.network_counter(ctx)]).await
    }
}

/// An attempt that was counted.
#[derive(Debug)]
pub(crate) struct Attempt {
    counters: Vec<Counter>,
    /// When each of them allows the next one.
    next: Vec<Timestamp>,
}

/// Counts an attempt in each of some counters, before it is looked at. Programs lock counters in the order in which they
/// are named here, so those of one kind have one place in every list.
///
/// # Errors
/// [`Fault::TooManyAttempts`] where one of them allows none now: then none has counted it.
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

/// Asks that all of some counters allow an attempt. What is refused here takes no lock and writes nothing.
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

/// Keeps the number of counters bounded, however many strangers there are.
async fn bound(ctx: &Ctx) -> Result<(), Fault> {
    if ctx.authority().attempts_counted.fetch_add(1, std::sync::atomic::Ordering::Relaxed) % LOOK_AFTER
        == LOOK_AFTER - 1
    {
        ctx.store().write(|tx| tx.remove_surplus_attempts(MOST_COUNTERS)).await?;
    }
    Ok(())
}

impl Attempt {
    /// Until when some limits refuse the next attempt, if this one failed.
    pub(crate) fn refused_until(&self, ctx: &Ctx, limits: &[Limit]) -> Option<Timestamp> {
        let of = |counter: &Counter| limits.iter().any(|limit| counter.name.starts_with(limit.name));
        let next = self.counters.iter().zip(&self.next).filter(|(counter, _)| of(counter));
        next.map(|(_, next)| *next).max().filter(|next| *next > ctx.now)
    }

    /// Takes the attempt back: it was right, or was not looked at.
    pub(crate) async fn take_back(self, ctx: &Ctx) -> Result<(), Fault> {
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
    fn no_limit_makes_anybody_wait_longer_than_a_minute() {
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
            let counter = limit.counter("somebody");
            assert!(counter.interval > 0 && counter.interval <= 60_000_000, "{limit:?}");
        }
    }
}
