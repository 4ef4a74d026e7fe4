//! SQLite: one writer thread that commits queued transactions as a batch, and reader connections.

mod connection;
mod migrate;
mod readers;
#[cfg(test)]
mod tests;
mod watermark;

use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread;

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use self::connection::connect;
use self::connection::engine_error;
pub(super) use self::connection::{execute, query};
use self::readers::Readers;
use self::watermark::Watermark;
use super::{CommitObserver, Read, Session, StoreStats, Tx, TxEffects};
use crate::StoreError;

const BATCH: usize = 256;
const WAITING: usize = 4096;

/// Receives the outcome of the batch and acknowledges the job to its caller.
type Acknowledge = Box<dyn FnOnce(Result<(), StoreError>) + Send>;

/// The work of one transaction. It runs in a savepoint and returns its acknowledgement.
type Job = Box<dyn FnOnce(&Connection, &mut TxEffects) -> Acknowledge + Send>;

enum Message {
    Run(Job),
    Stop(oneshot::Sender<()>),
}

#[derive(Clone)]
pub(super) struct Sqlite {
    writer: mpsc::Sender<Message>,
    readers: Arc<Readers>,
    stats: Arc<StoreStats>,
}

impl Sqlite {
    pub(super) fn open(path: &Path, observer: CommitObserver) -> Result<Self, StoreError> {
        let connection = connect(path, false)?;
        migrate::migrate(&connection)?;
        let (counted, lost) = watermark::compare(&connection, path)?;
        if lost > 0 {
            tracing::error!(
                lost,
                "the database lacks commits that were acknowledged: its write-ahead log was damaged, or it was replaced by \
                 an older copy; revocations in these commits are lost"
            );
            observer.stats.note_lost(lost);
        }
        let watermark = Watermark::start(path, counted)?;
        let stats = Arc::clone(&observer.stats);
        let (writer, messages) = mpsc::channel(WAITING);
        thread::Builder::new()
            .name("registry-writer".to_owned())
            .spawn(move || Writer { connection, messages, observer, watermark }.run())
            .map_err(|error| StoreError::Open(error.to_string()))?;
        Ok(Self { writer, readers: Arc::new(Readers::new(path)), stats })
    }

    pub(super) async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + Sync + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let stats = Arc::clone(&self.stats);
        let job: Job = Box::new(move |connection, effects| {
            let outcome = in_savepoint(connection, effects, &work, &stats);
            Box::new(move |committed| {
                let outcome = committed.map_err(E::from).and(outcome);
                // If the caller is gone, the result is dropped; the work is committed nevertheless.
                let _ = answer.send(outcome);
            })
        });
        self.writer.send(Message::Run(job)).await.map_err(|_| E::from(stopping()))?;
        answered.await.map_err(|_| E::from(stopping()))?
    }

    pub(super) async fn read<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&Read<'_>) -> Result<T, E> + Send + 'static,
    {
        self.readers.read(work).await
    }

    pub(super) async fn close(&self) {
        // Readers close first: the writer's connection, as the last one, then checkpoints the log into a
        // single file.
        self.readers.close().await;
        let (stopped, wait) = oneshot::channel();
        if self.writer.send(Message::Stop(stopped)).await.is_ok() {
            let _ = wait.await;
        }
    }
}

fn stopping() -> StoreError {
    StoreError::Unavailable("the program is stopping".to_owned())
}

/// The writer thread. It commits queued jobs together, with one flush to disk.
struct Writer {
    connection: Connection,
    messages: mpsc::Receiver<Message>,
    observer: CommitObserver,
    watermark: Watermark,
}

impl Writer {
    fn run(mut self) {
        loop {
            match self.messages.blocking_recv() {
                Some(Message::Run(job)) => {
                    if let Some(stopped) = self.batch(job) {
                        break self.stop(stopped);
                    }
                }
                Some(Message::Stop(stopped)) => break self.stop(stopped),
                None => break,
            }
        }
    }

    fn stop(self, stopped: oneshot::Sender<()>) {
        drop(self.connection);
        self.watermark.stop();
        let _ = stopped.send(());
    }

    /// Runs the first job and the queued ones in one transaction.
    fn batch(&mut self, first: Job) -> Option<oneshot::Sender<()>> {
        let mut effects = TxEffects::default();
        let mut waiting = Vec::new();
        let mut stop = None;
        let before = self.connection.total_changes();
        let begun = self.connection.execute_batch("BEGIN IMMEDIATE").map_err(engine_error);
        if let Err(error) = begun {
            self.observer.stats.note_unavailable();
            // The job still runs to obtain its acknowledgement; without a transaction its savepoint is
            // refused.
            let acknowledge = first(&self.connection, &mut effects);
            acknowledge(Err(error));
            return None;
        }
        waiting.push(first(&self.connection, &mut effects));
        while waiting.len() < BATCH {
            match self.messages.try_recv() {
                Ok(Message::Run(job)) => waiting.push(job(&self.connection, &mut effects)),
                Ok(Message::Stop(stopped)) => {
                    stop = Some(stopped);
                    break;
                }
                Err(_) => break,
            }
        }
        let committed = self.commit(self.connection.total_changes() != before).map_err(engine_error);
        self.acknowledge(committed, &effects, waiting);
        stop
    }

    /// Commits the batch, and counts it if it changed the database.
    fn commit(&self, changed: bool) -> rusqlite::Result<()> {
        if !changed {
            return self.connection.execute_batch("COMMIT");
        }
        let count = self.watermark.count(&self.connection)?;
        self.connection.execute_batch("COMMIT")?;
        self.watermark.committed(count);
        Ok(())
    }

    fn acknowledge(&self, committed: Result<(), StoreError>, effects: &TxEffects, waiting: Vec<Acknowledge>) {
        match committed {
            Ok(()) => {
                self.observer.note(effects, waiting.len());
                waiting.into_iter().for_each(|acknowledge| acknowledge(Ok(())));
            }
            Err(error) => {
                let _ = self.connection.execute_batch("ROLLBACK");
                self.observer.stats.note_unavailable();
                let reason = error.to_string();
                for acknowledge in waiting {
                    acknowledge(Err(StoreError::Unavailable(reason.clone())));
                }
            }
        }
    }
}

/// Runs the work of one transaction inside the batch. If it fails or panics, the batch continues without
/// it.
fn in_savepoint<T, E: From<StoreError>>(
    connection: &Connection,
    effects: &mut TxEffects,
    work: &impl Fn(&mut Tx<'_>) -> Result<T, E>,
    stats: &StoreStats,
) -> Result<T, E> {
    if connection.is_autocommit() {
        return Err(StoreError::Unavailable("could not begin a transaction".to_owned()).into());
    }
    control(connection, "SAVEPOINT job")?;
    let mut tx = Tx::new(Session::Sqlite(connection));
    let outcome = std::panic::catch_unwind(AssertUnwindSafe(|| work(&mut tx)))
        .unwrap_or_else(|_| Err(StoreError::stopped("transaction").into()));
    let outcome = tx.outcome(outcome);
    if tx.unavailable.load(Ordering::Relaxed) {
        stats.note_unavailable();
    }
    if outcome.is_ok() {
        effects.append(&mut tx.effects);
    } else {
        end(connection, "ROLLBACK TO job")?;
    }
    end(connection, "RELEASE job")?;
    outcome
}

/// Ends a savepoint. If that fails, the job cannot be separated from the others, and the whole batch fails.
fn end(connection: &Connection, statement: &str) -> Result<(), StoreError> {
    control(connection, statement).inspect_err(|_| {
        // If this fails too, SQLite has rolled back by itself.
        let _ = connection.execute_batch("ROLLBACK");
    })
}

fn control(connection: &Connection, statement: &str) -> Result<(), StoreError> {
    connection
        .prepare_cached(statement)
        .and_then(|mut statement| statement.execute([]))
        .map_err(engine_error)?;
    Ok(())
}
