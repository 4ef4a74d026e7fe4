//! PostgreSQL: a pool of connections. Work runs on blocking threads, with one transaction per connection.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use deadpool_postgres::{Hook, HookError, ManagerConfig, Object, Pool, RecyclingMethod};
use tokio_postgres::Config;
use tokio_postgres::config::TargetSessionAttrs;
use tokio_util::sync::CancellationToken;

use self::errors::{open_error, reason};
pub(crate) use self::session::Session;
use self::tls::Tls;
use super::{CommitObserver, Read, Session as EngineSession, Tx};
use crate::StoreError;

mod errors;
mod migrate;
mod session;
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
        let session = Session::new(client, self.tls.clone(), cancelled);
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
