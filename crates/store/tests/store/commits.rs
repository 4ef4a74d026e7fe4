//! Failed, panicking or abandoned transactions change nothing.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use model::entities::{AccessToken, User};
use model::{Record, Uuid};
use store::{Change, Store, StoreError, Tx};

use crate::engine::TestEngine;
use crate::sample::*;

/// An error of the work itself.
#[derive(Debug)]
enum Failure {
    OnPurpose,
    Store(StoreError),
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

async fn has(store: &Store, number: u128) -> bool {
    let found: Result<Option<User>, StoreError> = store.read(move |read| read.find(id(number))).await;
    found.unwrap().is_some()
}

/// Makes a change and then fails as requested.
fn and_then(
    number: u128,
    end: impl Fn() -> Result<(), Failure>,
) -> impl Fn(&mut Tx<'_>) -> Result<(), Failure> {
    move |tx| {
        tx.insert(&user(number))?;
        end()
    }
}

both_engines! {
    async fn failing_work_changes_nothing_and_its_neighbours_commit(engine: TestEngine) {
        let store = engine.open().await;
        let tasks: Vec<_> = (0..150_u128).map(|number| {
            let store = store.clone();
            tokio::spawn(async move {
                match number % 3 {
                    0 => store.write(and_then(number, || Ok(()))).await,
                    1 => store.write(and_then(number, || Err(Failure::OnPurpose))).await,
                    _ => store.write(and_then(number, || panic!("on purpose"))).await,
                }
            })
        }).collect();
        for (number, task) in tasks.into_iter().enumerate() {
            let outcome = task.await.unwrap();
            let expected = match number % 3 {
                0 => matches!(outcome, Ok(())),
                1 => matches!(outcome, Err(Failure::OnPurpose)),
                _ => matches!(outcome, Err(Failure::Store(StoreError::Unavailable(_)))),
            };
            assert!(expected, "{number}: {outcome:?}");
            assert_eq!(has(&store, number as u128).await, number % 3 == 0, "{number}");
        }
    }

    async fn work_that_goes_on_after_a_failed_statement_is_not_committed(engine: TestEngine) {
        let store = engine.open().await;
        store.write(and_then(1, || Ok(()))).await.unwrap();
        let swallowed: Result<(), StoreError> = store.write(|tx| {
            tx.insert(&user(2))?;
            assert!(matches!(tx.insert(&user(1)), Err(StoreError::Duplicate)));
            let _ = tx.insert(&user(3));
            Ok(())
        }).await;
        assert!(matches!(swallowed, Err(StoreError::Engine(_))), "{swallowed:?}");
        assert!(!has(&store, 2).await && !has(&store, 3).await);
        store.write(and_then(2, || Ok(()))).await.unwrap();
    }

    async fn a_reader_that_fails_or_panics_costs_no_place(engine: TestEngine) {
        let store = engine.open().await;
        for _ in 0..40 {
            let outcome: Result<(), StoreError> = store.read(|_| panic!("a secret in a panic")).await;
            let Err(StoreError::Unavailable(reason)) = outcome else { panic!("{outcome:?}") };
            assert!(!reason.contains("secret"), "{reason}");
            let outcome: Result<(), Failure> = store.read(|_| Err(Failure::OnPurpose)).await;
            assert!(matches!(outcome, Err(Failure::OnPurpose)));
        }
        assert!(!has(&store, 1).await);
    }

    async fn abandoned_calls_do_not_exceed_the_connections(engine: TestEngine) {
        let store = engine.open().await;
        let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        for _ in 0..40 {
            let (now, most) = (Arc::clone(&now), Arc::clone(&most));
            let reading = store.read(move |_| {
                most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                std::thread::sleep(Duration::from_millis(50));
                now.fetch_sub(1, Ordering::SeqCst);
                Ok::<_, StoreError>(())
            });
            let _ = tokio::time::timeout(Duration::from_millis(5), reading).await;
        }
        let most = most.load(Ordering::SeqCst);
        assert!((1..=16).contains(&most), "{most} readers at once");
        assert!(engine.is_postgres() || most <= 4, "{most} readers at once");
    }

    async fn a_writer_whose_client_left_is_committed_whole(engine: TestEngine) {
        let store = engine.open().await;
        let begun = Arc::new(AtomicBool::new(false));
        let noting = Arc::clone(&begun);
        let (go_on, waiting) = std::sync::mpsc::channel();
        let waiting = Mutex::new(waiting);
        let mut writing = Box::pin(store.write(move |tx| {
            tx.insert(&user(1))?;
            noting.store(true, Ordering::SeqCst);
            waiting.lock().unwrap().recv_timeout(Duration::from_secs(10)).unwrap();
            tx.insert(&user(2))
        }));
        while !begun.load(Ordering::SeqCst) {
            let ended: Result<Result<(), StoreError>, _> =
                tokio::time::timeout(Duration::from_millis(1), &mut writing).await;
            assert!(ended.is_err(), "it waits");
        }
        drop(writing);
        go_on.send(()).unwrap();
        for _ in 0..50 {
            if has(&store, 2).await {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert!(has(&store, 1).await && has(&store, 2).await);
        // No connection was left inside a transaction.
        for number in 10..30 {
            store.write(and_then(number, || Ok(()))).await.unwrap();
            assert!(has(&store, number).await);
        }
    }

    async fn a_commit_is_reported_before_it_is_acknowledged(engine: TestEngine) {
        let reported: Arc<Mutex<Vec<(&'static str, Uuid)>>> = Arc::default();
        let reporting = Arc::clone(&reported);
        let store = engine.open_with(Arc::new(move |touched| {
            reporting.lock().unwrap().extend(touched.iter().map(|touched| (touched.table, touched.id)));
        })).await;
        let setup: Result<(), StoreError> = store.write(|tx| {
            tx.insert(&user(1))?;
            tx.insert(&grant(1))
        }).await;
        setup.unwrap();
        reported.lock().unwrap().clear();

        let expire = || Change::new::<AccessToken>(id(1), at(1)).set(AccessToken::ExpireTimestamp, &Some(at(2)));
        let taken = || std::mem::take(&mut *reported.lock().unwrap());
        let outcome: Result<bool, StoreError> = store.write(move |tx| tx.change(expire())).await;
        assert!(outcome.unwrap());
        assert_eq!(taken(), [("Sec_Access_Tokens", id(1))]);

        let outcome: Result<bool, StoreError> = store.write(move |tx| {
            tx.change(Change::new::<User>(id(1), at(1)).set(User::Active, &false))?;
            tx.change(expire().without_invalidation())?;
            tx.change(expire().if_null(AccessToken::ExpireTimestamp))
        }).await;
        assert!(!outcome.unwrap());
        assert_eq!(taken(), [("Sec_Users", id(1))], "neither irrelevant nor failed changes");

        let outcome: Result<(), Failure> = store.write(move |tx| {
            tx.change(expire())?;
            Err(Failure::OnPurpose)
        }).await;
        outcome.unwrap_err();
        let outcome: Result<(), Failure> = store.write(move |tx| {
            tx.change(expire())?;
            panic!("on purpose")
        }).await;
        outcome.unwrap_err();
        assert_eq!(taken(), [], "what was rolled back");
    }

    async fn nothing_runs_after_closing_and_what_was_accepted_does(engine: TestEngine) {
        let store = engine.open().await;
        let slow = {
            let store = store.clone();
            tokio::spawn(async move {
                store.write(|tx| {
                    std::thread::sleep(Duration::from_millis(100));
                    tx.insert(&user(1))
                }).await
            })
        };
        tokio::time::sleep(Duration::from_millis(50)).await;
        store.close().await;
        let before: Result<(), StoreError> =
            tokio::time::timeout(Duration::from_millis(20), slow).await.expect("closing waits for it").unwrap();
        before.unwrap();
        let write: Result<(), StoreError> = store.write(|tx| tx.insert(&user(2))).await;
        assert!(matches!(write, Err(StoreError::Unavailable(_))), "{write:?}");
        let read: Result<bool, StoreError> = store.read(|read| read.has_any::<User>()).await;
        assert!(matches!(read, Err(StoreError::Unavailable(_))), "{read:?}");
        store.close().await;
        let store = engine.open().await;
        assert!(has(&store, 1).await && !has(&store, 2).await);
    }
}

#[test]
fn a_lost_connection_is_replaced() {
    crate::engine::block_on(async {
        let engine = TestEngine::postgres().await;
        let store = engine.open().await;
        store.write(and_then(1, || Ok(()))).await.unwrap();
        engine
            .execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                 WHERE datname = current_database() AND pid <> pg_backend_pid()",
            )
            .await;
        // The pool detects a closed socket at the latest when it is used.
        let first = store.write(and_then(2, || Ok(()))).await;
        assert!(matches!(first, Ok(()) | Err(Failure::Store(StoreError::Unavailable(_)))), "{first:?}");
        store.write(and_then(3, || Ok(()))).await.unwrap();
        assert!(has(&store, 1).await && has(&store, 3).await);
    });
}

#[test]
fn a_reader_whose_client_left_is_interrupted() {
    crate::engine::block_on(async {
        let engine = TestEngine::sqlite();
        let store = engine.open().await;
        let added: Result<(), StoreError> =
            store.write(|tx| (0..3000).try_for_each(|number| tx.insert(&grant(number)))).await;
        added.unwrap();
        let everything = model::query::Query::default();
        let everything =
            crate::question::bind(AccessToken::entity(), &everything, model::query::Actor::SYSTEM);
        let (reported, ended) = std::sync::mpsc::channel();
        let reading = store.read(move |read| {
            // Much longer than the timeout, unless it is interrupted.
            let outcome = (0..10_000).try_for_each(|_| read.page(&everything).map(|_| ()));
            reported.send(outcome).unwrap();
            Ok::<_, StoreError>(())
        });
        let left = tokio::time::timeout(Duration::from_millis(100), reading).await;
        assert!(left.is_err());
        let outcome = ended.recv_timeout(Duration::from_secs(10)).expect("it still reads");
        assert!(matches!(outcome, Err(StoreError::Unavailable(_))), "{outcome:?}");
        assert!(!has(&store, 1).await, "the next reader is not interrupted");
    });
}
