//! Changes are compare-and-set: the conditions decide, and at most one concurrent change succeeds.

use std::sync::{Arc, Mutex};

use model::Timestamp;
use model::entities::{AccessToken, User};
use store::{Change, LastUse, Store, StoreError};

use crate::engine::TestEngine;
use crate::sample::*;

async fn changed(store: &Store, change: impl Fn() -> Change + Send + Sync + 'static) -> bool {
    store.write(move |tx| tx.change(change())).await.unwrap_or_else(|error: StoreError| panic!("{error}"))
}

async fn the_grant(store: &Store, number: u128) -> AccessToken {
    let found: Result<_, StoreError> = store.read(move |read| read.find(id(number))).await;
    found.unwrap().unwrap()
}

/// Inserts a grant without values and one with values.
async fn two_grants(engine: &TestEngine) -> Store {
    let store = engine.open().await;
    let full = || AccessToken { parent_id: None, ..full_grant(2, id(1), id(3), id(4)) };
    store
        .write(move |tx| {
            tx.insert(&user(4))?;
            tx.insert(&application(3))?;
            tx.insert(&grant(1))?;
            tx.insert(&full())
        })
        .await
        .unwrap_or_else(|error: StoreError| panic!("{error}"));
    store
}

fn of(number: u128) -> Change {
    Change::new::<AccessToken>(id(number), at(50))
}

/// A change of a grant, and whether it succeeds on the grant without values and on the one with values.
type Case = (fn(u128) -> Change, bool, bool);

both_engines! {
    async fn a_condition_wins_or_loses(engine: TestEngine) {
        use AccessToken as A;
        let store = two_grants(&engine).await;
        let cases: Vec<Case> = vec![
            (|n| of(n).if_null(A::ConsumedTimestamp), true, false),
            (|n| of(n).if_equal(A::Actor, &"actor".to_owned()), false, true),
            (|n| of(n).if_equal(A::Actor, &None::<String>), true, false),
            (|n| of(n).if_equal(A::ExpireTimestamp, &Some(at(4))), false, true),
            (|n| of(n).if_equal(A::User, &Some(id(4))), false, true),
            (|n| of(n).if_equal(A::User, &Some(id(5))), false, false),
            (|n| of(n).if_after(A::ExpireTimestamp, at(3)), true, true),
            (|n| of(n).if_after(A::ExpireTimestamp, at(4)), true, false),
            (|n| of(n).if_null(A::Actor).if_equal(A::User, &Some(id(4))), false, false),
        ];
        let mut versions = [1, 3];
        for (case, (change, empty, full)) in cases.into_iter().enumerate() {
            for (index, wins) in [empty, full].into_iter().enumerate() {
                let number = index as u128 + 1;
                assert_eq!(changed(&store, move || change(number)).await, wins, "case {case}, grant {number}");
                versions[index] += i32::from(wins);
                let now = the_grant(&store, number).await;
                assert_eq!(now.object_version, versions[index], "case {case}: every change counts up");
                if wins {
                    assert_eq!(now.updated_at, Some(at(50)));
                }
            }
        }
        assert!(!changed(&store, || of(99)).await, "a row that is not there");
    }

    async fn a_change_sets_what_it_names_and_nothing_else(engine: TestEngine) {
        let store = two_grants(&engine).await;
        let before = the_grant(&store, 2).await;
        let set = changed(&store, || {
            of(2).set(AccessToken::Actor, &None::<String>)
                .set(AccessToken::ConsumedTimestamp, &Some(at(60)))
                .set(AccessToken::User, &None::<model::Uuid>)
                .set(AccessToken::Kind, &model::entities::GrantKind::RefreshToken)
        });
        assert!(set.await);
        let wanted = AccessToken {
            object_version: 4,
            updated_at: Some(at(50)),
            actor: None,
            consumed_timestamp: Some(at(60)),
            user_id: None,
            kind: model::entities::GrantKind::RefreshToken,
            ..before
        };
        assert_eq!(the_grant(&store, 2).await, wanted);
        assert!(changed(&store, || {
            Change::new::<User>(id(4), at(1)).set(User::Active, &false).if_equal(User::Active, &true)
        }).await);
    }

    async fn one_of_two_hundred_concurrent_consumers_wins(engine: TestEngine) {
        let store = two_grants(&engine).await;
        let consume = || {
            let store = store.clone();
            tokio::spawn(async move {
                let consume = || of(1).set(AccessToken::ConsumedTimestamp, &Some(at(1)));
                store.write(move |tx| tx.change(consume().if_null(AccessToken::ConsumedTimestamp))).await
            })
        };
        let racers: Vec<_> = (0..200).map(|_| consume()).collect();
        let mut winners = 0;
        for racer in racers {
            let outcome: Result<bool, StoreError> = racer.await.unwrap();
            winners += i32::from(outcome.unwrap());
        }
        assert_eq!(winners, 1);
        assert_eq!(the_grant(&store, 1).await.object_version, 2);
    }

    async fn last_uses_never_go_back_and_are_no_change(engine: TestEngine) {
        let reported = Arc::new(Mutex::new(0));
        let reporting = Arc::clone(&reported);
        let store = engine.open_with(Arc::new(move |touched| *reporting.lock().unwrap() += touched.len())).await;
        let setup = store.write(|tx| {
            tx.insert_grant(&grant(1), &[scope(11, id(1), "read"), scope(12, id(1), "update")])?;
            tx.insert_grant(&grant(2), &[scope(13, id(2), "read")])
        });
        setup.await.unwrap_or_else(|error: StoreError| panic!("{error}"));
        let note = |time: Timestamp, address: Option<&'static str>, scopes: &'static [&'static str]| {
            let last = LastUse {
                id: id(1),
                time,
                address: address.map(|address| address.parse().unwrap()),
                addresses: Vec::new(),
                scopes: scopes.iter().map(ToString::to_string).collect(),
            };
            store.write(move |tx| tx.note_last_uses(std::slice::from_ref(&last)))
        };
        let times = || async {
            let scopes: Result<Vec<Option<Timestamp>>, StoreError> = store.read(|read| {
                [11, 12, 13].into_iter().map(|number| {
                    let scope = read.find::<model::entities::AccessTokenScope>(id(number))?.unwrap();
                    assert_eq!((scope.object_version, scope.updated_at), (1, None));
                    Ok(scope.last_used_timestamp)
                }).collect()
            }).await;
            let grant = the_grant(&store, 1).await;
            assert_eq!((grant.object_version, grant.updated_at), (1, None), "a use is no change");
            (grant.last_used_timestamp, grant.last_used_ip_address, scopes.unwrap())
        };
        let address = |text: &str| Some(text.to_owned());
        note(at(10), Some("192.0.2.1"), &["read"]).await.unwrap_or_else(|error: StoreError| panic!("{error}"));
        assert_eq!(times().await, (Some(at(10)), address("192.0.2.1"), vec![Some(at(10)), None, None]));
        note(at(5), Some("192.0.2.2"), &["read", "update", "unknown"]).await.unwrap_or_else(|error: StoreError| panic!("{error}"));
        assert_eq!(times().await, (Some(at(10)), address("192.0.2.1"), vec![Some(at(10)), Some(at(5)), None]));
        note(at(20), Some("2001:db8::1"), &["read"]).await.unwrap_or_else(|error: StoreError| panic!("{error}"));
        assert_eq!(times().await, (Some(at(20)), address("2001:db8::1"), vec![Some(at(20)), Some(at(5)), None]));
        note(at(30), None, &[]).await.unwrap_or_else(|error: StoreError| panic!("{error}"));
        assert_eq!(times().await, (Some(at(30)), address("2001:db8::1"), vec![Some(at(20)), Some(at(5)), None]));
        assert_eq!(the_grant(&store, 2).await, grant(2), "another grant");
        assert_eq!(*reported.lock().unwrap(), 0, "no change is reported");
    }
}
