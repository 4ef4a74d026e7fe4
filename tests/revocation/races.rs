//! Races: exactly one of several concurrent requests succeeds.

use std::sync::Barrier;

use crate::support::{Browser, Server};

/// Runs an action `count` times concurrently; returns the results.
fn at_once<T: Send>(count: usize, action: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let (start, action) = (Barrier::new(count), &action);
    std::thread::scope(|scope| {
        let start = &start;
        let runs = (0..count).map(|index| {
            scope.spawn(move || {
                start.wait();
                action(index)
            })
        });
        let runs: Vec<_> = runs.collect();
        runs.into_iter().map(|run| run.join().unwrap()).collect()
    })
}

/// Returns the number of children of the grant with this secret.
fn children(server: &Server, secret: &str) -> u64 {
    let admin = server.world().admin.pat;
    let id = server.grant_id(secret, &admin);
    let query = format!("?$filter=Parent eq 'Systems_Security_AccessTokens({id})'");
    server.count(&format!("Systems_Security_AccessTokens{query}"), &admin)
}

on_both_engines! {
    /// An approved code is exchanged once, even by concurrent requests.
    fn one_exchange_wins(server: &mut Server) {
        let world = server.world();
        let started = server.start_device("demo-native", "read");
        assert_eq!(Browser::of(server, &world.user).decide(&started.user_code, "approve").status, 200);
        let (won, lost): (Vec<_>, Vec<_>) =
            at_once(50, |_| server.redeem(&started)).into_iter().partition(Result::is_ok);
        assert_eq!(won.len(), 1, "{lost:?}");
        assert!(lost.iter().all(|error| error == &Err("invalid_grant".to_owned())), "{lost:?}");
        assert!(server.accepts(won[0].as_ref().unwrap()));
        assert_eq!(children(server, &started.device_code), 1);
    }

    /// A code is decided once, and the device gets that decision.
    fn one_decision_wins(server: &mut Server) {
        let browser = Browser::of(server, &server.world().user);
        let started = server.start_device("demo-native", "read");
        let page = browser.open(&format!("/device?user_code={}", started.user_code));
        let decide = |index: usize| {
            let decision = if index.is_multiple_of(2) { "approve" } else { "deny" };
            (decision, browser.submit(&page, "/device/decide", &[("decision", decision)]).status)
        };
        let (won, lost): (Vec<_>, Vec<_>) =
            at_once(20, decide).into_iter().partition(|(_, status)| *status == 200);
        assert_eq!(won.len(), 1, "{won:?} {lost:?}");
        assert!(lost.iter().all(|(_, status)| *status == 409), "{lost:?}");
        match won[0].0 {
            "approve" => assert!(server.accepts(&server.redeem(&started).unwrap())),
            _ => assert_eq!(server.redeem(&started), Err("access_denied".to_owned())),
        }
    }

    /// A code that is revoked during its exchange leaves no token.
    fn a_revocation_misses_no_descendant(server: &mut Server) {
        let world = server.world();
        let browser = Browser::of(server, &world.user);
        for _ in 0..5 {
            let started = server.start_device("demo-native", "read");
            assert_eq!(browser.decide(&started.user_code, "approve").status, 200);
            let outcomes = at_once(6, |index| {
                if index == 0 {
                    assert_eq!(server.revoke(&world.applications.native, &started.device_code), 200);
                    None
                } else {
                    server.redeem(&started).ok()
                }
            });
            assert!(outcomes.iter().flatten().count() <= 1);
            for token in outcomes.iter().flatten() {
                assert!(!server.accepts(token), "a token outlived its code");
            }
        }
    }
}
