//! SQLite: one writer thread that commits many transactions at once, and reader connections.

use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use rusqlite::functions::FunctionFlags;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags, params_from_iter};
use tokio::sync::{Semaphore, mpsc, oneshot};

use super::{Commit, Read, Row, Session, Touched, Tx};
use crate::StoreError;
use crate::cell::Cell;
use crate::migrate;
use crate::sql::{Sql, checked, unbindable};

const READERS: usize = 4;
const BATCH: usize = 256;
const WAITING: usize = 4096;

/// What is told to those who wait when a batch was committed, or was not.
type Acknowledge = Box<dyn FnOnce(Result<(), StoreError>) + Send>;

/// Work of one transaction: runs in a savepoint and gives back how to acknowledge it.
type Job = Box<dyn FnOnce(&Connection, &mut Vec<Touched>) -> Acknowledge + Send>;

enum Message {
    Run(Job),
    Stop(oneshot::Sender<()>),
}

#[derive(Clone)]
pub(super) struct Sqlite {
    writer: mpsc::Sender<Message>,
    readers: Arc<Readers>,
}

struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
    places: Arc<Semaphore>,
}

impl Sqlite {
    pub(super) fn open(path: &Path, on_commit: Commit) -> Result<Self, StoreError> {
        let connection = connect(path, false)?;
        migrate::run_sqlite(&connection)?;
        let (writer, messages) = mpsc::channel(WAITING);
        thread::Builder::new()
            .name("registry-writer".to_owned())
            .spawn(move || Writer { connection, messages, on_commit }.run())
            .map_err(|error| StoreError::Open(error.to_string()))?;
        let places = Arc::new(Semaphore::new(READERS));
        let readers = Readers { path: path.to_owned(), idle: Mutex::default(), places };
        Ok(Self { writer, readers: Arc::new(readers) })
    }

    pub(super) async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + Sync + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |connection, touched| {
            let outcome = in_savepoint(connection, touched, &work);
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
        let readers = Arc::clone(&self.readers);
        let place = Arc::clone(&readers.places).acquire_owned().await.map_err(|_| E::from(stopping()))?;
        let task = tokio::task::spawn_blocking(move || {
            // Kept until the work ends, also where the client has gone meanwhile.
            let _place = place;
            let connection = readers.take().map_err(E::from)?;
            let outcome = work(&Read::new(Session::Sqlite(&connection)));
            readers.give_back(connection);
            outcome
        });
        task.await.map_err(|_| E::from(StoreError::stopped("reading")))?
    }

    pub(super) async fn close(&self) {
        // The readers first: the last connection, the writer's, then leaves one whole file behind.
        let all = u32::try_from(READERS).unwrap_or(u32::MAX);
        if self.readers.places.acquire_many(all).await.is_ok() {
            self.readers.places.close();
            self.readers.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
        }
        let (stopped, wait) = oneshot::channel();
        if self.writer.send(Message::Stop(stopped)).await.is_ok() {
            let _ = wait.await;
        }
    }
}

fn stopping() -> StoreError {
    StoreError::Unavailable("the program is stopping".to_owned())
}

impl Readers {
    fn take(&self) -> Result<Connection, StoreError> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        idle.map_or_else(|| connect(&self.path, true), Ok)
    }

    fn give_back(&self, connection: Connection) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
    }
}

/// The one thread that writes: commits what waits together, with one flush to disk for all.
struct Writer {
    connection: Connection,
    messages: mpsc::Receiver<Message>,
    on_commit: Commit,
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
        let _ = stopped.send(());
    }

    /// Runs the first job and those that wait behind it in one transaction.
    fn batch(&mut self, first: Job) -> Option<oneshot::Sender<()>> {
        let mut touched = Vec::new();
        let mut waiting = Vec::new();
        let mut stop = None;
        let begun = self.connection.execute_batch("BEGIN IMMEDIATE").map_err(engine_error);
        if let Err(error) = begun {
            // The job still runs, so that it can be acknowledged; without a transaction its savepoint is refused.
            let acknowledge = first(&self.connection, &mut touched);
            acknowledge(Err(error));
            return None;
        }
        waiting.push(first(&self.connection, &mut touched));
        while waiting.len() < BATCH {
            match self.messages.try_recv() {
                Ok(Message::Run(job)) => waiting.push(job(&self.connection, &mut touched)),
                Ok(Message::Stop(stopped)) => {
                    stop = Some(stopped);
                    break;
                }
                Err(_) => break,
            }
        }
        let committed = self.connection.execute_batch("COMMIT").map_err(engine_error);
        self.acknowledge(committed, &touched, waiting);
        stop
    }

    fn acknowledge(&self, committed: Result<(), StoreError>, touched: &[Touched], waiting: Vec<Acknowledge>) {
        match committed {
            Ok(()) => {
                (self.on_commit)(touched);
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
    touched: &mut Vec<Touched>,
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
        touched.append(&mut tx.touched);
    } else {
        control(connection, "ROLLBACK TO job")?;
    }
    control(connection, "RELEASE job")?;
    outcome
}

fn control(connection: &Connection, statement: &str) -> Result<(), StoreError> {
    connection
        .prepare_cached(statement)
        .and_then(|mut statement| statement.execute([]))
        .map_err(engine_error)?;
    Ok(())
}

fn connect(path: &Path, read_only: bool) -> Result<Connection, StoreError> {
    let access = if read_only {
        OpenFlags::SQLITE_OPEN_READ_ONLY
    } else {
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE
    };
    let opened = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX);
    let prepared = opened.and_then(|connection| {
        connection.busy_timeout(std::time::Duration::from_secs(10))?;
        if !read_only {
            connection.pragma_update(None, "journal_mode", "WAL")?;
            // Acknowledged means on disk: the log is flushed at every commit.
            connection.pragma_update(None, "synchronous", "FULL")?;
        }
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.pragma_update(None, "trusted_schema", false)?;
        connection.pragma_update(None, "cache_size", -32_000)?;
        connection.pragma_update(None, "mmap_size", 256 << 20)?;
        connection.set_prepared_statement_cache_capacity(256);
        add_functions(&connection)?;
        Ok(connection)
    });
    prepared.map_err(|error| StoreError::Open(format!("{}: {error}", path.display())))
}

/// The functions that PostgreSQL has from the migrations, under the same names.
fn add_functions(connection: &Connection) -> rusqlite::Result<()> {
    type Test = fn(&str, &str) -> bool;
    const TESTS: [(&str, Test); 3] = [
        ("od_contains", |text, part| text.contains(part)),
        ("od_starts_with", |text, part| text.starts_with(part)),
        ("od_ends_with", |text, part| text.ends_with(part)),
    ];
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    for (name, test) in TESTS {
        connection.create_scalar_function(name, 2, flags, move |context| {
            let text = context.get_raw(0).as_str_or_null()?;
            let part = context.get_raw(1).as_str_or_null()?;
            Ok(text.zip(part).map(|(text, part)| test(text, part)))
        })?;
    }
    connection.create_scalar_function("od_fold", 1, flags, |context| {
        Ok(context.get_raw(0).as_str_or_null()?.map(str::to_lowercase))
    })
}

pub(super) fn query(connection: &Connection, sql: &Sql) -> Result<Vec<Row>, StoreError> {
    let mut statement = connection.prepare_cached(&sql.text).map_err(engine_error)?;
    let width = statement.column_count();
    let values = params(&sql.values)?;
    let mut rows = statement.query(params_from_iter(values)).map_err(engine_error)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(engine_error)? {
        let cells = (0..width).map(|index| row.get_ref(index).map_err(engine_error).and_then(cell));
        found.push(cells.collect::<Result<Row, _>>()?);
    }
    Ok(found)
}

pub(super) fn execute(connection: &Connection, sql: &Sql) -> Result<u64, StoreError> {
    let mut statement = connection.prepare_cached(&sql.text).map_err(engine_error)?;
    let values = params(&sql.values)?;
    statement.execute(params_from_iter(values)).map(|count| count as u64).map_err(engine_error)
}

fn cell(value: ValueRef<'_>) -> Result<Cell, StoreError> {
    Ok(match value {
        ValueRef::Null => Cell::Null,
        ValueRef::Integer(number) => Cell::Int(number),
        ValueRef::Text(text) => Cell::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(bytes) => Cell::Bytes(bytes.to_vec()),
        ValueRef::Real(_) => return Err(StoreError::Engine("no column holds fractions".to_owned())),
    })
}

fn params(values: &[sea_query::Value]) -> Result<Vec<rusqlite::types::Value>, StoreError> {
    use rusqlite::types::Value;
    checked(values)?;
    let param = |value: &sea_query::Value| {
        Ok(match value {
            sea_query::Value::Bool(value) => value.map_or(Value::Null, |value| Value::Integer(value.into())),
            sea_query::Value::BigInt(value) => value.map_or(Value::Null, Value::Integer),
            sea_query::Value::BigUnsigned(Some(value)) => Value::Integer(
                i64::try_from(*value).map_err(|_| StoreError::Engine("number too large".to_owned()))?,
            ),
            sea_query::Value::String(value) => value.clone().map_or(Value::Null, Value::Text),
            sea_query::Value::Bytes(value) => value.clone().map_or(Value::Null, Value::Blob),
            sea_query::Value::Uuid(value) => {
                value.as_ref().map_or(Value::Null, |id| Value::Blob(id.as_bytes().to_vec()))
            }
            other => return Err(unbindable(other)),
        })
    };
    values.iter().map(param).collect()
}

pub(crate) fn engine_error(error: rusqlite::Error) -> StoreError {
    use rusqlite::ErrorCode;
    match error.sqlite_error() {
        Some(inner) if is_duplicate(inner.extended_code) => StoreError::Duplicate,
        Some(inner)
            if matches!(
                inner.code,
                ErrorCode::DiskFull
                    | ErrorCode::CannotOpen
                    | ErrorCode::SystemIoFailure
                    | ErrorCode::DatabaseBusy
                    | ErrorCode::OutOfMemory
            ) =>
        {
            StoreError::Unavailable(error.to_string())
        }
        _ => StoreError::Engine(error.to_string()),
    }
}

fn is_duplicate(code: std::ffi::c_int) -> bool {
    code == rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE || code == rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY
}
