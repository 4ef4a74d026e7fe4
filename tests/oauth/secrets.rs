//! Replacing client secrets.

use std::sync::Barrier;

use serde_json::{Value, json};

use crate::support::{Application, Server};

fn rotate(server: &Server, client_id: &str, more: &[&str]) -> Result<Application, String> {
    let arguments = [&["app", "rotate-secret", client_id][..], more].concat();
    let secret = server.cli(&arguments, Some(&server.world().admin.pat))?;
    Ok(Application {
        client_id: client_id.to_owned(),
        client_secret: Some(secret.trim().to_owned()),
        redirect_uri: String::new(),
    })
}

fn works(server: &Server, application: &Application) -> bool {
    match server.oauth("token", application, &[("grant_type", "client_credentials")]) {
        (200, _) => true,
        (401, answer) => {
            assert_eq!(answer["error"], "invalid_client");
            false
        }
        other => panic!("{other:?}"),
    }
}

on_both_engines! {
    /// A new secret replaces the former one at once, or at a time that the administrator sets.
    fn a_secret_is_replaced(server: &mut Server) {
        let first = server.world().applications.service;
        let token = server.client_credentials(&first);
        let second = rotate(server, &first.client_id, &[]).unwrap();
        assert_eq!((works(server, &first), works(server, &second)), (false, true));
        assert!(server.accepts(&token), "existing tokens stay valid");
        let third = rotate(server, &first.client_id, &["--keep-old-for", "12h"]).unwrap();
        assert_eq!((works(server, &second), works(server, &third)), (true, true), "both are valid for a while");
        assert!(server.stop());
        server.change("UPDATE \"Sec_Trusted_Applications\" SET former_secret_until_utc = 1 WHERE former_secret_hash IS NOT NULL");
        server.run();
        assert_eq!((works(server, &second), works(server, &third)), (false, true), "until the requested time");
        let fourth = rotate(server, &first.client_id, &["--keep-old-for", "1d"]).unwrap();
        let fifth = rotate(server, &first.client_id, &[]).unwrap();
        assert_eq!([&third, &fourth, &fifth].map(|secret| works(server, secret)), [false, false, true]);

        assert!(rotate(server, &first.client_id, &["--keep-old-for", "2020-01-01T00:00:00Z"]).unwrap_err().contains("has passed"));
        assert!(rotate(server, "unknown", &[]).unwrap_err().contains("no such application"));
        assert!(rotate(server, "demo-native", &[]).unwrap_err().contains("another way than by a secret"));
        let refused = server.cli(&["app", "rotate-secret", &first.client_id], Some(&server.world().user.pat));
        assert!(refused.unwrap_err().contains("sec") && works(server, &fifth));
        let kept = server.everything_kept();
        let secret = fifth.client_secret.as_deref().unwrap().as_bytes();
        assert!(!kept.windows(secret.len()).any(|window| window == secret), "the secret is not stored");
    }

    /// A leaked former secret is removed, and the new one stays.
    fn a_former_secret_that_leaked_ends(server: &mut Server) {
        let first = server.world().applications.service;
        let second = rotate(server, &first.client_id, &["--keep-old-for", "7d"]).unwrap();
        let report = json!([{ "secret": first.client_secret }]);
        let response = server.http.post(format!("{}/leaks", server.url)).json(&report).send().unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!((works(server, &first), works(server, &second)), (false, true));
    }

    /// Secrets that sign assertions are replaced in the same way.
    fn a_secret_that_signs_is_replaced(server: &mut Server) {
        let metadata = json!({"token_endpoint_auth_method": "client_secret_jwt"});
        let first = server.register("signer", "REFERENCE", &metadata).unwrap();
        let second = rotate(server, "signer", &["--keep-old-for", "1d"]).unwrap();
        let ask = super::client_authentication::status_with_shared_secret;
        assert_eq!((ask(server, &first), ask(server, &second)), (200, 200));
        let third = rotate(server, "signer", &[]).unwrap();
        assert_eq!((ask(server, &second), ask(server, &third)), (401, 200));
        assert!(server.stop());
        server.on_folder(&["keys", "rotate"]).unwrap();
        server.run();
        assert_eq!(ask(server, &third), 200, "under new keys as well");
    }

    /// If several requests rotate at once, each gets a working secret or a conflict.
    fn a_race_leaves_one_secret(server: &mut Server) {
        let service = server.world().applications.service;
        let start = Barrier::new(8);
        let document = "mutation($input: APIApplicationRotateSecretMutationInput!) { apiApplicationRotateSecret(input: $input) { clientSecret } }";
        let admin = server.world().admin.pat;
        let shared = &*server;
        let secrets: Vec<Option<String>> = std::thread::scope(|scope| {
            let (start, admin, id) = (&start, &admin, &service.client_id);
            let ask = move || {
                start.wait();
                let answer: Value = shared.graphql(document, &json!({"input": {"clientId": id}}), admin).1;
                answer["data"]["apiApplicationRotateSecret"]["clientSecret"].as_str().map(str::to_owned)
            };
            let racers: Vec<_> = (0..8).map(|_| scope.spawn(ask)).collect();
            racers.into_iter().map(|racer| racer.join().unwrap()).collect()
        });
        let working = secrets.iter().flatten().filter(|secret| {
            works(server, &Application { client_secret: Some((*secret).clone()), ..service.clone() })
        });
        assert_eq!(working.count(), 1, "not exactly one of {} secrets works", secrets.iter().flatten().count());
    }
}
