//! The connections that only read.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, InterruptHandle};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use super::connection::connect;
use super::stopping;
use crate::StoreError;
use crate::engine::{Read, Session};

const READERS: u32 = 4;

/// How long one piece of reading may take.
const LIMIT: Duration = Duration::from_secs(60);

/// A few connections, opened when they are first needed and used again.
pub(super) struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
    places: Arc<Semaphore>,
}

impl Readers {
    pub(super) fn new(path: &Path) -> Self {
        let places = Arc::new(Semaphore::new(READERS as usize));
        Self { path: path.to_owned(), idle: Mutex::default(), places }
    }

    /// Runs work that reads, when there is a place for it. Where the client goes or it takes too long, the
    /// statement that runs is interrupted.
    pub(super) async fn read<T, E, F>(self: &Arc<Self>, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&Read<'_>) -> Result<T, E> + Send + 'static,
    {
        let readers = Arc::clone(self);
        let place = Arc::clone(&readers.places).acquire_owned().await.map_err(|_| E::from(stopping()))?;
        let running = Running::default();
        let noted = Arc::clone(&running.0);
        let mut task = tokio::task::spawn_blocking(move || {
            // Kept until the work ends, also where the client has gone meanwhile.
            let _place = place;
            let connection = readers.take().map_err(E::from)?;
            *locked(&noted.statement) = Some(connection.get_interrupt_handle());
            let given_up = noted.given_up.clone();
            let outcome = work(&Read { given_up, ..Read::new(Session::Sqlite(&connection)) });
            // From here on, the connection is somebody else's.
            *locked(&noted.statement) = None;
            readers.give_back(connection);
            outcome
        });
        let ended = match tokio::time::timeout(LIMIT, &mut task).await {
            Ok(ended) => ended,
            Err(_) => {
                running.interrupt();
                task.await
            }
        };
        ended.map_err(|_| E::from(StoreError::stopped("reading")))?
    }

    /// Waits for what is read and closes the connections; nothing is read afterwards.
    pub(super) async fn close(&self) {
        if self.places.acquire_many(READERS).await.is_ok() {
            self.places.close();
            locked(&self.idle).clear();
        }
    }

    fn take(&self) -> Result<Connection, StoreError> {
        let idle = locked(&self.idle).pop();
        idle.map_or_else(|| connect(&self.path, true), Ok)
    }

    fn give_back(&self, connection: Connection) {
        locked(&self.idle).push(connection);
    }
}

/// Held by the client that waits: dropped with it, the work ends.
#[derive(Default)]
struct Running(Arc<Noted>);

/// How to end work that runs: the statement that it waits for, and those that it would go on with.
#[derive(Default)]
struct Noted {
    statement: Mutex<Option<InterruptHandle>>,
    given_up: CancellationToken,
}

impl Running {
    fn interrupt(&self) {
        self.0.given_up.cancel();
        if let Some(handle) = locked(&self.0.statement).as_ref() {
            handle.interrupt();
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.interrupt();
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
