//! Proofs are accepted once: with their tokens, across programs, and after a restart (RFC 9449, section
//! 11.1).

use serde_json::Value;

use super::dpop::{ROWS, ask, error, read, token_url};
use crate::support::keys::Key;
use crate::support::{Asking, Browser, Engine, Server};

on_both_engines! {
    /// Refused requests write nothing, in any number, and do not consume their proof.
    fn a_refused_request_writes_nothing(server: &mut Server) {
        let (world, key) = (server.world(), Key::generate());
        let asking = Asking::of(&world.applications.web, "openid read offline_access");
        let others = server.tokens(&asking, &Browser::of(server, &world.user));
        let others = others["refresh_token"].as_str().unwrap();
        let before = server.settled_metric("grantor_store_transactions_total");
        let proof = || key.proof("POST", &token_url(server), None, &[]);
        for (grant_type, name) in [
            ("refresh_token", "refresh_token"),
            ("authorization_code", "code"),
            ("urn:ietf:params:oauth:grant-type:device_code", "device_code"),
            ("urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion"),
            ("urn:ietf:params:oauth:grant-type:token-exchange", "subject_token"),
            ("nonsense", "x"),
        ] {
            for secret in ["nonsense", others, &world.user.pat, ""] {
                let form = [("grant_type", grant_type), ("client_id", "demo-native"), (name, secret)];
                let answer = server.post("/id/connect/token", &form).header("dpop", proof()).send().unwrap();
                assert_eq!(answer.status(), 400, "{grant_type}");
            }
        }
        assert_eq!(server.metric("grantor_store_transactions_total"), before, "nothing was written");
        let kept = proof();
        let wrong = [("grant_type", "client_credentials"), ("scope", "nonsense")];
        let service = &world.applications.service;
        let refused = server.post("/id/connect/token", &wrong).basic_auth(&service.client_id, service.client_secret.as_deref());
        assert_eq!(refused.header("dpop", &kept).send().unwrap().status(), 400);
        assert_eq!(ask(server, service, &[&kept]).status(), 200, "the proof was not consumed");
        assert_eq!(error(ask(server, service, &[&kept])).1, "invalid_dpop_proof", "the proof is consumed");
    }

    /// A repeated refresh consumes a proof of its own, although it changes nothing.
    fn a_repeat_takes_another_proof(server: &mut Server) {
        let (key, web) = (Key::generate(), server.world().applications.web);
        let browser = Browser::of(server, &server.world().user);
        let first = server.tokens(&Asking::of(&web, "openid read offline_access"), &browser);
        let refresh = |proof: &str| {
            let form = [("grant_type", "refresh_token"), ("refresh_token", first["refresh_token"].as_str().unwrap())];
            let request = server.post("/id/connect/token", &form).basic_auth(&web.client_id, web.client_secret.as_ref());
            request.header("dpop", proof).send().unwrap()
        };
        let proofs = [(); 2].map(|()| key.proof("POST", &token_url(server), None, &[]));
        for proof in &proofs {
            assert_eq!(refresh(proof).status(), 200);
        }
        for proof in &proofs {
            assert_eq!(error(refresh(proof)).1, "invalid_dpop_proof");
        }
    }
}

/// The public address of the programs of a test.
pub(super) const PUBLIC: &str = "https://id.example.test";

/// Several programs on one database accept a proof once in total.
#[test]
fn two_programs_take_a_proof_once() {
    let one = Server::start(Engine::Postgres, &["--demo", "--public-url", PUBLIC]);
    let other = one.beside_with(&[("GRANTOR_PUBLIC_URL", PUBLIC)]);
    let (key, service) = (Key::generate(), one.world().applications.service);
    let answer: Value =
        ask(&one, &service, &[&key.proof("POST", &format!("{PUBLIC}/id/connect/token"), None, &[])])
            .json()
            .unwrap();
    let token = answer["access_token"].as_str().unwrap();
    let proof = || key.proof("GET", &format!("{PUBLIC}{ROWS}"), Some(token), &[]);
    for (here, there) in [(&one, &other), (&other, &one)] {
        let proof = proof();
        assert_eq!(read(here, "DPoP", token, Some(&proof)).0, 200);
        assert_eq!(read(there, "DPoP", token, Some(&proof)).0, 401);
        assert_eq!(read(here, "DPoP", token, Some(&proof)).0, 401);
    }
    let proof = proof();
    let programs = [&one, &other];
    let outcomes = std::thread::scope(|scope| {
        let racers: Vec<_> = (0..16)
            .map(|number| {
                scope.spawn({
                    let (proof, token) = (&proof, &token);
                    move || read(programs[number % 2], "DPoP", token, Some(proof)).0
                })
            })
            .collect();
        racers.into_iter().map(|racer| racer.join().unwrap()).collect::<Vec<_>>()
    });
    assert_eq!(outcomes.iter().filter(|status| **status == 200).count(), 1, "{outcomes:?}");
}
