//! A connection, with what its errors say about it.

use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use deadpool_postgres::Object;
use tokio::runtime::Handle;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::Type;
use tokio_util::sync::CancellationToken;

use super::errors::{engine_error, is_of_server};
use super::tls::Tls;
use super::values::{Param, as_param, cells, params};
use crate::StoreError;
use crate::engine::Row;
use crate::sql::Sql;

/// Timeout of the request to cancel a statement.
const STOPPING: Duration = Duration::from_secs(5);

/// A connection that is used from a blocking thread.
pub(crate) struct Session {
    pub(super) client: Object,
    tls: Tls,
    runtime: Handle,
    /// Cancelled when the caller no longer waits for the result.
    cancelled: CancellationToken,
    /// Whether a statement failed because of a conflicting transaction.
    pub(super) conflict: AtomicBool,
    /// Whether the connection may be lost or inside a transaction. It is not reused.
    pub(super) poisoned: AtomicBool,
    /// Whether the server went away or became read-only. No connection opened before is reused.
    pub(super) server_changed: AtomicBool,
    /// Whether the disk of the server was full.
    pub(super) disk_full: AtomicBool,
}

impl Session {
    /// Uses a connection of the pool.
    pub(super) fn new(client: Object, tls: Tls, cancelled: CancellationToken) -> Self {
        Self {
            client,
            tls,
            runtime: Handle::current(),
            cancelled,
            conflict: AtomicBool::default(),
            poisoned: AtomicBool::default(),
            server_changed: AtomicBool::default(),
            disk_full: AtomicBool::default(),
        }
    }

    pub(super) fn control(&self, statement: &str) -> Result<(), StoreError> {
        let done = self.runtime.block_on(self.client.batch_execute(statement));
        done.map_err(|error| {
            self.poisoned.store(true, Ordering::Relaxed);
            self.failed(&error)
        })
    }

    pub(in crate::engine) fn query(&self, sql: &Sql) -> Result<Vec<Row>, StoreError> {
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

    pub(in crate::engine) fn execute(&self, sql: &Sql) -> Result<u64, StoreError> {
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
