//! The registry behind the program's back.

use super::Server;
use super::database;

impl Server {
    /// Changes rows behind the program's back. On SQLite the program has to be stopped.
    pub fn change(&self, statement: &str) {
        match self.database_url() {
            Some(url) => drop(database::ask(url, statement)),
            None => {
                let registry = rusqlite::Connection::open(self.folder().join("grantor.db")).unwrap();
                registry.execute_batch(statement).unwrap();
            }
        }
    }

    /// Everything that the registry holds, as it is written: the bytes of the files, or every row as text.
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
