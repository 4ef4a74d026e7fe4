//! Token buckets by the generic cell rate algorithm: a bucket is one number, the time at which it is full again.

use std::sync::atomic::{AtomicI64, Ordering};

use model::Timestamp;

/// The time after which an empty bucket is full again, in seconds.
pub(super) const WINDOW: i64 = 60;

/// How many points may be taken within [`WINDOW`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Quota(u64);

/// What is left in a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    /// The points of a full bucket.
    pub limit: u64,
    /// The points that are left.
    pub remaining: u64,
    /// After how many seconds the bucket is full again.
    pub reset_seconds: u64,
}

const NANOS: i64 = 1_000_000_000;
const WINDOW_NANOS: i64 = WINDOW * NANOS;

impl Quota {
    /// A quota; nothing where there is no limit.
    pub(super) const fn new(points: u64) -> Option<Self> {
        // A point takes at least a nanosecond to come back.
        let most = WINDOW_NANOS.unsigned_abs();
        match points {
            0 => None,
            points if points > most => Some(Self(most)),
            points => Some(Self(points)),
        }
    }

    /// How long some points take to come back, in nanoseconds. More than a bucket has empties the bucket.
    fn nanos(self, points: u64) -> i64 {
        let nanos = i64::try_from(self.nanos_of_one().saturating_mul(points));
        nanos.map_or(WINDOW_NANOS, |nanos| nanos.min(WINDOW_NANOS))
    }

    const fn nanos_of_one(self) -> u64 {
        WINDOW_NANOS.unsigned_abs() / self.0
    }
}

/// A bucket. A new one is full.
#[derive(Debug, Default)]
pub(super) struct Bucket {
    /// When the bucket is full again, in nanoseconds since 1970.
    full_at: AtomicI64,
}

impl Bucket {
    /// Takes points, if there are enough. What costs more than a whole bucket needs a full one.
    ///
    /// # Errors
    /// After how many seconds there are enough.
    pub(super) fn take(&self, quota: Quota, points: u64, now: Timestamp) -> Result<(), u64> {
        let (now, needed) = (nanos(now), quota.nanos(points));
        let mut wait = 0;
        let taken = self.full_at.try_update(Ordering::Relaxed, Ordering::Relaxed, |full_at| {
            let full_at = full_at.clamp(now, now + WINDOW_NANOS);
            wait = full_at + needed - now - WINDOW_NANOS;
            (wait <= 0).then_some(full_at + needed)
        });
        taken.map(drop).map_err(|_| seconds(wait))
    }

    /// Takes points that were used already, or as many as there are.
    pub(super) fn take_used(&self, quota: Quota, points: u64, now: Timestamp) {
        let (now, needed) = (nanos(now), quota.nanos(points));
        let taken = self.full_at.try_update(Ordering::Relaxed, Ordering::Relaxed, |full_at| {
            Some((full_at.max(now) + needed).min(now + WINDOW_NANOS))
        });
        // The closure always gives a value.
        let _ = taken;
    }

    /// Puts points back that were taken for what was then refused.
    pub(super) fn put_back(&self, quota: Quota, points: u64) {
        self.full_at.fetch_sub(quota.nanos(points), Ordering::Relaxed);
    }

    /// What is left.
    pub(super) fn left(&self, quota: Quota, now: Timestamp) -> Left {
        let now = nanos(now);
        let missing = self.full_at.load(Ordering::Relaxed).clamp(now, now + WINDOW_NANOS) - now;
        let used = missing.unsigned_abs().div_ceil(quota.nanos_of_one());
        Left { limit: quota.0, remaining: quota.0.saturating_sub(used), reset_seconds: seconds(missing) }
    }
}

fn nanos(time: Timestamp) -> i64 {
    time.micros().saturating_mul(1000)
}

fn seconds(nanos: i64) -> u64 {
    nanos.max(0).unsigned_abs().div_ceil(NANOS.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_micros((1_800_000_000_000 + millis) * 1000)
    }

    #[test]
    fn points_come_back_with_time() {
        let (bucket, quota) = (Bucket::default(), Quota::new(60).unwrap());
        for _ in 0..60 {
            bucket.take(quota, 1, at(0)).unwrap();
        }
        assert_eq!(bucket.take(quota, 1, at(0)), Err(1));
        assert_eq!(bucket.take(quota, 10, at(0)), Err(10));
        assert_eq!(bucket.left(quota, at(0)), Left { limit: 60, remaining: 0, reset_seconds: 60 });
        assert_eq!(bucket.take(quota, 1, at(999)), Err(1));
        bucket.take(quota, 1, at(1000)).unwrap();
        assert_eq!(bucket.left(quota, at(31_000)), Left { limit: 60, remaining: 30, reset_seconds: 30 });
        bucket.put_back(quota, 5);
        assert_eq!(bucket.left(quota, at(31_000)).remaining, 35);
    }

    #[test]
    fn what_costs_more_than_a_bucket_needs_a_full_one() {
        let (bucket, quota) = (Bucket::default(), Quota::new(10).unwrap());
        bucket.take(quota, 1_000, at(0)).unwrap();
        assert_eq!(bucket.take(quota, 1, at(0)), Err(6));
        bucket.take_used(quota, 1_000, at(0));
        assert_eq!(bucket.take(quota, 1, at(0)), Err(6), "the longest wait is a window");
        assert_eq!(bucket.take(quota, 1_000, at(59_000)), Err(1));
        bucket.take(quota, 1_000, at(60_000)).unwrap();
        assert_eq!(Quota::new(0), None);
    }

    proptest! {
        /// Within any time, no more than the bucket and what came back in that time is taken; the bucket of an oracle
        /// that counts in fractions agrees.
        #[test]
        fn no_more_is_taken_than_there_is(points in 1_u64..200, steps in prop::collection::vec((0_i64..3000, 1_u64..40), 1..200)) {
            let (bucket, quota) = (Bucket::default(), Quota::new(points).unwrap());
            let each = (60_000_000_000_u64 / points) as f64 / 1e6;
            let (mut now, mut missing) = (0_i64, 0_f64);
            for (pause, wanted) in steps {
                now += pause;
                missing = (missing - pause as f64).max(0.0);
                let needed = (each * wanted as f64).min(60_000.0);
                let fits = missing + needed <= 60_000.0 + 1e-6;
                let taken = bucket.take(quota, wanted, at(now));
                prop_assert_eq!(taken.is_ok(), fits, "{} {} {}", now, missing, needed);
                if fits {
                    missing += needed;
                }
            }
        }
    }

    #[test]
    fn of_many_who_take_at_once_no_more_succeed_than_there_are_points() {
        let (bucket, quota) = (Bucket::default(), Quota::new(1000).unwrap());
        let taken: usize = std::thread::scope(|scope| {
            let take = || (0..500).filter(|_| bucket.take(quota, 1, at(0)).is_ok()).count();
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(take)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        assert_eq!(taken, 1000);
    }
}
