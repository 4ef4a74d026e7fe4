//! EndedGrant grants are found by their indexes and removed in batches, except those with remaining children.

use model::Uuid;
use model::entities::{AccessToken, AccessTokenScope, GrantKind};
use store::{END_COLUMNS, Store, StoreError, Tx};

use crate::engine::TestEngine;
use crate::sample::*;

/// Returns a grant that expired at a time, with an optional parent.
fn expired(number: u128, seconds: i64, parent: Option<u128>) -> AccessToken {
    AccessToken { expire_timestamp: Some(at(seconds)), parent_id: parent.map(id), ..grant(number) }
}

async fn world(engine: &TestEngine) -> Store {
    let store = engine.open().await;
    let written: Result<(), StoreError> = store
        .write(|tx| {
            // A family: its root and two refresh tokens have expired, the third has not.
            tx.insert(&expired(1, 10, None))?;
            tx.insert(&expired(2, 20, Some(1)))?;
            tx.insert(&expired(3, 30, Some(2)))?;
            tx.insert(&expired(4, 9000, Some(1)))?;
            tx.insert(&AccessToken { revoked_timestamp: Some(at(40)), ..grant(5) })?;
            tx.insert(&AccessToken { consumed_timestamp: Some(at(40)), ..grant(6) })?;
            tx.insert(&grant(7))?;
            tx.insert(&expired(8, 100, None))?;
            (0..3).try_for_each(|number| tx.insert(&scope(100 + number, id(3), "read")))
        })
        .await;
    written.unwrap();
    store
}

/// Returns the plans of the statements that `work` runs.
async fn explained<F>(store: &Store, work: F) -> String
where
    F: Fn(&mut Tx<'_>) -> Result<(), StoreError> + Send + Sync + 'static,
{
    store.explain(work).await.unwrap().join("\n")
}

async fn left(store: &Store) -> Vec<Uuid> {
    let rows: Result<Vec<AccessToken>, StoreError> = store.read(|read| read.list_after(None, 1000)).await;
    rows.unwrap().into_iter().map(|row| row.id).collect()
}

/// Goes once through the grants that ended before a time, in batches of `limit`. Returns the number of
/// removed grants.
async fn round(store: &Store, before: i64, limit: u64) -> u64 {
    let mut removed = 0;
    for end in END_COLUMNS {
        let mut after = None;
        loop {
            let found: Result<Vec<_>, StoreError> =
                store.read(move |read| read.list_ended(end, at(before), after, limit)).await;
            let found = found.unwrap();
            assert!(found.len() as u64 <= limit && found.is_sorted());
            let Some(last) = found.last() else { break };
            after = Some(*last);
            let ids: Vec<_> = found.into_iter().map(|(_, id)| id).collect();
            let some: Result<u64, StoreError> =
                store.write(move |tx| Ok(tx.remove_grants(&ids)?.len() as u64)).await;
            removed += some.unwrap();
        }
    }
    removed
}

both_engines! {
    async fn grants_with_children_stay(engine: TestEngine) {
        let store = world(&engine).await;
        let mut rounds = 0;
        while round(&store, 100, 2).await > 0 {
            rounds += 1;
        }
        assert!(rounds <= 3, "{rounds}");
        let expected: Vec<_> = [1, 4, 6, 7, 8].map(id).into();
        assert_eq!(left(&store).await, expected, "the root of a live family, the consumed grant without an end, the live ones, the one that ended later");
        let scopes: Result<u64, StoreError> = store.read(|read| read.count_rows::<AccessTokenScope>()).await;
        assert_eq!(scopes.unwrap(), 0, "dependent rows are removed");
        while round(&store, 10_000, 2).await > 0 {}
        assert_eq!(left(&store).await, [6, 7].map(id), "the whole family, once its last ended");
    }

    /// While a family lives, the keys of its consumed refresh tokens are known, although their rows were
    /// removed.
    async fn used_refresh_tokens_are_known_while_their_family_lives(engine: TestEngine) {
        let store = engine.open().await;
        let refresh = |number, seconds, consumed: Option<i64>| AccessToken {
            kind: GrantKind::RefreshToken,
            consumed_timestamp: consumed.map(at),
            ..expired(number, seconds, Some(1))
        };
        let rows = [
            expired(1, 10, None),
            refresh(2, 20, Some(15)),
            refresh(3, 30, None),
            AccessToken { revoked_timestamp: Some(at(20)), ..refresh(4, 25, Some(15)) },
            refresh(5, 9000, None),
        ];
        let written: Result<(), StoreError> =
            store.write(move |tx| rows.iter().try_for_each(|row| tx.insert(row))).await;
        written.unwrap();
        while round(&store, 100, 2).await > 0 {}
        assert_eq!(left(&store).await, [1, 5].map(id));
        let known = |number| {
            let key = grant(number).access_token_key;
            store.read(move |read| read.find_used_refresh_token(&key))
        };
        assert_eq!(known(2).await.unwrap(), Some(id(1)));
        for number in [3, 4, 5] {
            assert_eq!(known(number).await.unwrap(), None, "{number}: not consumed, or revoked");
        }
        while round(&store, 10_000, 2).await > 0 {}
        assert_eq!(known(2).await.unwrap(), None, "removed with the family");
    }

    async fn removals_use_indexes(engine: TestEngine) {
        let store = crate::plans::many_grants(&engine).await;
        if engine.is_postgres() {
            store.close().await;
            engine.execute("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET enable_seqscan = off', current_database()); END $$").await;
        }
        let store = engine.open().await;
        for end in END_COLUMNS {
            let after = Some((at(10_000), id(10_000)));
            let plan = explained(&store, move |tx| {
                tx.list_ended(end, at(19_000), after, 100)?;
                tx.remove_grants(&[id(10_000)]).map(drop)
            })
            .await;
            assert!(!plan.contains("Seq Scan") && !plan.contains("Sort") && !plan.contains("TEMP B-TREE"), "{plan}");
            assert!(!plan.contains("SCAN Sec_Access_Tokens") && !plan.contains("SCAN children"), "{plan}");
            assert!(plan.contains(end.0) && plan.contains("parent_id"), "{plan}");
        }
        let plan = explained(&store, |tx| tx.remove_expired_rows(START, 100).map(drop)).await;
        assert!(!plan.contains("Seq Scan"), "{plan}");
        for table in ["user_codes", "pushed_requests", "refresh_answers", "used_ids", "attempts", "logouts"] {
            assert!(plan.contains(&format!("grantor_{table}_expires_at")), "{table} by its index: {plan}");
        }
        let plan = explained(&store, |tx| tx.remove_events(START, 100).map(drop)).await;
        assert!(!plan.contains("Seq Scan") && plan.contains("sec_audit_events_time_utc"), "{plan}");
        let plan = explained(&store, |tx| tx.take_expired_sessions(START, 100).map(drop)).await;
        assert!(!plan.contains("Seq Scan") && plan.contains("grantor_sessions_expires_at"), "{plan}");
    }
}
