//! What is recorded of a connection, with flushes and without.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::path::{Path, PathBuf};
use std::sync::mpsc;

use power_loss::{Chance, Files, Flushing, record};
use rusqlite::Connection;

const ROWS: i64 = 20;

/// Commits rows one by one, and loses power after each commit. Returns how many rows are there after each loss.
fn rows_after_losses(name: &str, flushing: Flushing) -> Vec<Option<i64>> {
    let folder = std::env::temp_dir().join(format!("grantor_recording_{name}_{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(folder.join("working")).unwrap();
    let (ask, asked) = mpsc::channel::<PathBuf>();
    let mut chance = Chance::new(7);
    let observer = move |files: &Files| {
        for place in asked.try_iter() {
            std::fs::create_dir(&place).unwrap();
            for (name, contents) in files.after_power_loss(&mut chance) {
                std::fs::write(place.join(name), contents).unwrap();
            }
        }
    };
    record(&folder.join("working"), flushing, observer).unwrap();
    let connection = Connection::open(folder.join("working/db")).unwrap();
    connection.pragma_update(None, "journal_mode", "WAL").unwrap();
    connection.pragma_update(None, "synchronous", "FULL").unwrap();
    connection.execute_batch("CREATE TABLE t (number INTEGER)").unwrap();
    let places: Vec<_> = (1..=ROWS).map(|number| folder.join(number.to_string())).collect();
    for (number, place) in (1..).zip(&places) {
        connection.execute("INSERT INTO t VALUES (?1)", [number]).unwrap();
        // The loss is before the next change, of which nothing is there.
        ask.send(place.clone()).unwrap();
    }
    connection.execute_batch("DELETE FROM t").unwrap();
    let rows = places.iter().map(|place| rows(&place.join("db"))).collect();
    drop(connection);
    std::fs::remove_dir_all(&folder).unwrap();
    rows
}

fn rows(database: &Path) -> Option<i64> {
    let connection = Connection::open(database).unwrap();
    connection.query_row("SELECT count(*) FROM t", [], |row| row.get(0)).ok()
}

#[test]
fn commits_survive_where_they_are_flushed() {
    let expected: Vec<_> = (1..=ROWS).map(Some).collect();
    assert_eq!(rows_after_losses("full", Flushing::AsSet), expected);
}

#[test]
fn commits_are_lost_where_they_are_not() {
    assert_eq!(rows_after_losses("off", Flushing::Off), vec![None; ROWS as usize]);
}
