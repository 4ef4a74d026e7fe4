//! The schema as an append-only list of migrations.

use crate::StoreError;
use crate::sql::Dialect;

/// A migration. Released migrations are never changed; new ones are appended.
pub(crate) struct Migration {
    /// The base name of its files: the number of the migration in four digits, and its name in the ledger.
    file: &'static str,
    /// SQL for both engines; words in braces are placeholders for their differences (see [`render`]).
    pub(crate) sql: &'static str,
    /// SQL for PostgreSQL only.
    pub(crate) postgres: &'static str,
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
    step!("0023_external_ids": both),
    step!("0024_reading": both),
    step!("0025_addresses": both),
    step!("0026_deleted_rows": both),
    step!("0027_revocations": both),
    step!("0028_counted_members": both),
    step!("0029_users_seen": both),
];

impl Migration {
    /// Returns the name in the ledger.
    pub(crate) fn name(&self) -> &'static str {
        self.file.split_once('_').map_or(self.file, |(_, name)| name)
    }
}

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
