//! Read-only connections.

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

/// Timeout of a read.
const LIMIT: Duration = Duration::from_secs(60);

/// A pool of connections, opened on demand and reused.
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

    /// Runs a read when a connection is available. The running statement is interrupted if the caller goes
    /// away or the read takes too long.
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
            // Kept until the work ends, even if the caller goes away.
            let _place = place;
            let connection = readers.take().map_err(E::from)?;
            *locked(&noted.statement) = Some(connection.get_interrupt_handle());
            let cancelled = noted.cancelled.clone();
            let outcome = work(&Read { cancelled, ..Read::new(Session::Sqlite(&connection)) });
            // From here on, another read may use the connection.
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
        ended.map_err(|_| E::from(StoreError::stopped("read")))?
    }

    /// Waits for running reads and closes the connections. Later reads fail.
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

/// Owned by the caller's future. Dropping it interrupts the work.
#[derive(Default)]
struct Running(Arc<Noted>);

/// The handles that stop running work: its current statement, and the flag that prevents further ones.
#[derive(Default)]
struct Noted {
    statement: Mutex<Option<InterruptHandle>>,
    cancelled: CancellationToken,
}

impl Running {
    fn interrupt(&self) {
        self.0.cancelled.cancel();
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
