//! The two engines, and the sessions in which work runs on them.

mod explain;
mod postgres;
mod shared;
mod sqlite;
mod stats;

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
pub use shared::SharedProofs;
pub use stats::StoreStats;
pub(crate) use stats::{CommitObserver, TxEffects};

pub(crate) type Row = Vec<Cell>;

/// A row whose validity a committed transaction may have changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangedRow {
    /// Table of the row.
    pub table: &'static str,
    /// Identifier of the row.
    pub id: Uuid,
}

/// Callback that receives the changed rows of a transaction after its commit and before it is acknowledged.
/// It must not panic.
pub type OnCommit = Arc<dyn Fn(&[ChangedRow]) + Send + Sync>;

/// The registry. Clones are cheap and share the same registry.
///
/// ```
/// use std::sync::Arc;
/// use store::{Location, Store, StoreError};
///
/// # let folder = std::env::temp_dir().join(format!("grantor-example-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder).unwrap();
/// # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
/// # runtime.block_on(async {
/// let location = Location::Sqlite(folder.join("registry.db"));
/// let store = Store::open(&location, Arc::new(|_| {})).await.unwrap();
///
/// let added: Result<bool, StoreError> = store.write(|tx| tx.add_fact("example", "yes")).await;
/// assert!(added.unwrap());
/// let found: Result<Option<String>, StoreError> = store.read(|read| read.find_fact("example")).await;
/// assert_eq!(found.unwrap().as_deref(), Some("yes"));
/// store.close().await;
/// # });
/// # std::fs::remove_dir_all(&folder).unwrap();
/// ```
#[derive(Clone)]
pub struct Store {
    engine: Engine,
    stats: Arc<StoreStats>,
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
    pub async fn open(location: &Location, on_commit: OnCommit) -> Result<Self, StoreError> {
        let stats = Arc::new(StoreStats::default());
        let observer = CommitObserver { on_commit, stats: Arc::clone(&stats) };
        let engine = match location {
            Location::Sqlite(path) => Engine::Sqlite(sqlite::Sqlite::open(path, observer)?),
            Location::Postgres(url) => Engine::Postgres(postgres::Postgres::open(url, observer).await?),
        };
        Ok(Self { engine, stats })
    }

    /// Returns the counters of writes.
    pub fn stats(&self) -> &StoreStats {
        &self.stats
    }

    /// Returns the replay cache of DPoP proofs that several programs on one database share; `None` if this
    /// program is the only one.
    pub fn shared_proofs(&self) -> Option<SharedProofs<'_>> {
        match &self.engine {
            Engine::Sqlite(_) => None,
            Engine::Postgres(postgres) => Some(SharedProofs(postgres)),
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
    /// Whether that statement failed because the storage was not available.
    unavailable: AtomicBool,
    /// Cancelled when the caller no longer waits for the result.
    cancelled: CancellationToken,
    /// Plans of the statements that ran, if [`Store::explain`] records them.
    plans: Option<Mutex<Vec<String>>>,
}

/// A transaction that can read and write. All writing operations are its methods.
pub struct Tx<'a> {
    read: Read<'a>,
    effects: TxEffects,
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
        Self { read: Read::new(session), effects: TxEffects::default() }
    }

    /// Returns the result of the work, or an error if a statement failed and the work did not report it.
    fn outcome<T, E: From<StoreError>>(&self, outcome: Result<T, E>) -> Result<T, E> {
        let value = outcome?;
        self.read.ensure_usable()?;
        Ok(value)
    }

    /// Records that the validity of a row may have changed.
    pub(crate) fn mark_changed(&mut self, table: &'static str, id: Uuid) {
        self.effects.changed_rows.push(ChangedRow { table, id });
    }

    /// Records that a grant was added.
    pub(crate) fn count_granted(&mut self, kind: GrantKind) {
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
        Self {
            session,
            failed: AtomicBool::default(),
            unavailable: AtomicBool::default(),
            cancelled: CancellationToken::new(),
            plans: None,
        }
    }

    /// Runs a statement, unless one failed before.
    fn guarded<T>(&self, run: impl FnOnce(&Session<'a>) -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.ensure_usable()?;
        run(&self.session).inspect_err(|error| {
            self.failed.store(true, Ordering::Relaxed);
            self.unavailable.store(matches!(error, StoreError::Unavailable(_)), Ordering::Relaxed);
        })
    }

    fn ensure_usable(&self) -> Result<(), StoreError> {
        if self.failed.load(Ordering::Relaxed) {
            return Err(StoreError::Engine("the transaction continued after a failed statement".to_owned()));
        }
        if self.cancelled.is_cancelled() {
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
