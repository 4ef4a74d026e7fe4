//! Database faults: lost commits, an emptied registry, a read-only server, deadlocks.

use serde_json::Value;

use crate::support::database::ask;
use crate::support::{Asking, Browser, Engine, Server, wait_until};

const FAMILIES: usize = 60;

/// Waits until readiness has this status.
fn await_ready(server: &Server, status: u16) {
    let found = || server.get("/health/ready", None).send().unwrap().status();
    wait_until(&format!("the status is {status}"), || found() == status);
}

/// Returns the number of commits in the file beside the database.
fn counted(server: &Server) -> u64 {
    let counter = std::fs::read_to_string(server.folder().join("grantor.db.commits")).unwrap_or_default();
    counter.parse().unwrap_or_default()
}

fn token(server: &Server) -> (u16, Value) {
    let service = server.world().applications.service;
    server.oauth("token", &service, &[("grant_type", "client_credentials")])
}

/// An emptied database with the keys of an earlier start is refused.
#[test]
fn an_emptied_registry_is_refused() {
    let mut server = Server::start(Engine::Sqlite, &[]);
    assert!(server.stop());
    let file = |name: &str| server.folder().join(name);
    for name in ["grantor.db", "grantor.db-wal", "grantor.db-shm"] {
        let _ = std::fs::remove_file(file(name));
    }
    let why = server.on_folder(&["keys", "rotate"]).unwrap_err();
    assert!(why.contains("counts") && why.contains("restore the database from a backup"), "{why}");
    std::fs::remove_file(file("grantor.db.commits")).unwrap();
    std::fs::remove_file(file("grantor.db")).unwrap();
    let why = server.on_folder(&["keys", "rotate"]).unwrap_err();
    assert!(why.contains("the registry is empty, but its keys in"), "{why}");
    std::fs::remove_file(file("keys")).unwrap();
    std::fs::remove_file(file("grantor.db")).unwrap();
    let _ = std::fs::remove_file(file("grantor.db.commits"));
    server.run();
}

/// A damaged write-ahead log loses commits; the next start reports it.
#[test]
fn lost_commits_are_reported() {
    let mut server = Server::demo(Engine::Sqlite);
    let before = counted(&server);
    for _ in 0..20 {
        assert_eq!(token(&server).0, 200);
    }
    wait_until("the commits are counted", || counted(&server) >= before + 20);
    server.kill();
    let log = server.folder().join("grantor.db-wal");
    let mut frames = std::fs::read(&log).unwrap();
    assert!(frames.len() > 4096, "there is nothing to damage");
    frames[32 + 24 + 100] ^= 1;
    std::fs::write(&log, frames).unwrap();
    server.run();
    assert!(server.metric("grantor_store_commits_lost") >= 20);
    assert!(server.log().contains("the database lacks commits that were acknowledged"), "{}", server.log());
    let before = counted(&server);
    assert_eq!(token(&server).0, 200);
    wait_until("the commit is counted", || counted(&server) != before);
    server.kill();
    server.run();
    assert_eq!(
        server.metric("grantor_store_commits_lost"),
        0,
        "a kill loses nothing, and old losses are reported once"
    );
}

/// A damaged page ends the start with the file and the remedy.
#[test]
fn a_damaged_page_is_reported() {
    let mut server = Server::demo(Engine::Sqlite);
    assert!(server.stop());
    let database = server.folder().join("grantor.db");
    let mut bytes = std::fs::read(&database).unwrap();
    let rows = bytes.windows(15).position(|part| part == b"ben@example.com").unwrap();
    let page = rows / 4096 * 4096;
    bytes[page..page + 200].fill(0xff);
    std::fs::write(&database, bytes).unwrap();
    let why = server.on_folder(&["serve", "--listen", "127.0.0.1:0"]).unwrap_err();
    assert!(why.contains("grantor.db") && why.contains("the database is damaged"), "{why}");
    assert!(why.contains("restore it from a backup"), "{why}");
}

/// An empty commit counter file does not prevent the start, and users without an address are not reported.
#[test]
fn an_empty_commit_counter_is_replaced() {
    let mut server = Server::demo(Engine::Sqlite);
    assert!(server.stop());
    let counter = server.folder().join("grantor.db.commits");
    let counted = std::fs::read_to_string(&counter).unwrap();
    std::fs::write(&counter, "").unwrap();
    server.run();
    assert!(server.log().contains("grantor.db.commits is empty"), "{}", server.log());
    assert!(!server.log().contains("another user has confirmed"), "{}", server.log());
    assert!(server.stop());
    let after = std::fs::read_to_string(&counter).unwrap();
    assert!(after.parse::<u64>().unwrap() >= counted.parse().unwrap(), "{counted} {after}");
}

/// A read-only database is reported as unavailable, not as broken, and is used again when it accepts writes.
#[test]
fn a_read_only_database_is_unavailable() {
    let server = Server::demo(Engine::Postgres);
    await_ready(&server, 200);
    let url = server.database_url().unwrap();
    let name = ask(url, "SELECT current_database()").remove(0);
    let set = |what: &str| {
        ask(url, &format!("SET transaction_read_only = off; ALTER DATABASE {name} {what}"));
        let others = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity \
                      WHERE datname = current_database() AND pid <> pg_backend_pid()";
        ask(url, others);
    };
    set("SET default_transaction_read_only = on");
    for _ in 0..3 {
        let (status, answer) = token(&server);
        assert_eq!((status, answer["error"].as_str()), (503, Some("temporarily_unavailable")), "{answer}");
    }
    await_ready(&server, 503);
    set("RESET default_transaction_read_only");
    await_ready(&server, 200);
    assert_eq!(token(&server).0, 200);
}

/// Of two servers in the URL, the one that responds and accepts writes is used.
#[test]
fn the_server_that_takes_writes_is_used() {
    let server = Server::demo(Engine::Postgres);
    let url = server.database_url().unwrap();
    let two = match url.split_once("host=") {
        Some((before, host)) => format!("{before}host=/nonexistent&host={host}"),
        None => url.replacen('@', "@127.0.0.1:1,", 1),
    };
    let joined = if two.contains('?') { '&' } else { '?' };
    let other = server.beside_at(format!("{two}{joined}target_session_attrs=read-write"));
    assert_eq!(token(&other).0, 200);
}

/// Refreshing and revoking lock grants in the same order.
#[test]
fn refreshing_and_revoking_do_not_deadlock() {
    let mut server = Server::demo(Engine::Postgres);
    let world = server.world();
    let web = &world.applications.web;
    let browser = Browser::of(&server, &world.user);
    let asking = Asking::of(web, "read offline_access");
    for _ in 0..FAMILIES {
        let tokens = server.tokens(&asking, &browser);
        let refresh = tokens["refresh_token"].as_str().unwrap();
        let (refreshed, revoked) = std::thread::scope(|scope| {
            let refreshing = scope.spawn(|| server.refresh(web, refresh));
            let revoking = scope.spawn(|| server.revoke(web, refresh));
            (refreshing.join().unwrap(), revoking.join().unwrap())
        });
        assert_eq!(revoked, 200);
        if let Some(access) = refreshed.1["access_token"].as_str() {
            assert!(!server.accepts(access), "a revoked token is refused");
        }
    }
    // PostgreSQL updates its deadlock counter at the latest when a session ends.
    let url = server.database_url().unwrap().to_owned();
    assert!(server.stop());
    let found = ask(&url, "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()");
    assert_eq!(found, ["0"]);
}
