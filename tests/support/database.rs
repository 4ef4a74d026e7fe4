use std::sync::atomic::{AtomicU32, Ordering};

/// Prefix of the names of all test databases.
pub const PREFIX: &str = "grantor_test_";

/// A PostgreSQL database of its own.
pub struct Database {
    name: String,
    pub url: String,
    /// Whether the database is kept on drop.
    kept: bool,
}

/// Returns the server on which databases are created.
pub fn server_url() -> String {
    std::env::var("GRANTOR_TEST_POSTGRES")
        .unwrap_or_else(|_| "postgres://postgres@127.0.0.1:5432/postgres".to_owned())
}

impl Database {
    /// Creates an empty database, removed on drop.
    pub fn new() -> Self {
        Self::made(own_name(), "template0", false)
    }

    /// Copies an unused database; the copy is removed on drop.
    pub fn copy_of(template: &str) -> Self {
        Self::made(own_name(), template, false)
    }

    /// Creates an empty database of this name, which is kept.
    pub fn kept(name: &str) -> Self {
        Self::made(name.to_owned(), "template0", true)
    }

    /// Refers to an existing database, by a URL of its own.
    pub fn reached_by(url: String) -> Self {
        Self { name: String::new(), url, kept: true }
    }

    fn made(name: String, template: &str, kept: bool) -> Self {
        execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        execute(&format!("CREATE DATABASE {name} TEMPLATE {template} ENCODING 'UTF8'"));
        Self { url: with_name(&server_url(), &name), name, kept }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if self.kept {
            return;
        }
        execute(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
    }
}

fn own_name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("{PREFIX}{}_{number}", std::process::id())
}

/// Replaces the database name in a URL: between the last slash and the question mark.
fn with_name(url: &str, name: &str) -> String {
    let (path, query) =
        url.split_once('?').map_or((url, String::new()), |(path, query)| (path, format!("?{query}")));
    let (server, _) = path.rsplit_once('/').expect("a database URL has a path");
    format!("{server}/{name}{query}")
}

fn execute(statement: &str) {
    ask(&server_url(), statement);
}

/// Runs a statement; returns the first column of its rows.
pub fn ask(url: &str, statement: &str) -> Vec<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls)
            .await
            .expect("PostgreSQL answers (GRANTOR_TEST_POSTGRES names it; ./scripts/test starts one)");
        tokio::spawn(connection);
        let messages = client.simple_query(statement).await.expect(statement);
        let rows = messages.iter().filter_map(|message| match message {
            tokio_postgres::SimpleQueryMessage::Row(row) => Some(row.get(0).unwrap_or_default().to_owned()),
            _ => None,
        });
        rows.collect()
    })
}
