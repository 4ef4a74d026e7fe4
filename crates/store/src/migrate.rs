//! The schema, as a list of steps that only ever grows.

use deadpool_postgres::Object;
use rusqlite::Connection;

use crate::StoreError;
use crate::engine::{postgres, sqlite};
use crate::sql::Dialect;

/// One step. Steps that were released are never changed; a new one is appended.
struct Migration {
    /// Name of its files: the number of the step in four digits, and the name in the ledger.
    file: &'static str,
    /// For both engines; the words in braces stand for what differs (see [`render`]).
    sql: &'static str,
    /// For PostgreSQL alone.
    postgres: &'static str,
}

/// Declares a step by the name of its files: `.sql` is for both engines, `.postgres.sql` for PostgreSQL alone.
macro_rules! step {
    ($file:literal: both) => {
        step!($file, include_str!(concat!("migrations/", $file, ".sql")), "")
    };
    ($file:literal: postgres) => {
        step!($file, "", include_str!(concat!("migrations/", $file, ".postgres.sql")))
    };
    ($file:literal: both, postgres) => {
        step!(
            $file,
            include_str!(concat!("migrations/", $file, ".sql")),
            include_str!(concat!("migrations/", $file, ".postgres.sql"))
        )
    };
    ($file:literal, $sql:expr, $postgres:expr) => {
        Migration { file: $file, sql: $sql, postgres: $postgres }
    };
}

const MIGRATIONS: &[Migration] = &[
    step!("0001_registry": both, postgres),
    step!("0002_moments": postgres),
    step!("0003_periods": postgres),
    step!("0004_client_metadata": both),
    step!("0005_authorization": both),
    step!("0006_factors": both),
    step!("0007_leak_reports": both),
    step!("0008_logouts": both),
    step!("0009_catalogue": both),
    step!("0010_purge": both),
    step!("0011_mail": both),
    step!("0012_provider_logins": both),
    step!("0013_audit_events": both),
    step!("0014_outboxes": both),
    step!("0015_attempts": both),
    step!("0016_names": both),
    step!("0017_application_names": both),
    step!("0018_refresh_families": both),
    step!("0019_makers": both),
    step!("0020_seen_proofs": postgres),
    step!("0021_commits": both),
    step!("0022_session_forms": both),
];

impl Migration {
    /// The name in the ledger.
    fn name(&self) -> &'static str {
        self.file.split_once('_').map_or(self.file, |(_, name)| name)
    }
}

/// The newest schema that this program knows.
fn known() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

const LEDGER: &str =
    "CREATE TABLE IF NOT EXISTS grantor_migrations (number {int} PRIMARY KEY, name {text} NOT NULL) {strict}";

/// A number of our own under which PostgreSQL lets one program at a time change the schema.
const ADVISORY_LOCK: i64 = 0x6772_616e_746f_7221;

/// Writes a step in an engine's words.
fn render(sql: &str, dialect: Dialect) -> String {
    let words: [(&str, &str, &str); 9] = [
        ("{guid}", "BLOB", "uuid"),
        ("{text}", "TEXT", "text COLLATE \"C\""),
        ("{int}", "INTEGER", "bigint"),
        ("{time}", "INTEGER", "bigint"),
        ("{bool}", "INTEGER", "boolean"),
        ("{bytes}", "BLOB", "bytea"),
        ("{strict}", "STRICT", ""),
        // Null comes first in every ascending order; SQLite does so by itself.
        ("{nulls_first}", "", "NULLS FIRST"),
        // A table that is empty after a crash of PostgreSQL; no commit waits for what is written to it.
        ("{unlogged}", "", "UNLOGGED"),
    ];
    words.iter().fold(sql.to_owned(), |sql, (word, sqlite, postgres)| {
        sql.replace(word, if dialect == Dialect::Sqlite { sqlite } else { postgres })
    })
}

/// The steps behind `found`, or a refusal where a newer program was here.
fn pending(found: i64) -> Result<impl Iterator<Item = (i64, &'static Migration)>, StoreError> {
    if found > known() {
        return Err(StoreError::NewerSchema { found, known: known() });
    }
    Ok((1..).zip(MIGRATIONS).filter(move |(number, _)| *number > found))
}

pub(crate) fn run_sqlite(connection: &Connection) -> Result<(), StoreError> {
    let run = |sql: &str| connection.execute_batch(sql).map_err(sqlite::engine_error);
    run("BEGIN IMMEDIATE")?;
    let migrate = || {
        run(&render(LEDGER, Dialect::Sqlite))?;
        let found = "SELECT coalesce(max(number), 0) FROM grantor_migrations";
        let found = connection.query_row(found, [], |row| row.get(0)).map_err(sqlite::engine_error)?;
        for (number, migration) in pending(found)? {
            run(&render(migration.sql, Dialect::Sqlite))?;
            let note = "INSERT INTO grantor_migrations (number, name) VALUES (?1, ?2)";
            connection.execute(note, (number, migration.name())).map_err(sqlite::engine_error)?;
        }
        Ok(())
    };
    match migrate() {
        Ok(()) => run("COMMIT"),
        Err(error) => {
            run("ROLLBACK")?;
            Err(error)
        }
    }
}

pub(crate) async fn run_postgres(client: &mut Object) -> Result<(), StoreError> {
    let failed = |error: tokio_postgres::Error| postgres::engine_error(&error);
    let transaction = client.transaction().await.map_err(failed)?;
    // A step may take its time, and so may the wait for another program's steps.
    let patient = "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0";
    transaction.batch_execute(patient).await.map_err(failed)?;
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::MIGRATIONS;

    #[test]
    fn files_are_numbered_in_the_order_in_which_they_run() {
        for (number, migration) in (1..).zip(MIGRATIONS) {
            assert_eq!(migration.file, format!("{number:04}_{}", migration.name()));
        }
    }

    #[test]
    fn every_file_belongs_to_a_step() {
        let mut declared = BTreeSet::new();
        for migration in MIGRATIONS {
            for (text, ending) in [(migration.sql, "sql"), (migration.postgres, "postgres.sql")] {
                if !text.is_empty() {
                    declared.insert(format!("{}.{ending}", migration.file));
                }
            }
        }
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/migrations");
        let files = std::fs::read_dir(folder).unwrap();
        let files: BTreeSet<_> = files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        assert_eq!(files, declared);
    }
}
