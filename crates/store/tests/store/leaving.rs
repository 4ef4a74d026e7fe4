//! Running statements when the caller goes away or the server closes connections.

use std::time::Duration;

use model::Record;
use model::entities::{TrustedApplication, User};
use model::query::{Actor, Object, Page, Query};
use store::{Store, StoreError};
use tokio::task::JoinHandle;

use crate::engine::TestEngine;
use crate::question::*;
use crate::sample::*;

/// More than the number of connections of either engine.
const CLIENTS: usize = 20;
/// Much less than the statement timeout.
const SOON: Duration = Duration::from_secs(30);

/// Makes every query of users run forever.
async fn make_users_endless(engine: &TestEngine) {
    let never = if engine.is_postgres() {
        "pg_sleep(3600) IS NOT NULL"
    } else {
        "(WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 1000000000000) SELECT count(*) FROM c) > 0"
    };
    let hide = r#"ALTER TABLE "Sec_Users" RENAME TO hidden"#;
    let view = format!(r#"CREATE VIEW "Sec_Users" AS SELECT * FROM hidden WHERE {never}"#);
    engine.execute(&format!("{hide}; {view}")).await;
}

async fn with_endless_users(engine: &TestEngine) -> Store {
    let store = engine.open().await;
    let written: Result<(), StoreError> = store
        .write(|tx| {
            tx.insert(&user(1))?;
            tx.insert(&application(1))
        })
        .await;
    written.unwrap();
    make_users_endless(engine).await;
    store
}

fn ask_for_users(store: &Store) -> JoinHandle<Result<Page, StoreError>> {
    let store = store.clone();
    let query = bind(User::entity(), &Query::default(), Actor::SYSTEM);
    tokio::spawn(async move { store.read(move |read| read.page(&query)).await })
}

async fn applications(store: &Store) -> Vec<Object> {
    page::<TrustedApplication>(store, &Query::default(), Actor::SYSTEM).await.objects
}

both_engines! {
    /// Callers that went away do not occupy connections.
    async fn abandoned_statements_are_cancelled(engine: TestEngine) {
        let store = with_endless_users(&engine).await;
        let asked: Vec<_> = (0..CLIENTS).map(|_| ask_for_users(&store)).collect();
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert!(asked.iter().all(|client| !client.is_finished()), "the statements are running");
        asked.iter().for_each(JoinHandle::abort);
        let found = tokio::time::timeout(SOON, applications(&store)).await;
        assert_eq!(found.expect("a connection is free").len(), 1);
        tokio::time::timeout(SOON, store.close()).await.expect("nothing runs any more");
    }
}

/// The server closes connections during statements: running calls fail, later ones succeed.
#[test]
fn a_cut_connection_fails_what_it_carried_and_nothing_else() {
    crate::engine::block_on(async {
        let engine = TestEngine::postgres().await;
        let store = with_endless_users(&engine).await;
        for _ in 0..3 {
            let asked: Vec<_> = (0..CLIENTS).map(|_| ask_for_users(&store)).collect();
            tokio::time::sleep(Duration::from_millis(300)).await;
            let mut ended = 0;
            // Calls that waited for a connection get one only after others have lost theirs.
            while !asked.iter().all(JoinHandle::is_finished) {
                let cut = "SELECT count(pg_terminate_backend(pid))::text FROM pg_stat_activity \
                           WHERE datname = current_database() AND pid <> pg_backend_pid()";
                ended += engine.texts(cut).await[0][0].parse::<usize>().unwrap();
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            assert!(ended >= CLIENTS);
            for client in asked {
                let outcome = client.await.unwrap();
                assert!(matches!(outcome, Err(StoreError::Unavailable(_))), "{outcome:?}");
            }
            assert_eq!(applications(&store).await.len(), 1);
        }
    });
}
