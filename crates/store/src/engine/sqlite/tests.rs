//! Settings of the writer's connection.

use std::sync::Arc;

use rusqlite::Connection;
use rusqlite::types::FromSql;
use tokio::sync::oneshot;

use super::{Job, Message, Sqlite};
use crate::engine::CommitObserver;

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
