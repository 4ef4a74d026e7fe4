//! Proofs after a restart of the program (RFC 9449, section 11.1).

use serde_json::{Value, json};

use super::dpop::{ROWS, ask, read};
use super::dpop_once::PUBLIC;
use crate::support::Server;
use crate::support::keys::{Key, now};

on_both_engines! {
    /// A proof is accepted once at each API, and not again after the program was killed.
    fn a_proof_is_good_once_after_a_restart_too(engine: Engine) {
        let server = &mut Server::start(engine, &["--demo", "--public-url", PUBLIC]);
        let (world, key) = (server.world(), Key::generate());
        let token_url = format!("{PUBLIC}/id/connect/token");
        let token = |server: &Server| {
            let answer: Value = ask(server, &world.applications.service, &[&key.proof("POST", &token_url, None, &[])]).json().unwrap();
            answer["access_token"].as_str().unwrap().to_owned()
        };
        let token = token(server);
        let proof = |seconds: u64| key.proof("GET", &format!("{PUBLIC}{ROWS}"), Some(&token), &[("iat", json!(now() + seconds))]);
        // A client with a fast clock creates proofs that seem to be newer than the next start.
        let used = [proof(0), proof(5), proof(25)];
        for proof in &used {
            assert_eq!(read(server, "DPoP", &token, Some(proof)).0, 200);
            assert_eq!(read(server, "DPoP", &token, Some(proof)).0, 401);
        }
        for _ in 0..2 {
            server.kill();
            server.run();
            for proof in &used {
                assert_eq!(read(server, "DPoP", &token, Some(proof)).0, 401, "it was used before the program was killed");
            }
            assert_eq!(read(server, "DPoP", &token, Some(&proof(0))).0, 200, "another proof is accepted");
        }
    }
}
