//! The schema, as a list of steps that only ever grows.

use deadpool_postgres::Object;
use rusqlite::Connection;

use crate::StoreError;
use crate::engine::{postgres, sqlite};
use crate::sql::Dialect;

/// One step. Steps that were released are never changed; a new one is appended.
struct Migration {
    name: &'static str,
    /// For both engines; the words in braces stand for what differs (see [`render`]).
    sql: &'static str,
    /// For PostgreSQL alone.
    postgres: &'static str,
}

const MIGRATIONS: &[Migration] = &[
    Migration {
        name: "registry",
        sql: include_str!("migrations/0001_registry.sql"),
        postgres: include_str!("migrations/0001_registry.postgres.sql"),
    },
    Migration { name: "moments", sql: "", postgres: include_str!("migrations/0002_moments.postgres.sql") },
    Migration { name: "periods", sql: "", postgres: include_str!("migrations/0003_periods.postgres.sql") },
    Migration {
        name: "client_metadata",
        sql: include_str!("migrations/0004_client_metadata.sql"),
        postgres: "",
    },
    Migration { name: "authorization", sql: include_str!("migrations/0005_authorization.sql"), postgres: "" },
    Migration { name: "factors", sql: include_str!("migrations/0006_factors.sql"), postgres: "" },
    Migration { name: "leak_reports", sql: include_str!("migrations/0008_leak_reports.sql"), postgres: "" },
    Migration { name: "logouts", sql: include_str!("migrations/0011_logouts.sql"), postgres: "" },
    Migration { name: "catalogue", sql: include_str!("migrations/0013_catalogue.sql"), postgres: "" },
    Migration { name: "purge", sql: include_str!("migrations/0014_purge.sql"), postgres: "" },
    Migration { name: "mail", sql: include_str!("migrations/0009_mail.sql"), postgres: "" },
    Migration {
        name: "provider_logins",
        sql: include_str!("migrations/0010_provider_logins.sql"),
        postgres: "",
    },
    Migration { name: "audit_events", sql: include_str!("migrations/0015_audit_events.sql"), postgres: "" },
    Migration { name: "outboxes", sql: include_str!("migrations/0017_outboxes.sql"), postgres: "" },
    Migration { name: "attempts", sql: include_str!("migrations/0018_attempts.sql"), postgres: "" },
    Migration { name: "names", sql: include_str!("migrations/0020_names.sql"), postgres: "" },
    Migration {
        name: "application_names",
        sql: include_str!("migrations/0021_application_names.sql"),
        postgres: "",
    },
    Migration {
        name: "refresh_families",
        sql: include_str!("migrations/0022_refresh_families.sql"),
        postgres: "",
    },
    Migration { name: "makers", sql: include_str!("migrations/0023_makers.sql"), postgres: "" },
    Migration { name: "commits", sql: include_str!("migrations/0026_commits.sql"), postgres: "" },
    Migration { name: "session_forms", sql: include_str!("migrations/0028_session_forms.sql"), postgres: "" },
];

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
            connection.execute(note, (number, migration.name)).map_err(sqlite::engine_error)?;
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
        transaction.execute(note, &[&number, &migration.name]).await.map_err(failed)?;
    }
    transaction.commit().await.map_err(failed)
}
