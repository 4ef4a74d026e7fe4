//! Migration of a PostgreSQL database.

use deadpool_postgres::Object;

use super::errors::engine_error;
use crate::StoreError;
use crate::migrate::{LEDGER, pending, render};
use crate::sql::Dialect;

/// Key of the PostgreSQL advisory lock under which one program at a time migrates the schema.
const ADVISORY_LOCK: i64 = 0x6772_616e_746f_7221;

/// Applies the pending migrations in one transaction, under the advisory lock.
pub(super) async fn migrate(client: &mut Object) -> Result<(), StoreError> {
    let failed = |error: tokio_postgres::Error| engine_error(&error);
    let transaction = client.transaction().await.map_err(failed)?;
    // A migration, and waiting for another program's migrations, may take long.
    let no_timeouts = "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0";
    transaction.batch_execute(no_timeouts).await.map_err(failed)?;
    transaction.execute("SELECT pg_advisory_xact_lock($1)", &[&ADVISORY_LOCK]).await.map_err(failed)?;
    transaction.batch_execute(&render(LEDGER, Dialect::Postgres)).await.map_err(failed)?;
    let found = "SELECT coalesce(max(number), 0)::bigint FROM grantor_migrations";
    let found: i64 = transaction.query_one(found, &[]).await.map_err(failed)?.get(0);
    for (number, migration) in pending(found)? {
        transaction.batch_execute(migration.postgres).await.map_err(failed)?;
        transaction.batch_execute(&render(migration.sql, Dialect::Postgres)).await.map_err(failed)?;
        let note = "INSERT INTO grantor_migrations (number, name) VALUES ($1, $2)";
        transaction.execute(note, &[&number, &migration.name()]).await.map_err(failed)?;
    }
    transaction.commit().await.map_err(failed)
}
