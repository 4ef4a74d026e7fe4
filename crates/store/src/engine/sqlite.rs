//! SQLite: one writer thread that commits many transactions at once, and reader connections.

mod connection;
mod readers;
#[cfg(test)]
mod tests;
mod watermark;

use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::sync::Arc;
use std::thread;

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use self::connection::connect;
pub(crate) use self::connection::engine_error;
pub(super) use self::connection::{execute, query};
use self::readers::Readers;
use self::watermark::Watermark;
use super::{Committed, Effects, Read, Session, Tx};
use crate::StoreError;
use crate::migrate;

const BATCH: usize = 256;
const WAITING: usize = 4096;

/// What is told to those who wait when a batch was committed, or was not.
type Acknowledge = Box<dyn FnOnce(Result<(), StoreError>) + Send>;

/// Work of one transaction: runs in a savepoint and gives back how to acknowledge it.
type Job = Box<dyn FnOnce(&Connection, &mut Effects) -> Acknowledge + Send>;

enum Message {
    Run(Job),
    Stop(oneshot::Sender<()>),
}

#[derive(Clone)]
pub(super) struct Sqlite {
    writer: mpsc::Sender<Message>,
    readers: Arc<Readers>,
}

impl Sqlite {
    pub(super) fn open(path: &Path, committed: Committed) -> Result<Self, StoreError> {
        let connection = connect(path, false)?;
        migrate::run_sqlite(&connection)?;
        let (counted, lost) = watermark::compare(&connection, path)?;
        if lost > 0 {
            tracing::error!(
                lost,
                "the database lacks commits that were acknowledged: its write-ahead log was damaged, or an older copy \
                 was put in its place; what was revoked by them is valid again"
            );
            committed.written.note_lost(lost);
        }
        let watermark = Watermark::start(path, counted)?;
        let (writer, messages) = mpsc::channel(WAITING);
        thread::Builder::new()
            .name("registry-writer".to_owned())
            .spawn(move || Writer { connection, messages, committed, watermark }.run())
            .map_err(|error| StoreError::Open(error.to_string()))?;
        Ok(Self { writer, readers: Arc::new(Readers::new(path)) })
    }

    pub(super) async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + Sync + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |connection, effects| {
            let outcome = in_savepoint(connection, effects, &work);
            Box::new(move |committed| {
                let outcome = committed.map_err(E::from).and(outcome);
                // Where the client has gone, nobody waits any more; the work is committed all the same.
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
        // The readers first: the last connection, the writer's, then leaves one whole file behind.
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

/// The one thread that writes: commits what waits together, with one flush to disk for all.
struct Writer {
    connection: Connection,
    messages: mpsc::Receiver<Message>,
    committed: Committed,
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

    /// Runs the first job and those that wait behind it in one transaction.
    fn batch(&mut self, first: Job) -> Option<oneshot::Sender<()>> {
        let mut effects = Effects::default();
        let mut waiting = Vec::new();
        let mut stop = None;
        let before = self.connection.total_changes();
        let begun = self.connection.execute_batch("BEGIN IMMEDIATE").map_err(engine_error);
        if let Err(error) = begun {
            // The job still runs, so that it can be acknowledged; without a transaction its savepoint is refused.
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

    /// Commits the batch; one that changed something is counted.
    fn commit(&self, changed: bool) -> rusqlite::Result<()> {
        if !changed {
            return self.connection.execute_batch("COMMIT");
        }
        let count = self.watermark.count(&self.connection)?;
        self.connection.execute_batch("COMMIT")?;
        self.watermark.committed(count);
        Ok(())
    }

    fn acknowledge(&self, committed: Result<(), StoreError>, effects: &Effects, waiting: Vec<Acknowledge>) {
        match committed {
            Ok(()) => {
                self.committed.note(effects, waiting.len());
                waiting.into_iter().for_each(|acknowledge| acknowledge(Ok(())));
            }
            Err(error) => {
                let _ = self.connection.execute_batch("ROLLBACK");
                let reason = error.to_string();
                for acknowledge in waiting {
                    acknowledge(Err(StoreError::Unavailable(reason.clone())));
                }
            }
        }
    }
}

/// Runs one transaction's work inside the batch; where it fails or panics, the batch goes on without it.
fn in_savepoint<T, E: From<StoreError>>(
    connection: &Connection,
    effects: &mut Effects,
    work: &impl Fn(&mut Tx<'_>) -> Result<T, E>,
) -> Result<T, E> {
    if connection.is_autocommit() {
        return Err(StoreError::Unavailable("no transaction could be begun".to_owned()).into());
    }
    control(connection, "SAVEPOINT job")?;
    let mut tx = Tx::new(Session::Sqlite(connection));
    let outcome = std::panic::catch_unwind(AssertUnwindSafe(|| work(&mut tx)))
        .unwrap_or_else(|_| Err(StoreError::stopped("transaction").into()));
    let outcome = tx.outcome(outcome);
    if outcome.is_ok() {
        effects.append(&mut tx.effects);
    } else {
        end(connection, "ROLLBACK TO job")?;
    }
    end(connection, "RELEASE job")?;
    outcome
}

/// Ends a savepoint. Where that fails, the job's work can no longer be told from the others': the whole batch fails.
fn end(connection: &Connection, statement: &str) -> Result<(), StoreError> {
    control(connection, statement).inspect_err(|_| {
        // Where this fails too, SQLite has rolled back by itself.
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
