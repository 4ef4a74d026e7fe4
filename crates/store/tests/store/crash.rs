//! Acknowledged means on disk: transactions that a killed process had acknowledged are present afterwards.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use model::entities::User;
use store::{Location, Store, StoreError};

use crate::sample::*;

const PLACE: &str = "GRANTOR_STORE_CRASH";
const WRITERS: u128 = 8;

/// Writes until it is killed, if the environment names a database; otherwise does nothing.
#[test]
fn writes_until_it_is_killed() {
    let Ok(place) = std::env::var(PLACE) else { return };
    let location = match place.strip_prefix("sqlite ") {
        Some(path) => Location::Sqlite(path.into()),
        None => Location::Postgres(place),
    };
    crate::engine::block_on(async {
        let store = Store::open(&location, Arc::new(|_| {})).await.unwrap();
        let writers = (0..WRITERS).map(|writer| {
            let store = store.clone();
            tokio::spawn(async move {
                for number in (writer..).step_by(WRITERS as usize) {
                    let written: Result<(), StoreError> =
                        store.write(move |tx| tx.insert(&user(number))).await;
                    written.unwrap();
                    // Not `print`, which the test runner would capture.
                    std::io::stdout().write_all(format!("\nacknowledged {number}\n").as_bytes()).unwrap();
                }
            })
        });
        for writer in writers.collect::<Vec<_>>() {
            writer.await.unwrap();
        }
    });
}

/// Lets a process write until it has acknowledged a number of transactions, kills it shortly after, and
/// returns the acknowledged ones.
fn kill_a_writer(place: &str, after: usize, moment: Duration) -> Vec<u128> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "crash::writes_until_it_is_killed", "--nocapture"])
        .env(PLACE, place)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut acknowledged = Vec::new();
    for line in lines.map_while(Result::ok) {
        if let Some(number) = line.strip_prefix("acknowledged ") {
            acknowledged.push(number.parse().unwrap());
            if acknowledged.len() == after {
                std::thread::sleep(moment);
                child.kill().unwrap();
            }
        }
    }
    let status = child.wait().unwrap();
    assert!(!status.success(), "it exited before it was killed");
    assert!(acknowledged.len() >= after, "it ended after {}: {status}", acknowledged.len());
    acknowledged
}

both_engines! {
    async fn acknowledged_commits_survive_a_kill(engine: TestEngine) {
        let place = match &engine.location {
            Location::Sqlite(path) => format!("sqlite {}", path.display()),
            Location::Postgres(url) => url.clone(),
        };
        for (after, micros) in [(1, 0), (57, 1700), (200, 350)] {
            let place = place.clone();
            let kill = move || kill_a_writer(&place, after, Duration::from_micros(micros));
            let acknowledged = tokio::task::spawn_blocking(kill).await.unwrap();
            let store = engine.open().await;
            let found: Result<(), StoreError> = store.read(move |read| {
                for number in acknowledged {
                    assert!(read.find::<User>(id(number))?.is_some(), "{number} was acknowledged and is lost");
                }
                Ok(())
            }).await;
            found.unwrap();
            store.close().await;
            if engine.is_postgres() {
                // The server may still run the last statements of the killed process.
                engine.execute(
                    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity \
                     WHERE datname = current_database() AND pid <> pg_backend_pid()",
                ).await;
            }
            engine.execute("DELETE FROM \"Sec_Users\"").await;
        }
    }
}
