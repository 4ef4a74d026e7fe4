//! A commit counter in a file beside the database. SQLite silently discards the rest of a damaged
//! write-ahead log, and creates a new database if the file was emptied. The counter detects both at the
//! next start.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rusqlite::Connection;

use super::engine_error;
use crate::StoreError;

/// Interval at which the file is written, if there were commits.
const INTERVAL: Duration = Duration::from_secs(1);

/// The counter, and the thread that writes it to the file.
pub(super) struct Watermark {
    shared: Arc<Shared>,
    thread: JoinHandle<()>,
}

struct Shared {
    committed: AtomicU64,
    stopping: AtomicBool,
}

/// Returns the number of commits in the database.
fn counted(connection: &Connection) -> Result<u64, StoreError> {
    let count: i64 = connection
        .query_row("SELECT \"count\" FROM \"grantor_commits\"", [], |row| row.get(0))
        .map_err(engine_error)?;
    u64::try_from(count).map_err(|_| StoreError::Engine("the commit counter is negative".to_owned()))
}

/// Compares the database with the file beside it. Returns the number of commits in the database, and the
/// number of commits in the file that the database lacks. An empty file counts as absent: a power failure
/// may leave one.
///
/// # Errors
/// [`StoreError::Emptied`] if the file counts commits and the database has none; [`StoreError::Open`] if
/// the file cannot be read.
pub(super) fn compare(connection: &Connection, database: &Path) -> Result<(u64, u64), StoreError> {
    let inside = counted(connection)?;
    let file = beside(database);
    let outside = match std::fs::read_to_string(&file) {
        Ok(text) if text.trim().is_empty() => {
            tracing::warn!("commit counter file {} is empty; lost commits are not detected", file.display());
            0
        }
        Ok(text) => text.trim().parse::<u64>().map_err(|_| unreadable(&file, "it is not a number"))?,
        Err(error) if error.kind() == ErrorKind::NotFound => 0,
        Err(error) => return Err(unreadable(&file, error)),
    };
    if inside == 0 && outside > 0 {
        return Err(StoreError::Emptied { database: database.to_owned(), file, commits: outside });
    }
    Ok((inside, outside.saturating_sub(inside)))
}

fn beside(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(".commits");
    name.into()
}

fn unreadable(file: &Path, why: impl std::fmt::Display) -> StoreError {
    StoreError::Open(format!(
        "commit counter file {}: {why}; remove it to start without the check",
        file.display()
    ))
}

impl Watermark {
    /// Starts the thread that writes the counter to the file.
    pub(super) fn start(database: &Path, committed: u64) -> Result<Self, StoreError> {
        let shared = Arc::new(Shared { committed: committed.into(), stopping: AtomicBool::new(false) });
        let (file, of_thread) = (beside(database), Arc::clone(&shared));
        let thread = thread::Builder::new()
            .name("registry-watermark".to_owned())
            .spawn(move || of_thread.keep(&file))
            .map_err(|error| StoreError::Open(error.to_string()))?;
        Ok(Self { shared, thread })
    }

    /// Increments the counter in the transaction that is about to be committed. Returns the new value.
    pub(super) fn count(&self, connection: &Connection) -> rusqlite::Result<u64> {
        let next = self.shared.committed.load(Ordering::Relaxed) + 1;
        let mut statement = connection.prepare_cached("UPDATE \"grantor_commits\" SET \"count\" = ?1")?;
        statement.execute([i64::try_from(next).unwrap_or(i64::MAX)])?;
        Ok(next)
    }

    /// Records that the transaction with this count is on disk.
    pub(super) fn committed(&self, count: u64) {
        self.shared.committed.store(count, Ordering::Release);
    }

    /// Writes the last count and ends the thread.
    pub(super) fn stop(self) {
        self.shared.stopping.store(true, Ordering::Release);
        self.thread.thread().unpark();
        if self.thread.join().is_err() {
            tracing::error!("the commit counter thread panicked");
        }
    }
}

impl Shared {
    fn keep(&self, file: &Path) {
        let mut written = None;
        loop {
            let stopping = self.stopping.load(Ordering::Acquire);
            let committed = self.committed.load(Ordering::Acquire);
            if written != Some(committed) {
                match write(file, committed) {
                    Ok(()) => written = Some(committed),
                    Err(error) => tracing::warn!(%error, "writing {} failed; will retry", file.display()),
                }
            }
            if stopping {
                return;
            }
            thread::park_timeout(INTERVAL);
        }
    }
}

/// Replaces the file, so that readers see either the old or the new count, also after a power failure: the
/// new file is flushed before it is renamed. The rename is not: a count that is too low raises no alarm.
fn write(file: &Path, count: u64) -> std::io::Result<()> {
    let new = file.with_extension("commits-new");
    let mut open = OpenOptions::new();
    let mut opened = open.create(true).truncate(true).write(true).mode(0o600).open(&new)?;
    opened.write_all(count.to_string().as_bytes())?;
    opened.sync_all()?;
    std::fs::rename(new, file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_file_counts_as_absent() {
        let folder = std::env::temp_dir().join(format!("grantor-watermark-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let database = folder.join("registry.db");
        let connection = Connection::open_in_memory().unwrap();
        connection
            .execute_batch(
                "CREATE TABLE grantor_commits (count INTEGER); INSERT INTO grantor_commits VALUES (5)",
            )
            .unwrap();
        assert_eq!(compare(&connection, &database).unwrap(), (5, 0), "no file");
        for (text, expected) in
            [("", Some(0)), ("\n", Some(0)), ("5", Some(0)), ("7\n", Some(2)), ("five", None), ("-1", None)]
        {
            std::fs::write(beside(&database), text).unwrap();
            assert_eq!(compare(&connection, &database).ok(), expected.map(|lost| (5, lost)), "{text:?}");
        }
        write(&beside(&database), 12).unwrap();
        assert_eq!(compare(&connection, &database).unwrap(), (5, 7));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
