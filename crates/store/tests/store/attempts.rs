//! Attempt counters, which restore themselves.

use store::{AttemptOutcome, Counter, StoreError};

use crate::sample::*;

const SECOND: i64 = 1_000_000;

/// A burst of three, and one more attempt every ten seconds.
fn counter(name: &str) -> Counter {
    Counter { name: name.to_owned(), most: 3, interval: 10 * SECOND }
}

both_engines! {
    async fn attempts_are_allowed_again_one_after_the_other(engine: TestEngine) {
        let store = engine.open().await;
        let attempt = async |seconds: i64| {
            let counted = store.write(move |tx| tx.count_attempt(&counter("guess/ben"), at(seconds))).await;
            Result::<AttemptOutcome, StoreError>::unwrap(counted)
        };
        assert_eq!(attempt(0).await, AttemptOutcome::Allowed(at(-10)));
        assert_eq!(attempt(0).await, AttemptOutcome::Allowed(at(0)));
        assert_eq!(attempt(0).await, AttemptOutcome::Allowed(at(10)));
        for second in [0, 5, 9] {
            assert_eq!(attempt(second).await, AttemptOutcome::Refused(at(10)), "refused attempts change nothing");
        }
        assert_eq!(attempt(10).await, AttemptOutcome::Allowed(at(20)));
        assert_eq!(attempt(11).await, AttemptOutcome::Refused(at(20)));
        assert_eq!(attempt(1000).await, AttemptOutcome::Allowed(at(990)), "after a pause all are allowed");
        store.write(|tx| tx.undo_attempt(&counter("guess/ben"))).await.map_err(|error: StoreError| error).unwrap();
        for expected in [at(990), at(1000), at(1010)] {
            assert_eq!(attempt(1000).await, AttemptOutcome::Allowed(expected), "one was taken back");
        }
        assert_eq!(attempt(1000).await, AttemptOutcome::Refused(at(1010)));
    }

    /// Concurrent attempts never exceed the limit.
    async fn concurrent_attempts_never_exceed_the_limit(engine: TestEngine) {
        let store = engine.open().await;
        let racers = (0..40).map(|_| {
            let store = store.clone();
            tokio::spawn(async move {
                let counted: Result<AttemptOutcome, StoreError> =
                    store.write(|tx| tx.count_attempt(&counter("guess/ben"), at(0))).await;
                matches!(counted.unwrap(), AttemptOutcome::Allowed(_))
            })
        });
        let mut allowed = 0;
        for racer in racers.collect::<Vec<_>>() {
            allowed += usize::from(racer.await.unwrap());
        }
        assert_eq!(allowed, 3);
    }

    async fn counters_are_forgotten_by_name_and_bounded_in_number(engine: TestEngine) {
        let store = engine.open().await;
        let counted = store.write(|tx| {
            for (name, times) in [("guess/ben/a", 3), ("guess/ben/b", 1), ("guess/bert", 2), ("code/ben", 1)] {
                for _ in 0..times {
                    tx.count_attempt(&counter(name), at(0))?;
                }
            }
            assert_eq!(tx.remove_attempts("guess/ben/")?, 2);
            let next = |name| tx.find_next_attempt(&counter(name));
            assert_eq!([next("guess/ben/a")?, next("guess/bert")?, next("code/ben")?], [None, Some(at(0)), Some(at(-10))]);
            assert_eq!(tx.remove_surplus_attempts(2)?, 0);
            assert_eq!(tx.remove_surplus_attempts(1)?, 1);
            assert_eq!(tx.find_next_attempt(&counter("code/ben"))?, None, "the one that is restored soonest");
            assert!(tx.find_next_attempt(&counter("guess/bert"))?.is_some());
            tx.remove_expired_rows(at(21), 100)?;
            assert_eq!(tx.find_next_attempt(&counter("guess/bert"))?, None, "it is restored, so its row is removed");
            Ok::<_, StoreError>(())
        });
        counted.await.unwrap();
    }
}
