use std::sync::atomic::{AtomicU32, Ordering};

/// A PostgreSQL database of one's own, dropped with this value.
pub struct Database {
    name: String,
    pub url: String,
}

/// The server on which databases are made.
fn server_url() -> String {
    std::env::var("GRANTOR_TEST_POSTGRES")
        .unwrap_or_else(|_| "postgres://postgres@127.0.0.1:5432/postgres".to_owned())
}

impl Database {
    pub fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("grantor_test_{}_{number}", std::process::id());
        execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        execute(&format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'"));
        Self { url: with_name(&server_url(), &name), name }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        execute(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
    }
}

/// The URL with another database's name: between the last slash and the question mark.
fn with_name(url: &str, name: &str) -> String {
    let (path, query) =
        url.split_once('?').map_or((url, String::new()), |(path, query)| (path, format!("?{query}")));
    let (server, _) = path.rsplit_once('/').expect("a database URL has a path");
    format!("{server}/{name}{query}")
}

fn execute(statement: &str) {
    ask(&server_url(), statement);
}

/// Runs a statement; gives the first column of the rows that it gives.
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
