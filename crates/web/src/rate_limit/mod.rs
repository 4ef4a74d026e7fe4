//! The rate limits of the APIs over the registry: how many points a token or a session, and a network, may use within a
//! minute. A request of OData costs a point and one for each row, an operation of GraphQL its cost.
//!
//! The buckets are in the memory of this program, in a cache of many parts: no statement and no lock that all requests
//! share. A bucket that the cache drops is full again, so many clients can only ever gain.

mod answer;
mod bucket;
mod settings;

use std::sync::{Arc, OnceLock};

use authority::{Caller, ClientAddress, Credential, Ctx, Fault};
use model::{Timestamp, Uuid};
use quick_cache::sync::Cache;

use self::bucket::{Bucket, Quota};
pub use answer::{label, limit_models};
pub use bucket::Left;
pub use settings::RateLimitSettings;

/// The maximum number of buckets, of about 100 bytes each.
const BUCKETS: usize = 100_000;

/// The owner of a bucket.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Key {
    Token(Uuid),
    Session(Uuid),
    Network(ClientAddress),
}

/// The rate limits, and what was used of them.
pub struct RateLimits {
    caller: Option<Quota>,
    network: Option<Quota>,
    buckets: Cache<Key, Arc<Bucket>>,
}

impl Default for RateLimits {
    fn default() -> Self {
        Self::new(0, 0)
    }
}

impl RateLimits {
    /// Limits of so many points within a minute for a token or a session, and for a network; 0 is no limit.
    pub fn new(caller: u64, network: u64) -> Self {
        Self { caller: Quota::new(caller), network: Quota::new(network), buckets: Cache::new(BUCKETS) }
    }

    fn bucket(&self, key: Key) -> Arc<Bucket> {
        let made =
            self.buckets.get_or_insert_with(&key, || Ok::<_, std::convert::Infallible>(Arc::default()));
        made.unwrap_or_default()
    }

    /// Counts a request of a network; the meter counts its further cost.
    ///
    /// # Errors
    /// [`Fault::RateLimited`] where the network has no point left.
    pub fn enter(self: &Arc<Self>, ctx: &Ctx) -> Result<Meter, Fault> {
        let meter = self.meter(ctx);
        meter.take_of_network(1, ctx.now)?;
        Ok(meter)
    }

    /// The meter of a request that is not counted.
    pub fn meter(self: &Arc<Self>, ctx: &Ctx) -> Meter {
        Meter { limits: Arc::clone(self), network: ctx.address.network(), caller: Arc::default() }
    }
}

/// Counts what one request costs.
#[derive(Clone)]
pub struct Meter {
    limits: Arc<RateLimits>,
    network: ClientAddress,
    /// The sender of the request, once it is known.
    caller: Arc<OnceLock<Key>>,
}

impl Meter {
    /// Takes the points of a request, one of which the network paid when it came.
    ///
    /// # Errors
    /// [`Fault::RateLimited`] where the caller or the network has not as many left; none are taken then.
    pub fn charge(&self, caller: &Caller, points: u64, now: Timestamp) -> Result<(), Fault> {
        let key = *self.caller.get_or_init(|| match &caller.credential {
            Credential::Token(live) => Key::Token(live.grant.id),
            Credential::Session(session) => Key::Session(session.id),
        });
        let own = self.limits.caller.map(|quota| (quota, self.limits.bucket(key)));
        if let Some((quota, bucket)) = &own {
            bucket.take(*quota, points, now).map_err(limited)?;
        }
        self.charge_network(points, now).inspect_err(|_| {
            if let Some((quota, bucket)) = own {
                bucket.put_back(quota, points);
            }
        })
    }

    /// Takes the points of a request whose caller is not known.
    ///
    /// # Errors
    /// [`Fault::RateLimited`] where the network has not as many left; none are taken then.
    pub fn charge_network(&self, points: u64, now: Timestamp) -> Result<(), Fault> {
        self.take_of_network(points.saturating_sub(1), now)
    }

    /// Takes points for what turned out to be used.
    pub fn add(&self, points: u64, now: Timestamp) {
        let own = self.caller.get().and_then(|key| Some((self.limits.caller?, *key)));
        let network = self.limits.network.map(|quota| (quota, Key::Network(self.network)));
        for (quota, key) in own.into_iter().chain(network) {
            self.limits.bucket(key).take_used(quota, points, now);
        }
    }

    /// Returns what the caller has left; `None` without a limit or a known caller.
    pub fn left(&self, now: Timestamp) -> Option<Left> {
        let (quota, key) = (self.limits.caller?, self.caller.get()?);
        Some(self.limits.bucket(*key).left(quota, now))
    }

    fn left_of_network(&self, now: Timestamp) -> Option<Left> {
        let quota = self.limits.network?;
        Some(self.limits.bucket(Key::Network(self.network)).left(quota, now))
    }

    fn take_of_network(&self, points: u64, now: Timestamp) -> Result<(), Fault> {
        let Some(quota) = self.limits.network else { return Ok(()) };
        self.limits.bucket(Key::Network(self.network)).take(quota, points, now).map_err(limited)
    }
}

fn limited(seconds: u64) -> Fault {
    Fault::RateLimited(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meter(limits: &Arc<RateLimits>, address: &str, token: u128) -> Meter {
        let caller = OnceLock::from(Key::Token(Uuid::from_u128(token)));
        let network = ClientAddress::Known(address.parse().unwrap()).network();
        Meter { limits: Arc::clone(limits), network, caller: Arc::new(caller) }
    }

    #[test]
    fn neighbours_share_a_bucket_and_strangers_do_not() {
        let limits = Arc::new(RateLimits::new(0, 3));
        let now = Timestamp::from_seconds(1_800_000_000);
        let take = |address| meter(&limits, address, 1).take_of_network(1, now);
        for address in ["2001:db8::1", "2001:db8::2", "2001:db8::1"] {
            take(address).unwrap();
        }
        assert!(matches!(take("2001:db8::3"), Err(Fault::RateLimited(20))));
        take("2001:db8:0:1::1").unwrap();
        take("192.0.2.1").unwrap();
    }

    #[test]
    fn without_limits_nothing_is_counted() {
        let limits = Arc::new(RateLimits::new(0, 0));
        let meter = meter(&limits, "192.0.2.1", 1);
        meter.add(1_000_000, Timestamp::from_seconds(1_800_000_000));
        assert_eq!((meter.left(Timestamp::from_seconds(1_800_000_000)), limits.buckets.len()), (None, 0));
    }

    #[test]
    fn the_memory_is_bounded() {
        let limits = Arc::new(RateLimits::new(10, 10));
        let now = Timestamp::from_seconds(1_800_000_000);
        for number in 0..3 * BUCKETS as u128 {
            meter(&limits, "192.0.2.1", number).add(1, now);
        }
        assert!(limits.buckets.len() <= BUCKETS, "{}", limits.buckets.len());
    }
}
