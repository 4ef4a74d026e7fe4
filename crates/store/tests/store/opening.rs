//! Opening: the schema is created once, and a newer one is not touched.

use std::sync::Arc;

use model::entities::User;
use store::{Location, Store, StoreError};

use crate::engine::TestEngine;
use crate::sample::*;

/// The names of the migration files without their endings, in order.
fn migration_files() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/migrations");
    let names = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name());
    let stems = names.map(|name| name.to_str().unwrap().split('.').next().unwrap().to_owned());
    stems.collect::<std::collections::BTreeSet<_>>().into_iter().collect()
}

both_engines! {
    async fn one_of_many_concurrent_openers_migrates(engine: TestEngine) {
        let opening = (0..8).map(|_| {
            let location = engine.location.clone();
            std::thread::spawn(move || {
                crate::engine::block_on(async move {
                    let store = Store::open(&location, Arc::new(|_| {})).await.unwrap();
                    let read: Result<bool, StoreError> = store.read(|read| read.has_any::<User>()).await;
                    assert!(!read.unwrap());
                });
            })
        });
        opening.collect::<Vec<_>>().into_iter().for_each(|thread| thread.join().unwrap());
        let steps = engine.texts("SELECT number || '', name FROM grantor_migrations ORDER BY number").await;
        let ledger: Vec<_> = steps.iter().map(|step| format!("{:0>4}_{}", step[0], step[1])).collect();
        assert_eq!(ledger, migration_files(), "each step once, in the order of the files");
    }

    async fn what_was_written_is_there_when_opened_again(engine: TestEngine) {
        let store = engine.open().await;
        let written: Result<(), StoreError> = store.write(|tx| tx.insert(&full_user(1))).await;
        written.unwrap();
        store.close().await;
        let store = engine.open().await;
        let found: Result<Option<User>, StoreError> = store.read(|read| read.find(id(1))).await;
        assert_eq!(found.unwrap(), Some(full_user(1)));
    }

    async fn a_newer_schema_is_refused_and_left_alone(engine: TestEngine) {
        engine.open().await.close().await;
        let known = engine.texts("SELECT max(number) || '' FROM grantor_migrations").await;
        engine.execute("INSERT INTO grantor_migrations (number, name) VALUES (1000, 'from the future')").await;
        let Err(error) = Store::open(&engine.location, Arc::new(|_| {})).await else { panic!("it was opened") };
        assert_eq!(
            error.to_string(),
            format!(
                "the database has schema 1000, this program knows up to {}: it was used by a newer version; \
                 start that version, or restore a backup from before the upgrade",
                known[0][0]
            )
        );
        let last = "SELECT max(number) || '' FROM grantor_migrations WHERE number < 1000";
        assert_eq!(engine.texts(last).await, known);
    }
}

#[test]
fn what_cannot_be_opened_says_why_without_a_password() {
    crate::engine::block_on(async {
        let engine = TestEngine::sqlite();
        let Location::Sqlite(path) = &engine.location else { unreachable!() };
        std::fs::write(path, "this is not a database, though it is long enough to look at; ".repeat(20))
            .unwrap();
        let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let places = [
            Location::Sqlite(path.clone()),
            Location::Sqlite(path.join("below a file")),
            Location::Sqlite(path.with_file_name("no such folder").join("registry.db")),
            Location::Postgres(format!("postgres://u:hunter2@127.0.0.1:{closed}/x")),
            Location::Postgres("postgres://u:hunter2@127.0.0.1:nonsense/x".to_owned()),
        ];
        for place in places {
            let Err(error) = Store::open(&place, Arc::new(|_| {})).await else { panic!("{place:?}") };
            assert!(matches!(error, StoreError::Open(_)), "{place:?}: {error:?}");
            assert!(!format!("{place:?} {error} {error:?}").contains("hunter2"), "{error}");
        }
    });
}

#[test]
fn a_server_is_trusted_only_with_a_certificate_where_the_url_asks_for_tls() {
    crate::engine::block_on(async {
        let engine = TestEngine::postgres().await;
        let Location::Postgres(url) = &engine.location else { unreachable!() };
        // The test server has no certificate that the system trusts for a loopback address.
        let place = Location::Postgres(format!("{url} sslmode=require"));
        let Err(error) = Store::open(&place, Arc::new(|_| {})).await else { panic!("it was opened") };
        assert!(matches!(error, StoreError::Open(_)) && error.to_string().contains("TLS"), "{error}");
    });
}
