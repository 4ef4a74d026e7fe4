//! Direct access to the database.

use super::Server;
use super::database;

impl Server {
    /// Returns the first column of a SQL query, as text. On SQLite, the program must be stopped.
    pub fn look_up(&self, statement: &str) -> Vec<String> {
        if let Some(url) = self.database_url() {
            return database::ask(url, statement);
        }
        let registry = rusqlite::Connection::open(self.folder().join("grantor.db")).unwrap();
        let mut statement = registry.prepare(statement).unwrap();
        let text = |row: &rusqlite::Row<'_>| row.get::<_, rusqlite::types::Value>(0);
        let rows: Vec<_> = statement.query_map([], text).unwrap().map(Result::unwrap).collect();
        let text = |value| match value {
            rusqlite::types::Value::Text(text) => text,
            rusqlite::types::Value::Integer(number) => number.to_string(),
            other => panic!("neither text nor number: {other:?}"),
        };
        rows.into_iter().map(text).collect()
    }

    /// Changes rows directly. On SQLite, the program must be stopped.
    pub fn change(&self, statement: &str) {
        match self.database_url() {
            Some(url) => drop(database::ask(url, statement)),
            None => {
                let registry = rusqlite::Connection::open(self.folder().join("grantor.db")).unwrap();
                registry.execute_batch(statement).unwrap();
            }
        }
    }

    /// Returns the whole content of the registry: the bytes of the files, or every row as text.
    pub fn everything_kept(&self) -> Vec<u8> {
        let Some(url) = self.database_url() else {
            let files = ["grantor.db", "grantor.db-wal"].map(|name| std::fs::read(self.folder().join(name)));
            return files.into_iter().filter_map(Result::ok).flatten().collect();
        };
        let tables = "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = current_schema()";
        let rows = database::ask(url, tables)
            .into_iter()
            .flat_map(|table| database::ask(url, &format!("SELECT t::text FROM {table} AS t")));
        rows.collect::<Vec<_>>().join("\n").into_bytes()
    }
}
