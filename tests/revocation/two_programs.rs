//! Two programs on one PostgreSQL database agree at every moment.

use std::sync::Barrier;

use serde_json::Value;

use crate::support::{Browser, Engine, Server};

fn two() -> (Server, Server) {
    let one = Server::demo(Engine::Postgres);
    let other = one.beside();
    (one, other)
}

/// A revocation by one program is effective at the other at once, even if it has just accepted the token.
#[test]
fn what_one_revokes_the_other_refuses() {
    let (one, other) = two();
    let user = one.world().user;
    let browser = Browser::of(&one, &user);
    for (here, there) in [(&one, &other), (&other, &one)] {
        let token = browser.token("demo-web", &["read"], &[]);
        let id = one.grant_id(&token, &user.pat);
        let revoker = Browser::of(here, &user);
        assert!(there.accepts(&token) && there.accepts(&token) && here.accepts(&token));
        assert_eq!(revoker.revoke(&id).status, 200);
        assert!(!there.accepts(&token), "the other program uses a stale cache");
        assert!(!here.accepts(&token));
    }
}

/// An inactive user and a disabled client are refused at both at once.
#[test]
fn what_one_disables_the_other_refuses() {
    let (one, other) = two();
    let world = one.world();
    assert!(other.accepts(&world.user.pat));
    one.change(&format!("UPDATE \"Sec_Users\" SET active = false WHERE login = '{}'", world.user.login));
    assert!(!other.accepts(&world.user.pat) && !one.accepts(&world.user.pat));
    let service = &world.applications.service;
    let token = other.client_credentials(service);
    assert!(one.accepts(&token));
    one.change(
        "UPDATE \"Sec_Trusted_Applications\" SET is_enabled = false WHERE application_uri = 'demo-service'",
    );
    assert!(!one.accepts(&token) && !other.accepts(&token));
    assert_eq!(other.oauth("token", service, &[("grant_type", "client_credentials")]).0, 401);
}

/// A code that one program issued and a user approves at the other is exchanged once, at either of them.
#[test]
fn a_code_is_exchanged_once_between_them() {
    let (one, other) = two();
    let started = one.start_device("demo-native", "read");
    assert_eq!(other.redeem(&started), Err("authorization_pending".to_owned()));
    assert_eq!(Browser::of(&other, &one.world().user).decide(&started.user_code, "approve").status, 200);
    let (start, programs) = (Barrier::new(16), [&one, &other]);
    let outcomes: Vec<_> = std::thread::scope(|scope| {
        let (start, started) = (&start, &started);
        let runs = (0..16).map(|index| {
            let program = programs[index % 2];
            scope.spawn(move || {
                start.wait();
                program.redeem(started)
            })
        });
        let runs: Vec<_> = runs.collect();
        runs.into_iter().map(|run| run.join().unwrap()).collect()
    });
    let (won, lost): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
    assert_eq!(won.len(), 1, "{won:?} {lost:?}");
    assert!(lost.iter().all(|error| error == &Err("invalid_grant".to_owned())), "{lost:?}");
    let token = won[0].as_ref().unwrap();
    assert!(one.accepts(token) && other.accepts(token));
}

/// Both publish the same signing keys, so each verifies the signatures of the other.
#[test]
fn both_publish_the_same_keys() {
    let (one, other) = two();
    let keys = |server: &Server| -> Value {
        server.get("/id/.well-known/openid-configuration/jwks", None).send().unwrap().json().unwrap()
    };
    assert_eq!(keys(&one), keys(&other));
    assert_eq!(keys(&one)["keys"].as_array().unwrap().len(), 3, "one of each algorithm");
}
