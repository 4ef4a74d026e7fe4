//! An empty registry for each test, on the engine of the test, removed afterwards.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use store::{Location, OnCommit, Store};
use tokio_postgres::{Config, NoTls};

/// Generates two tests from each function, one per engine.
macro_rules! both_engines {
    ($( $(#[$meta:meta])* async fn $name:ident($engine:ident : TestEngine) $body:block )+) => { $(
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            $(#[$meta])*
            async fn run($engine: $crate::engine::TestEngine) $body

            #[test]
            fn sqlite() {
                $crate::engine::block_on(async { run($crate::engine::TestEngine::sqlite()).await });
            }

            #[test]
            fn postgres() {
                $crate::engine::block_on(async { run($crate::engine::TestEngine::postgres().await).await });
            }
        }
    )+ };
}

/// The location of a registry, which is removed on drop, including after a panic.
pub(crate) struct TestEngine {
    pub(crate) location: Location,
    place: Place,
}

enum Place {
    Folder(PathBuf),
    Database { server: Box<Config>, name: String },
}

pub(crate) fn block_on(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(4)
        .enable_all()
        .build()
        .unwrap()
        .block_on(test);
}

/// Returns a name that no concurrent test uses.
fn unique_name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!("grantor_store_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

fn server() -> Config {
    let url = std::env::var("GRANTOR_TEST_POSTGRES");
    url.as_deref().unwrap_or("postgres://postgres@127.0.0.1:5432/postgres").parse().unwrap()
}

async fn execute(config: &Config, statements: &[String]) {
    let (client, connection) = config.connect(NoTls).await.unwrap();
    let driver = tokio::spawn(connection);
    for statement in statements {
        client.batch_execute(statement).await.unwrap_or_else(|error| panic!("{statement}: {error:?}"));
    }
    drop(client);
    driver.await.unwrap().unwrap();
}

impl TestEngine {
    pub(crate) fn sqlite() -> Self {
        let folder = std::env::temp_dir().join(unique_name());
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir(&folder).unwrap();
        Self { location: Location::Sqlite(folder.join("registry.db")), place: Place::Folder(folder) }
    }

    pub(crate) async fn postgres() -> Self {
        let (server, name) = (server(), unique_name());
        let drop = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
        let create = format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'");
        execute(&server, &[drop, create]).await;
        let location = Location::Postgres(url(&server, &name));
        Self { location, place: Place::Database { server: Box::new(server), name } }
    }

    pub(crate) fn is_postgres(&self) -> bool {
        matches!(self.place, Place::Database { .. })
    }

    /// Opens the registry.
    pub(crate) async fn open(&self) -> Store {
        self.open_with(Arc::new(|_| {})).await
    }

    /// Opens the registry with a callback for the changed rows of each commit.
    pub(crate) async fn open_with(&self, on_commit: OnCommit) -> Store {
        Store::open(&self.location, on_commit).await.unwrap()
    }

    /// Executes SQL directly on the database, as an operator could.
    pub(crate) async fn execute(&self, sql: &str) {
        match &self.location {
            Location::Sqlite(path) => {
                let connection = rusqlite::Connection::open(path).unwrap();
                connection.busy_timeout(std::time::Duration::from_secs(10)).unwrap();
                connection.execute_batch(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
            }
            Location::Postgres(url) => execute(&url.parse().unwrap(), &[sql.to_owned()]).await,
        }
    }

    /// Queries rows of text directly from the database.
    pub(crate) async fn texts(&self, sql: &str) -> Vec<Vec<String>> {
        match &self.location {
            Location::Sqlite(path) => {
                let connection = rusqlite::Connection::open(path).unwrap();
                let mut statement = connection.prepare(sql).unwrap();
                let width = statement.column_count();
                let row = |row: &rusqlite::Row<'_>| (0..width).map(|index| row.get(index)).collect();
                statement.query_map([], row).unwrap().map(Result::unwrap).collect()
            }
            Location::Postgres(url) => {
                let config: Config = url.parse().unwrap();
                let (client, connection) = config.connect(NoTls).await.unwrap();
                tokio::spawn(connection);
                let rows = client.query(sql, &[]).await.unwrap();
                rows.iter().map(|row| (0..row.len()).map(|index| row.get(index)).collect()).collect()
            }
        }
    }

    /// Returns an identifier as a literal of the engine's SQL.
    pub(crate) fn literal(&self, id: model::Uuid) -> String {
        if self.is_postgres() { format!("'{id}'") } else { format!("x'{}'", id.simple()) }
    }
}

/// Returns the server's settings with another database, as keys and values.
fn url(server: &Config, database: &str) -> String {
    let quoted = |value: &str| format!("'{}'", value.replace('\\', "\\\\").replace('\'', "\\'"));
    let mut words = vec![format!("dbname={}", quoted(database))];
    words.extend(server.get_user().map(|user| format!("user={}", quoted(user))));
    let password = server.get_password().map(String::from_utf8_lossy);
    words.extend(password.map(|password| format!("password={}", quoted(&password))));
    let hosts: Vec<_> = server.get_hosts().iter().map(host).collect();
    words.push(format!("host={}", quoted(&hosts.join(","))));
    let ports: Vec<_> = server.get_ports().iter().map(u16::to_string).collect();
    if !ports.is_empty() {
        words.push(format!("port={}", ports.join(",")));
    }
    words.join(" ")
}

fn host(host: &tokio_postgres::config::Host) -> String {
    match host {
        tokio_postgres::config::Host::Tcp(name) => name.clone(),
        #[cfg(unix)]
        tokio_postgres::config::Host::Unix(path) => path.display().to_string(),
    }
}

impl Drop for TestEngine {
    fn drop(&mut self) {
        match &self.place {
            Place::Folder(folder) => {
                let _ = std::fs::remove_dir_all(folder);
            }
            Place::Database { server, name } => {
                let (server, drop) = (server.clone(), format!("DROP DATABASE {name} WITH (FORCE)"));
                // A runtime of its own, because this one may be unwinding from a panic.
                let removed =
                    std::thread::spawn(move || block_on(async move { execute(&server, &[drop]).await }));
                let _ = removed.join();
            }
        }
    }
}
