//! The migrations and the model agree.

use std::collections::{BTreeMap, BTreeSet};

use model::{Code, DataType, Entity, Property};

use crate::engine::TestEngine;

/// The columns of a table with their storage types and whether they may be null.
type Columns = BTreeMap<String, (String, bool)>;

fn storage(data_type: DataType, postgres: bool) -> &'static str {
    let (sqlite, on_postgres) = match data_type {
        DataType::Text => ("TEXT", "text C"),
        DataType::Enum(kind) => match kind.members[0].code {
            Code::Text(_) => ("TEXT", "text C"),
            Code::Int(_) => ("INTEGER", "bigint"),
        },
        DataType::DateTime | DataType::Int32 => ("INTEGER", "bigint"),
        DataType::Guid => ("BLOB", "uuid"),
        DataType::Bool => ("INTEGER", "boolean"),
    };
    if postgres { on_postgres } else { sqlite }
}

fn expected_columns(entity: &'static Entity, postgres: bool) -> Columns {
    let column = |(name, property): (&str, Property)| {
        (name.to_owned(), (storage(property.data_type(), postgres).to_owned(), property.nullable()))
    };
    entity.columns().map(column).collect()
}

impl TestEngine {
    async fn columns(&self, table: &str) -> Columns {
        let sql = if self.is_postgres() {
            format!(
                "SELECT column_name::text, concat_ws(' ', data_type, collation_name), is_nullable::text \
                 FROM information_schema.columns WHERE table_name = '{table}'"
            )
        } else {
            format!(
                "SELECT name, type, CASE \"notnull\" WHEN 0 THEN 'YES' ELSE 'NO' END \
                 FROM pragma_table_info('{table}')"
            )
        };
        let column = |row: Vec<String>| (row[0].clone(), (row[1].clone(), row[2] == "YES"));
        self.texts(&sql).await.into_iter().map(column).collect()
    }

    /// Returns the leading columns of a table's indexes: of all indexes, and of unique indexes on a single
    /// column.
    async fn indexes(&self, table: &str) -> (BTreeSet<String>, BTreeSet<String>) {
        let sql = if self.is_postgres() {
            format!(
                "SELECT a.attname::text, (i.indisunique AND i.indnkeyatts = 1)::text FROM pg_index i \
                 JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0] \
                 WHERE i.indrelid = '\"{table}\"'::regclass AND i.indisvalid AND i.indpred IS NULL"
            )
        } else {
            format!(
                "SELECT c.name, CASE WHEN i.\"unique\" = 1 AND (SELECT count(*) FROM pragma_index_info(i.name)) = 1 \
                 THEN 'true' ELSE 'false' END FROM pragma_index_list('{table}') i, pragma_index_info(i.name) c \
                 WHERE c.seqno = 0 AND i.partial = 0"
            )
        };
        let rows = self.texts(&sql).await;
        let leading = rows.iter().map(|row| row[0].clone()).collect();
        let unique = rows.iter().filter(|row| row[1] == "true").map(|row| row[0].clone()).collect();
        (leading, unique)
    }
}

fn names<'a>(names: impl Iterator<Item = &'a str>) -> BTreeSet<String> {
    names.map(str::to_owned).collect()
}

/// The columns that the model makes filterable, orderable or unique, and those of references.
fn indexed_columns(entity: &'static Entity) -> impl Iterator<Item = &'static str> {
    let attributes = entity.attributes().filter(|attribute| attribute.needs_index());
    let references = entity.references().iter().map(|reference| reference.column);
    attributes.filter_map(|attribute| attribute.column).chain(references)
}

both_engines! {
    async fn the_tables_have_the_columns_of_the_model(engine: TestEngine) {
        engine.open().await;
        for entity in model::entities() {
            let (there, wanted) =
                (engine.columns(entity.table).await, expected_columns(entity, engine.is_postgres()));
            let missing: Vec<_> = wanted.keys().filter(|name| !there.contains_key(*name)).collect();
            let unknown: Vec<_> = there.keys().filter(|name| !wanted.contains_key(*name)).collect();
            let other: Vec<_> = wanted
                .iter()
                .filter_map(|(name, wanted)| Some((name, wanted, there.get(name)?)))
                .filter(|(_, wanted, there)| wanted != there)
                .map(|(name, wanted, there)| format!("{name} is {there:?}, the model has {wanted:?}"))
                .collect();
            assert!(
                missing.is_empty() && unknown.is_empty() && other.is_empty(),
                "{}: missing {missing:?}, not in the model {unknown:?}, different {other:?}",
                entity.table
            );
        }
    }

    async fn filterable_and_orderable_columns_lead_an_index(engine: TestEngine) {
        engine.open().await;
        for entity in model::entities() {
            let (leading, unique) = engine.indexes(entity.table).await;
            let wanted = names(indexed_columns(entity));
            let missing: Vec<_> = wanted.difference(&leading).collect();
            assert!(missing.is_empty(), "{}: no index begins with {missing:?}", entity.table);
            let needless: Vec<_> = leading.difference(&wanted).collect();
            assert!(needless.is_empty(), "{}: the model does not ask for {needless:?}", entity.table);
            let wanted = entity.attributes().filter(|attribute| attribute.unique || attribute.name == "Id");
            let wanted = names(wanted.filter_map(|attribute| attribute.column));
            assert_eq!(unique, wanted, "{}: the columns with a unique index", entity.table);
        }
    }

    async fn there_are_no_unknown_tables(engine: TestEngine) {
        engine.open().await;
        let tables = if engine.is_postgres() {
            "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'"
        } else {
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        };
        let there: BTreeSet<_> = engine.texts(tables).await.into_iter().flatten().collect();
        let internal = [
            "application_deletions",
            "application_names",
            "attempts",
            "catalogue",
            "client_secrets",
            "commits",
            "deleted_rows",
            "facts",
            "grant_origins",
            "leak_reports",
            "logouts",
            "mail",
            "mail_links",
            "migrations",
            "names",
            "passkeys",
            "pushed_requests",
            "recovery_codes",
            "refresh_answers",
            "revocation_members",
            "sessions",
            "signing_keys",
            "totp",
            "used_applications",
            "used_ids",
            "used_refresh_tokens",
            "user_codes",
        ];
        // Tables that only several programs on one database need.
        let shared = engine.is_postgres().then_some("seen_proofs");
        let internal: Vec<_> = internal.into_iter().chain(shared).map(|name| format!("grantor_{name}")).collect();
        let wanted = names(model::entities().map(|entity| entity.table).chain(internal.iter().map(String::as_str)));
        assert_eq!(there, wanted);
    }
}
