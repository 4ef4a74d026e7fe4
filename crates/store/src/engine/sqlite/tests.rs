//! The writer's connection: its settings, and a full disk.

use rusqlite::types::FromSql;
use tokio::sync::oneshot;

use super::*;
use crate::engine::Session;
use crate::{Location, Store};

/// `PRAGMA synchronous` as SQLite numbers it: the write-ahead log is flushed at every commit.
const FULL: i64 = 2;

fn pragma<T: FromSql>(connection: &Connection, name: &str) -> T {
    connection.pragma_query_value(None, name, |row| row.get(0)).unwrap()
}

#[tokio::test]
async fn every_commit_of_the_writer_is_flushed() {
    let folder = std::env::temp_dir().join(format!("grantor_store_writer_{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let committed = CommitObserver { on_commit: Arc::new(|_| {}), stats: Arc::default() };
    let sqlite = Sqlite::open(&folder.join("registry.db"), committed).unwrap();
    let (answer, answered) = oneshot::channel();
    let job: Job = Box::new(move |writer, _| {
        let synchronous: i64 = pragma(writer, "synchronous");
        let journal_mode: String = pragma(writer, "journal_mode");
        answer.send((synchronous, journal_mode)).unwrap();
        Box::new(|_| {})
    });
    sqlite.writer.send(Message::Run(job)).await.unwrap();
    assert_eq!(answered.await.unwrap(), (FULL, "wal".to_owned()));
    sqlite.close().await;
    std::fs::remove_dir_all(&folder).unwrap();
}

/// A database that must not grow.
async fn full(folder: &Path) -> Store {
    let store = Store::open(&Location::Sqlite(folder.join("registry.db")), Arc::new(|_| {})).await.unwrap();
    let limited: Result<(), StoreError> = store
        .write(|tx| {
            let Session::Sqlite(connection) = &tx.session else { unreachable!() };
            // The lowest possible limit is the present size.
            connection.query_row("PRAGMA max_page_count = 1", [], |_| Ok(())).map_err(engine_error)
        })
        .await;
    limited.unwrap();
    store
}

/// A write that does not fit is counted as unavailable, also where a smaller one fits.
#[test]
fn writes_that_find_no_space_are_counted() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(fill());
}

async fn fill() {
    let folder = std::env::temp_dir().join(format!("grantor-full-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let store = full(&folder).await;
    let write = |bytes: usize| {
        let text = "x".repeat(bytes);
        store.write(move |tx| -> Result<(), StoreError> { tx.replace_fact("probe", &text) })
    };
    let before = store.stats().unavailable();
    assert!(matches!(write(1 << 20).await, Err(StoreError::Unavailable(_))));
    assert!(store.stats().unavailable() > before);
    let before = store.stats().unavailable();
    write(1).await.unwrap();
    assert_eq!(store.stats().unavailable(), before);
    store.close().await;
    std::fs::remove_dir_all(&folder).unwrap();
}
