//! Runs tests on SQLite, and on PostgreSQL if `GRANTOR_TEST_POSTGRES` is set.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use authority::Settings;
use store::Location;
use token::password::PasswordParams;
use tokio_postgres::{Config, NoTls};

use crate::world::{Person, World};

/// Runs a test on each engine, with changed settings.
#[allow(clippy::needless_pass_by_value, reason = "tests write their closures in place")]
pub(crate) fn on_both_engines(change: impl Fn(&mut Settings), test: impl AsyncFn(&World)) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let folder = std::env::temp_dir().join(unique_name());
        std::fs::create_dir_all(&folder).unwrap();
        let _folder = Folder(folder.clone());
        run(Location::Sqlite(folder.join("grantor.db")), &change, &test).await;
        if let Ok(server) = std::env::var("GRANTOR_TEST_POSTGRES") {
            let (server, name): (Config, _) = (server.parse().unwrap(), unique_name());
            execute(&server, &format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")).await;
            run(Location::Postgres(url(&server, &name)), &change, &test).await;
            execute(&server, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
        }
    });
}

async fn run(location: Location, change: &impl Fn(&mut Settings), test: &impl AsyncFn(&World)) {
    let mut settings =
        Settings { password_params: PasswordParams::CHEAP, ..Settings::new("http://127.0.0.1:8080") };
    change(&mut settings);
    let world = World::make(location, settings).await;
    test(&world).await;
    world.authority.close().await;
}

fn unique_name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!("grantor_core_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

/// Removes itself, also in a panic.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Enables or disables a user, as another program does.
pub(crate) async fn set_active(world: &World, person: &Person, active: bool) {
    let statement = format!("UPDATE \"Sec_Users\" SET active = {active} WHERE login = '{}'", person.login);
    match &world.location {
        Location::Sqlite(file) => {
            rusqlite::Connection::open(file).unwrap().execute_batch(&statement).unwrap();
        }
        Location::Postgres(url) => execute(&url.parse().unwrap(), &statement).await,
    }
}

async fn execute(server: &Config, statement: &str) {
    let (client, connection) = server.connect(NoTls).await.unwrap();
    let driver = tokio::spawn(connection);
    client.batch_execute(statement).await.unwrap();
    drop(client);
    driver.await.unwrap().unwrap();
}

/// The URL of a database on a server.
fn url(server: &Config, database: &str) -> String {
    let host = match &server.get_hosts()[0] {
        tokio_postgres::config::Host::Tcp(host) => host.clone(),
        tokio_postgres::config::Host::Unix(folder) => folder.to_string_lossy().into_owned(),
    };
    let port = server.get_ports().first().copied().unwrap_or(5432);
    let password = server
        .get_password()
        .map_or(String::new(), |text| format!("&password={}", String::from_utf8_lossy(text)));
    let user = server.get_user().unwrap_or("postgres");
    format!("postgres:///{database}?host={host}&port={port}&user={user}{password}")
}
