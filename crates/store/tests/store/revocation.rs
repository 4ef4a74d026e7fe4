//! Revocation of a grant includes its descendants.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use model::Uuid;
use model::entities::{AccessToken, RevocationReason};
use store::{RevokedGrant, Store, StoreError};

use crate::sample::*;

async fn add(store: &Store, grants: Vec<AccessToken>) {
    let added = store.write(move |tx| grants.iter().try_for_each(|grant| tx.insert_grant(grant, &[])));
    added.await.unwrap_or_else(|error: StoreError| panic!("{error}"));
}

async fn revoke(store: &Store, number: u128, seconds: i64) -> Vec<RevokedGrant> {
    let revoked: Result<_, StoreError> =
        store.write(move |tx| tx.revoke_tree(id(number), RevocationReason::Requested, at(seconds))).await;
    revoked.unwrap()
}

fn ids(revoked: &[RevokedGrant]) -> BTreeSet<Uuid> {
    revoked.iter().map(|grant| grant.id).collect()
}

async fn the_grant(store: &Store, number: u128) -> AccessToken {
    let found: Result<_, StoreError> = store.read(move |read| read.find(id(number))).await;
    found.unwrap().unwrap()
}

both_engines! {
    async fn a_whole_tree_is_revoked_and_nothing_else(engine: TestEngine) {
        let reported = Arc::new(Mutex::new(BTreeSet::new()));
        let reporting = Arc::clone(&reported);
        let store = engine
            .open_with(Arc::new(move |touched| {
                reporting.lock().unwrap().extend(touched.iter().map(|touched| touched.id));
            }))
            .await;
        // 1 → 2, 3; 2 → 4, 5; 4 → 6; 6 → 7. 8 is another root, with the child 9.
        let tree = [(2, 1), (3, 1), (4, 2), (5, 2), (6, 4), (7, 6), (9, 8)];
        let children = tree.map(|(number, parent)| child(number, parent));
        add(&store, [grant(1), grant(8)].into_iter().chain(children).collect()).await;
        let counted: Result<_, StoreError> = store.read(|read| read.count_descendants(id(1))).await;
        assert_eq!(counted.unwrap(), 6);

        let first = revoke(&store, 4, 10).await;
        assert_eq!(ids(&first), [4, 6, 7].map(id).into());
        assert!(first.iter().all(|revoked| revoked.key == format!("key-{:032x}", revoked.id.as_u128())));
        assert_eq!(*reported.lock().unwrap(), ids(&first));
        assert_eq!(ids(&revoke(&store, 1, 20).await), [1, 2, 3, 5].map(id).into(), "those not revoked before");
        for number in 1..=9 {
            let grant = the_grant(&store, number).await;
            let (revoked, version) = match number {
                4 | 6 | 7 => (Some(at(10)), 2),
                8 | 9 => (None, 1),
                _ => (Some(at(20)), 2),
            };
            assert_eq!((grant.revoked_timestamp, grant.object_version), (revoked, version), "{number}");
        }
        assert!(revoke(&store, 1, 30).await.is_empty());
        assert!(revoke(&store, 99, 30).await.is_empty());
    }

    async fn a_revoked_grant_has_no_new_children(engine: TestEngine) {
        let store = engine.open().await;
        add(&store, vec![grant(1)]).await;
        revoke(&store, 1, 10).await;
        for parent in [1, 99] {
            let refused: Result<(), StoreError> =
                store.write(move |tx| tx.insert_grant(&child(2, parent), &[scope(3, id(2), "read")])).await;
            assert!(matches!(refused, Err(StoreError::ParentGone)), "{refused:?}");
        }
        let found: Result<Option<AccessToken>, StoreError> = store.read(|read| read.find(id(2))).await;
        assert_eq!(found.unwrap(), None);
    }

    async fn a_generation_may_be_large(engine: TestEngine) {
        let store = engine.open().await;
        let children = (2..40_000).map(|number| child(number, 1));
        add(&store, std::iter::once(grant(1)).chain(children).chain([child(50_000, 39_999)]).collect()).await;
        assert_eq!(revoke(&store, 1, 10).await.len(), 40_000);
    }

    async fn no_child_outlives_its_parent_in_a_race(engine: TestEngine) {
        let store = engine.open().await;
        let (mut born, mut refused) = (0, 0);
        for round in 0..40_u128 {
            let root = (round + 1) * 1000;
            add(&store, vec![grant(root), child(root + 1, root)]).await;
            // Children of the root and of its child are inserted while the root is revoked.
            let mut births = (2..14).map(|number| {
                let store = store.clone();
                tokio::spawn(async move {
                    let parent = root + number % 2;
                    store.write(move |tx| tx.insert_grant(&child(root + number, parent), &[])).await
                })
            });
            let before: Vec<_> = births.by_ref().take(6).collect();
            let death = { let store = store.clone(); tokio::spawn(async move { revoke(&store, root, 10).await }) };
            for birth in before.into_iter().chain(births.collect::<Vec<_>>()) {
                match birth.await.unwrap() {
                    Ok(()) => born += 1,
                    Err(StoreError::ParentGone) => refused += 1,
                    Err(other) => panic!("{other}"),
                }
            }
            death.await.unwrap();
        }
        let live = "SELECT count(*) || '' FROM \"Sec_Access_Tokens\" WHERE revoked_timestamp IS NULL";
        assert_eq!(engine.texts(live).await, [["0"]], "of {born} children");
        assert!(born > 0 && refused > 0, "{born} were born and {refused} refused: the race tells nothing");
    }
}
