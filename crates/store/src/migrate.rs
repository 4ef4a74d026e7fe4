//! The schema as an append-only list of migrations.

use crate::StoreError;
use crate::sql::Dialect;

/// A migration. Released migrations are never changed; new ones are appended.
pub(crate) struct Migration {
    pub(crate) name: &'static str,
    /// SQL for both engines; words in braces are placeholders for their differences (see [`render`]).
    pub(crate) sql: &'static str,
    /// SQL for PostgreSQL only.
    pub(crate) postgres: &'static str,
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
    Migration {
        name: "seen_proofs",
        sql: "",
        postgres: include_str!("migrations/0025_seen_proofs.postgres.sql"),
    },
    Migration { name: "commits", sql: include_str!("migrations/0026_commits.sql"), postgres: "" },
    Migration { name: "session_forms", sql: include_str!("migrations/0028_session_forms.sql"), postgres: "" },
];

/// Returns the newest schema version that this program supports.
fn known() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

pub(crate) const LEDGER: &str =
    "CREATE TABLE IF NOT EXISTS grantor_migrations (number {int} PRIMARY KEY, name {text} NOT NULL) {strict}";

/// Replaces the placeholders of a migration for an engine.
pub(crate) fn render(sql: &str, dialect: Dialect) -> String {
    let words: [(&str, &str, &str); 9] = [
        ("{guid}", "BLOB", "uuid"),
        ("{text}", "TEXT", "text COLLATE \"C\""),
        ("{int}", "INTEGER", "bigint"),
        ("{time}", "INTEGER", "bigint"),
        ("{bool}", "INTEGER", "boolean"),
        ("{bytes}", "BLOB", "bytea"),
        ("{strict}", "STRICT", ""),
        // Null sorts first in every ascending order; SQLite does so by default.
        ("{nulls_first}", "", "NULLS FIRST"),
        // A table that is emptied after a crash of PostgreSQL; commits do not wait for its writes.
        ("{unlogged}", "", "UNLOGGED"),
    ];
    words.iter().fold(sql.to_owned(), |sql, (word, sqlite, postgres)| {
        sql.replace(word, if dialect == Dialect::Sqlite { sqlite } else { postgres })
    })
}

/// Returns the migrations after version `found`, or an error if a newer program wrote the schema.
pub(crate) fn pending(found: i64) -> Result<impl Iterator<Item = (i64, &'static Migration)>, StoreError> {
    if found > known() {
        return Err(StoreError::NewerSchema { found, known: known() });
    }
    Ok((1..).zip(MIGRATIONS).filter(move |(number, _)| *number > found))
}
