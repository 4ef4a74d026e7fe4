//! The two engines, and the sessions in which work runs on them.

mod explain;
pub(crate) mod postgres;
mod shared;
pub(crate) mod sqlite;
mod written;

use std::ops::Deref;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use model::Uuid;
use model::entities::GrantKind;
use sea_query::QueryStatementBuilder;
use tokio_util::sync::CancellationToken;

use crate::cell::Cell;
use crate::sql::{Dialect, Sql};
use crate::{Location, StoreError};
pub use shared::SharedMemory;
pub use written::Written;
pub(crate) use written::{Committed, Effects};

pub(crate) type Row = Vec<Cell>;

/// A row whose validity a committed transaction may have changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Touched {
    /// Table of the row.
    pub table: &'static str,
    /// Identifier of the row.
    pub id: Uuid,
}

/// Callback that receives the changed rows of a transaction after its commit and before it is acknowledged.
/// It must not panic.
pub type Commit = Arc<dyn Fn(&[Touched]) + Send + Sync>;

/// The registry. Clones are cheap and share the same registry.
#[derive(Clone)]
pub struct Store {
    engine: Engine,
    written: Arc<Written>,
}

#[derive(Clone)]
enum Engine {
    Sqlite(sqlite::Sqlite),
    Postgres(postgres::Postgres),
}

impl Store {
    /// Opens the registry and migrates its schema, under a lock.
    ///
    /// # Errors
    /// [`StoreError::Open`] if the database cannot be opened or reached, [`StoreError::NewerSchema`] if a
    /// newer version of the program wrote it.
    pub async fn open(location: &Location, on_commit: Commit) -> Result<Self, StoreError> {
        let written = Arc::new(Written::default());
        let committed = Committed { tell: on_commit, written: Arc::clone(&written) };
        let engine = match location {
            Location::Sqlite(path) => Engine::Sqlite(sqlite::Sqlite::open(path, committed)?),
            Location::Postgres(url) => Engine::Postgres(postgres::Postgres::open(url, committed).await?),
        };
        Ok(Self { engine, written })
    }

    /// Returns the counters of writes.
    pub fn written(&self) -> &Written {
        &self.written
    }

    /// Returns the replay cache of DPoP proofs that several programs on one database share; `None` if this
    /// program is the only one.
    pub fn shared_memory(&self) -> Option<SharedMemory<'_>> {
        match &self.engine {
            Engine::Sqlite(_) => None,
            Engine::Postgres(postgres) => Some(SharedMemory(postgres)),
        }
    }

    /// Returns whether this program is the only one that writes to the registry, so that its caches are
    /// never stale.
    pub fn is_exclusive(&self) -> bool {
        matches!(self.engine, Engine::Sqlite(_))
    }

    /// Runs `work` in a transaction and commits it durably. If it fails, nothing has changed. A failed
    /// statement fails the whole transaction, even if `work` continues.
    ///
    /// On a conflict with another transaction `work` runs again, so it must not have side effects. It must
    /// not block: on SQLite, other transactions wait for it.
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + Sync + 'static,
    {
        match &self.engine {
            Engine::Sqlite(sqlite) => sqlite.write(work).await,
            Engine::Postgres(postgres) => postgres.write(work).await,
        }
    }

    /// Runs work that only reads.
    pub async fn read<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&Read<'_>) -> Result<T, E> + Send + 'static,
    {
        match &self.engine {
            Engine::Sqlite(sqlite) => sqlite.read(work).await,
            Engine::Postgres(postgres) => postgres.read(work).await,
        }
    }

    /// Finishes accepted work and closes the registry.
    pub async fn close(&self) {
        match &self.engine {
            Engine::Sqlite(sqlite) => sqlite.close().await,
            Engine::Postgres(postgres) => postgres.close().await,
        }
    }
}

/// A session that can read. All reading operations are its methods.
pub struct Read<'a> {
    session: Session<'a>,
    /// Whether a statement failed. PostgreSQL then rejects further statements of the transaction, and
    /// SQLite may have ended it. On both engines, no statement follows and nothing is committed.
    failed: AtomicBool,
    /// Cancelled when the caller no longer waits for the result.
    given_up: CancellationToken,
    /// Plans of the statements that ran, if [`Store::explain`] records them.
    plans: Option<Mutex<Vec<String>>>,
}

/// A transaction that can read and write. All writing operations are its methods.
pub struct Tx<'a> {
    read: Read<'a>,
    effects: Effects,
}

enum Session<'a> {
    Sqlite(&'a rusqlite::Connection),
    Postgres(&'a postgres::Session),
}

impl<'a> Deref for Tx<'a> {
    type Target = Read<'a>;
    fn deref(&self) -> &Read<'a> {
        &self.read
    }
}

impl<'a> Tx<'a> {
    fn new(session: Session<'a>) -> Self {
        Self { read: Read::new(session), effects: Effects::default() }
    }

    /// Returns the result of the work, or an error if a statement failed and the work did not report it.
    fn outcome<T, E: From<StoreError>>(&self, outcome: Result<T, E>) -> Result<T, E> {
        let value = outcome?;
        self.read.sound()?;
        Ok(value)
    }

    /// Records that the validity of a row may have changed.
    pub(crate) fn touch(&mut self, table: &'static str, id: Uuid) {
        self.effects.touched.push(Touched { table, id });
    }

    /// Records that a grant was added.
    pub(crate) fn granted(&mut self, kind: GrantKind) {
        self.effects.granted.push(kind);
    }

    pub(crate) fn execute(&mut self, statement: &impl QueryStatementBuilder) -> Result<u64, StoreError> {
        let sql = self.dialect().fixed(statement);
        self.read.record_plan(&sql)?;
        self.read.guarded(|session| match session {
            Session::Sqlite(connection) => sqlite::execute(connection, &sql),
            Session::Postgres(session) => session.execute(&sql),
        })
    }
}

impl<'a> Read<'a> {
    fn new(session: Session<'a>) -> Self {
        Self { session, failed: AtomicBool::default(), given_up: CancellationToken::new(), plans: None }
    }

    /// Runs a statement, unless one failed before.
    fn guarded<T>(&self, run: impl FnOnce(&Session<'a>) -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.sound()?;
        run(&self.session).inspect_err(|_| self.failed.store(true, Ordering::Relaxed))
    }

    fn sound(&self) -> Result<(), StoreError> {
        if self.failed.load(Ordering::Relaxed) {
            return Err(StoreError::Engine("the transaction continued after a failed statement".to_owned()));
        }
        if self.given_up.is_cancelled() {
            return Err(StoreError::Unavailable("the caller no longer waits for the result".to_owned()));
        }
        Ok(())
    }

    pub(crate) fn dialect(&self) -> Dialect {
        match self.session {
            Session::Sqlite(_) => Dialect::Sqlite,
            Session::Postgres(_) => Dialect::Postgres,
        }
    }

    pub(crate) fn query(&self, statement: &impl QueryStatementBuilder) -> Result<Vec<Row>, StoreError> {
        self.rows(&self.dialect().fixed(statement))
    }

    pub(crate) fn query_dynamic(
        &self,
        statement: &impl QueryStatementBuilder,
    ) -> Result<Vec<Row>, StoreError> {
        self.rows(&self.dialect().dynamic(statement))
    }

    fn rows(&self, sql: &Sql) -> Result<Vec<Row>, StoreError> {
        self.record_plan(sql)?;
        self.fetch(sql)
    }

    fn fetch(&self, sql: &Sql) -> Result<Vec<Row>, StoreError> {
        tracing::trace!(target: "store::statement", text = sql.text);
        self.guarded(|session| match session {
            Session::Sqlite(connection) => sqlite::query(connection, sql),
            Session::Postgres(session) => session.query(sql),
        })
    }
}
