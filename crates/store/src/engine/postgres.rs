//! PostgreSQL: a pool of connections. Work runs on blocking threads, with one transaction per connection.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use deadpool_postgres::{Hook, HookError, ManagerConfig, Object, Pool, RecyclingMethod};
use tokio::runtime::Handle;
use tokio_postgres::Config;
use tokio_postgres::config::TargetSessionAttrs;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::Type;
use tokio_util::sync::CancellationToken;

use self::tls::Tls;
use self::values::{Param, as_param, cells, params};
use super::{CommitObserver, Read, Row, Session as EngineSession, Tx};
use crate::StoreError;
use crate::sql::Sql;

mod migrate;
#[cfg(test)]
mod tests;
mod tls;
mod values;

const CONNECTIONS: usize = 16;
const ATTEMPTS: u32 = 5;

/// Delay before a conflicting transaction is retried, multiplied by the number of attempts.
const PAUSE: Duration = Duration::from_millis(5);

/// Idle time after which the server is probed, and time that it has to respond.
const SILENCE: Duration = Duration::from_secs(30);

/// Timeout of the request to cancel a statement.
const STOPPING: Duration = Duration::from_secs(5);

/// Settings of every session: timeouts, and that a commit returns after its log is on disk, also where the default of
/// the server, database or role is `off`.
const SESSION: &str = "SET statement_timeout = '60s'; SET lock_timeout = '10s'; \
                       SET idle_in_transaction_session_timeout = '60s'; SET synchronous_commit = on";

#[derive(Clone)]
pub(crate) struct Postgres {
    pool: Pool,
    tls: Tls,
    observer: CommitObserver,
}

/// A connection that is used from a blocking thread.
pub(crate) struct Session {
    client: Object,
    tls: Tls,
    runtime: Handle,
    /// Cancelled when the caller no longer waits for the result.
    cancelled: CancellationToken,
    /// Whether a statement failed because of a conflicting transaction.
    conflict: AtomicBool,
    /// Whether the connection may be lost or inside a transaction. It is not reused.
    poisoned: AtomicBool,
    /// Whether the server went away or became read-only. No connection opened before is reused.
    server_changed: AtomicBool,
    /// Whether the disk of the server was full.
    disk_full: AtomicBool,
}

impl Postgres {
    pub(super) async fn open(url: &str, observer: CommitObserver) -> Result<Self, StoreError> {
        let (pool, tls) = pool(url)?;
        let this = Self { pool, tls, observer };
        let mut client = this.pool.get().await.map_err(|error| StoreError::Open(reason(&error)))?;
        migrate::migrate(&mut client).await?;
        drop(client);
        Ok(this)
    }

    pub(super) async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + Sync + 'static,
    {
        self.write_after("BEGIN", Some(self.observer.clone()), work).await
    }

    /// Like `write`, without waiting for the disk: the commit may be lost if the server fails. It is not
    /// reported to [`OnCommit`](crate::OnCommit).
    pub(super) async fn write_unflushed<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + Sync + 'static,
    {
        self.write_after("BEGIN; SET LOCAL synchronous_commit = off", None, work).await
    }

    async fn write_after<T, E, F>(
        &self,
        begin: &'static str,
        observer: Option<CommitObserver>,
        work: F,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + Sync + 'static,
    {
        self.blocking(CancellationToken::new(), move |session| {
            for attempt in 1.. {
                let outcome = transact(session, begin, observer.as_ref(), &work);
                let again = session.conflict.swap(false, Ordering::Relaxed) && attempt < ATTEMPTS;
                if outcome.is_ok() || !again {
                    return outcome;
                }
                std::thread::sleep(PAUSE * attempt);
            }
            Err(StoreError::Conflict.into())
        })
        .await
    }

    pub(super) async fn read<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&Read<'_>) -> Result<T, E> + Send + 'static,
    {
        let cancelled = CancellationToken::new();
        // Dropped together with the caller's future.
        let _waits = cancelled.clone().drop_guard();
        self.blocking(cancelled.clone(), move |session| {
            work(&Read { cancelled, ..Read::new(EngineSession::Postgres(session)) })
        })
        .await
    }

    pub(super) async fn close(&self) {
        self.pool.close();
        // Connections in use are closed when their work ends.
        while self.pool.status().size > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    async fn blocking<T, E, F>(&self, cancelled: CancellationToken, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&Session) -> Result<T, E> + Send + 'static,
    {
        let unavailable = |what: String| E::from(StoreError::Unavailable(what));
        let client = self.pool.get().await.map_err(|error| unavailable(reason(&error)))?;
        let session = Session {
            client,
            tls: self.tls.clone(),
            runtime: Handle::current(),
            cancelled,
            conflict: AtomicBool::default(),
            poisoned: AtomicBool::default(),
            server_changed: AtomicBool::default(),
            disk_full: AtomicBool::default(),
        };
        let (pool, stats) = (self.pool.clone(), Arc::clone(&self.observer.stats));
        let task = tokio::task::spawn_blocking(move || {
            let outcome = work(&session);
            if session.disk_full.into_inner() {
                stats.note_unavailable();
            }
            if session.server_changed.into_inner() {
                pool.retain(|_, _| false);
            }
            if session.poisoned.into_inner() {
                drop(Object::take(session.client));
            }
            outcome
        });
        task.await.map_err(|_| E::from(StoreError::stopped("read")))?
    }
}

/// Returns the pool of connections to the server of a URL, and how to reach it; opens none.
fn pool(url: &str) -> Result<(Pool, Tls), StoreError> {
    let mut config: Config = tls::understood(url)?.parse().map_err(open_error)?;
    config.application_name("grantor");
    config.connect_timeout(Duration::from_secs(10));
    // A server that is cut off is noticed within a minute, not after hours.
    config.keepalives_idle(SILENCE).tcp_user_timeout(SILENCE);
    // A standby has old rows: neither a write nor a check of a grant may go there.
    config.target_session_attrs(TargetSessionAttrs::ReadWrite);
    let recycle = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    let tls = Tls::wanted_by(&config)?;
    let pool = Pool::builder(tls.manager(config, recycle)).max_size(CONNECTIONS).post_create(Hook::async_fn(
        |client, _| Box::pin(async move { client.batch_execute(SESSION).await.map_err(HookError::Backend) }),
    ));
    Ok((pool.build().map_err(open_error)?, tls))
}

fn transact<T, E: From<StoreError>>(
    session: &Session,
    begin: &str,
    observer: Option<&CommitObserver>,
    work: &impl Fn(&mut Tx<'_>) -> Result<T, E>,
) -> Result<T, E> {
    session.control(begin)?;
    let mut tx = Tx::new(EngineSession::Postgres(session));
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| work(&mut tx)))
        .unwrap_or_else(|_| Err(StoreError::stopped("transaction").into()));
    match tx.outcome(outcome) {
        Ok(value) => {
            session.control("COMMIT")?;
            if let Some(observer) = observer {
                observer.note(&tx.effects, 1);
            }
            Ok(value)
        }
        Err(error) => {
            session.control("ROLLBACK")?;
            Err(error)
        }
    }
}

impl Session {
    fn control(&self, statement: &str) -> Result<(), StoreError> {
        let done = self.runtime.block_on(self.client.batch_execute(statement));
        done.map_err(|error| {
            self.poisoned.store(true, Ordering::Relaxed);
            self.failed(&error)
        })
    }

    pub(super) fn query(&self, sql: &Sql) -> Result<Vec<Row>, StoreError> {
        let params = params(&sql.values)?;
        let found = self.runtime.block_on(async {
            let mut found = pin!(self.found(sql, &params));
            tokio::select! {
                biased;
                found = &mut found => found,
                () = self.cancelled.cancelled() => {
                    self.stop().await;
                    found.await
                }
            }
        });
        found.map_err(|error| self.failed(&error))?.iter().map(cells).collect()
    }

    async fn found(
        &self,
        sql: &Sql,
        params: &[(Param, Type)],
    ) -> Result<Vec<tokio_postgres::Row>, tokio_postgres::Error> {
        if !sql.prepared {
            let values: Vec<_> = params.iter().map(|(value, ty)| (as_param(value), ty.clone())).collect();
            return self.client.query_typed(&sql.text, &values).await;
        }
        let types: Vec<Type> = params.iter().map(|(_, ty)| ty.clone()).collect();
        let statement = self.client.prepare_typed_cached(&sql.text, &types).await?;
        let values: Vec<_> = params.iter().map(|(value, _)| as_param(value)).collect();
        self.client.query(&statement, &values).await
    }

    /// Asks the server to cancel the running statement. The request may arrive after the statement has
    /// ended, so the connection is not reused for another one.
    async fn stop(&self) {
        self.poisoned.store(true, Ordering::Relaxed);
        // If the request fails, the statement runs until its timeout.
        let _ = tokio::time::timeout(STOPPING, self.tls.cancel(self.client.cancel_token())).await;
    }

    pub(super) fn execute(&self, sql: &Sql) -> Result<u64, StoreError> {
        let params = params(&sql.values)?;
        let changed = self.runtime.block_on(async {
            let types: Vec<Type> = params.iter().map(|(_, ty)| ty.clone()).collect();
            let statement = self.client.prepare_typed_cached(&sql.text, &types).await?;
            let values: Vec<_> = params.iter().map(|(value, _)| as_param(value)).collect();
            self.client.execute(&statement, &values).await
        });
        changed.map_err(|error| self.failed(&error))
    }

    fn failed(&self, error: &tokio_postgres::Error) -> StoreError {
        let translated = engine_error(error);
        if error.code().is_none_or(is_of_server) {
            self.server_changed.store(true, Ordering::Relaxed);
        }
        if error.code() == Some(&SqlState::DISK_FULL) {
            self.disk_full.store(true, Ordering::Relaxed);
        }
        match translated {
            StoreError::Conflict => self.conflict.store(true, Ordering::Relaxed),
            StoreError::Unavailable(_) => self.poisoned.store(true, Ordering::Relaxed),
            _ => {}
        }
        translated
    }
}

fn open_error(error: impl std::fmt::Display) -> StoreError {
    StoreError::Open(error.to_string())
}

/// Returns the error with its causes; the outermost message alone is not informative.
fn reason(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

/// Returns whether the server was temporarily unable to run the statement: connections (08), resources
/// (53), timeouts (57014, 55P03, 25P03), shutdown (57P), and a server that became read-only (25006).
fn is_passing(code: &SqlState) -> bool {
    let passing = ["55P03", "25P03"].contains(&code.code());
    passing || is_of_server(code) || ["53", "57"].iter().any(|class| code.code().starts_with(class))
}

/// Returns whether the error affects all connections to the server: it went away (08, 57P), or became
/// read-only (25006), as after a failover.
fn is_of_server(code: &SqlState) -> bool {
    *code == SqlState::READ_ONLY_SQL_TRANSACTION
        || ["08", "57P"].iter().any(|class| code.code().starts_with(class))
}

fn engine_error(error: &tokio_postgres::Error) -> StoreError {
    match error.code() {
        Some(code) if *code == SqlState::UNIQUE_VIOLATION => StoreError::Duplicate,
        Some(code)
            if *code == SqlState::T_R_SERIALIZATION_FAILURE || *code == SqlState::T_R_DEADLOCK_DETECTED =>
        {
            StoreError::Conflict
        }
        Some(code) if is_passing(code) => StoreError::Unavailable(reason(error)),
        Some(_) => StoreError::Engine(reason(error)),
        None => StoreError::Unavailable(reason(error)),
    }
}
