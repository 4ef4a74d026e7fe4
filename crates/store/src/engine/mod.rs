//! The two engines, and the sessions in which work runs on them.

pub(crate) mod postgres;
mod shared;
pub(crate) mod sqlite;
mod written;

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

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
    /// The table of the row.
    pub table: &'static str,
    /// The row.
    pub id: Uuid,
}

/// Is told what a transaction touched, after it was committed and before it is acknowledged. Must not panic.
pub type Commit = Arc<dyn Fn(&[Touched]) + Send + Sync>;

/// The registry. Cheap to clone; every clone is the same registry.
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
    /// Opens the registry and brings its schema up to date, under a lock.
    ///
    /// # Errors
    /// [`StoreError::Open`] where it cannot be reached, [`StoreError::NewerSchema`] where a newer program wrote it.
    pub async fn open(location: &Location, on_commit: Commit) -> Result<Self, StoreError> {
        let written = Arc::new(Written::default());
        let committed = Committed { tell: on_commit, written: Arc::clone(&written) };
        let engine = match location {
            Location::Sqlite(path) => Engine::Sqlite(sqlite::Sqlite::open(path, committed)?),
            Location::Postgres(url) => Engine::Postgres(postgres::Postgres::open(url, committed).await?),
        };
        Ok(Self { engine, written })
    }

    /// How much was written.
    pub fn written(&self) -> &Written {
        &self.written
    }

    /// What several programs on one database remember together; nothing where this program is the only one.
    pub fn shared_memory(&self) -> Option<SharedMemory<'_>> {
        match &self.engine {
            Engine::Sqlite(_) => None,
            Engine::Postgres(postgres) => Some(SharedMemory(postgres)),
        }
    }

    /// Whether this program is the only one that writes to the registry, so that what it
    /// remembers of it stays true.
    pub fn is_exclusive(&self) -> bool {
        matches!(self.engine, Engine::Sqlite(_))
    }

    /// Runs work on one transaction and commits it durably. Where it fails, nothing has changed; a statement that
    /// failed fails the whole transaction, also where the work goes on.
    ///
    /// The work may run again when it met another transaction, so it has no effect of its own.
    /// It must not wait for anything: on SQLite, others wait for it.
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

    /// Finishes what was accepted and closes the registry.
    pub async fn close(&self) {
        match &self.engine {
            Engine::Sqlite(sqlite) => sqlite.close().await,
            Engine::Postgres(postgres) => postgres.close().await,
        }
    }
}

/// A session that may read. All reading verbs are its methods.
pub struct Read<'a> {
    session: Session<'a>,
    /// Whether a statement failed: PostgreSQL then takes no other in the same transaction, and SQLite may have
    /// ended it. On both, none follows and nothing is committed.
    failed: AtomicBool,
    /// Cancelled when nobody waits for the work any more.
    given_up: CancellationToken,
}

/// A transaction that may read and write. All writing verbs are its methods.
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

    /// What the work gave, unless a statement failed and the work did not say so.
    fn outcome<T, E: From<StoreError>>(&self, outcome: Result<T, E>) -> Result<T, E> {
        let value = outcome?;
        self.read.sound()?;
        Ok(value)
    }

    /// Notes that the validity of a row may have changed.
    pub(crate) fn touch(&mut self, table: &'static str, id: Uuid) {
        self.effects.touched.push(Touched { table, id });
    }

    /// Notes that a grant was added.
    pub(crate) fn granted(&mut self, kind: GrantKind) {
        self.effects.granted.push(kind);
    }

    pub(crate) fn execute(&mut self, statement: &impl QueryStatementBuilder) -> Result<u64, StoreError> {
        let sql = self.dialect().fixed(statement);
        self.read.guarded(|session| match session {
            Session::Sqlite(connection) => sqlite::execute(connection, &sql),
            Session::Postgres(session) => session.execute(&sql),
        })
    }
}

impl<'a> Read<'a> {
    fn new(session: Session<'a>) -> Self {
        Self { session, failed: AtomicBool::default(), given_up: CancellationToken::new() }
    }

    /// Runs a statement, unless one failed before.
    fn guarded<T>(&self, run: impl FnOnce(&Session<'a>) -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.sound()?;
        run(&self.session).inspect_err(|_| self.failed.store(true, Ordering::Relaxed))
    }

    fn sound(&self) -> Result<(), StoreError> {
        if self.failed.load(Ordering::Relaxed) {
            return Err(StoreError::Engine(
                "the transaction went on after a statement had failed".to_owned(),
            ));
        }
        if self.given_up.is_cancelled() {
            return Err(StoreError::Unavailable("nobody waits for the answer any more".to_owned()));
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

    /// How the engine would carry out a statement.
    pub(crate) fn explained(&self, statement: &impl QueryStatementBuilder) -> Result<Vec<Row>, StoreError> {
        let dialect = self.dialect();
        let mut sql = dialect.dynamic(statement);
        let explain = if dialect == Dialect::Sqlite { "EXPLAIN QUERY PLAN" } else { "EXPLAIN" };
        sql.text = format!("{explain} {}", sql.text);
        self.rows(&sql)
    }

    fn rows(&self, sql: &Sql) -> Result<Vec<Row>, StoreError> {
        tracing::trace!(target: "store::statement", text = sql.text);
        self.guarded(|session| match session {
            Session::Sqlite(connection) => sqlite::query(connection, sql),
            Session::Postgres(session) => session.query(sql),
        })
    }
}
