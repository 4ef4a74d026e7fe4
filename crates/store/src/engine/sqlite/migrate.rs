//! Migration of a SQLite database.

use rusqlite::Connection;

use super::engine_error;
use crate::StoreError;
use crate::migrate::{LEDGER, pending, render};
use crate::sql::Dialect;

/// Applies the pending migrations in one transaction.
pub(super) fn migrate(connection: &Connection) -> Result<(), StoreError> {
    let run = |sql: &str| connection.execute_batch(sql).map_err(engine_error);
    run("BEGIN IMMEDIATE")?;
    let apply = || {
        run(&render(LEDGER, Dialect::Sqlite))?;
        let found = "SELECT coalesce(max(number), 0) FROM grantor_migrations";
        let found = connection.query_row(found, [], |row| row.get(0)).map_err(engine_error)?;
        for (number, migration) in pending(found)? {
            run(&render(migration.sql, Dialect::Sqlite))?;
            let note = "INSERT INTO grantor_migrations (number, name) VALUES (?1, ?2)";
            connection.execute(note, (number, migration.name())).map_err(engine_error)?;
        }
        Ok(())
    };
    match apply() {
        Ok(()) => run("COMMIT"),
        Err(error) => {
            run("ROLLBACK")?;
            Err(error)
        }
    }
}
