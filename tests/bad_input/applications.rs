//! Clients that fail to authenticate.

use data_encoding::BASE64;
use reqwest::header::{AUTHORIZATION, HeaderMap};

use super::Watch;
use super::oauth::ENDPOINTS;
use crate::support::Server;

/// A response as clients see it, without the date.
#[derive(Debug, PartialEq)]
struct Seen {
    status: u16,
    headers: HeaderMap,
    text: String,
}

fn ask(server: &Server, endpoint: &str, authorization: &[&str], form: &[(&str, &str)]) -> Seen {
    let request = server.post(&format!("/id/connect/{endpoint}"), form);
    let request = authorization.iter().fold(request, |request, line| request.header(AUTHORIZATION, *line));
    let response = request.send().unwrap();
    let mut headers = response.headers().clone();
    headers.remove("date");
    Seen { status: response.status().as_u16(), headers, text: response.text().unwrap() }
}

fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", BASE64.encode(format!("{id}:{secret}").as_bytes()))
}

on_both_engines! {
    /// An unknown client, a disabled one, and a wrong, missing or additional secret get the same response.
    fn who_is_wrong_is_not_told(server: &mut Server) {
        let world = server.world();
        let right = world.applications.web.client_secret.unwrap();
        if server.database_url().is_none() {
            assert!(server.stop());
        }
        server.change("UPDATE \"Sec_Trusted_Applications\" SET is_enabled = NOT is_enabled WHERE application_uri = 'demo-web'");
        if server.database_url().is_none() {
            server.run();
        }
        let watch = Watch::new(server);
        for endpoint in ENDPOINTS {
            let form = [("grant_type", "client_credentials"), ("token", "x")];
            let told = ask(server, endpoint, &[&basic("unknown", "x")], &form);
            assert_eq!(told.status, 401);
            assert!(told.text.contains("invalid_client") && told.headers.contains_key("www-authenticate"));
            for (id, secret) in [
                ("demo-web", right.as_str()),
                ("demo-web", "wrong"),
                ("demo-retired", "wrong"),
                ("demo-service", "wrong"),
                ("demo-service", &right),
                ("demo-native", "a public application has none"),
                ("Demo-service", "wrong"),
                ("' OR 1=1 --", "wrong"),
                (&"x".repeat(5000), "wrong"),
            ] {
                assert_eq!(ask(server, endpoint, &[&basic(id, secret)], &form), told, "{endpoint}: {id}");
                let posted = [&form[..], &[("client_id", id), ("client_secret", secret)]].concat();
                assert_eq!(ask(server, endpoint, &[], &posted), told, "{endpoint}: {id}");
            }
            let without = [&form[..], &[("client_id", "demo-service")]].concat();
            assert_eq!(ask(server, endpoint, &[], &without), told, "{endpoint}: no secret");
        }
        watch.done();
    }

    /// Malformed Basic authentication.
    fn malformed_basic_authentication(server: &mut Server) {
        let watch = Watch::new(server);
        let form = [("grant_type", "client_credentials"), ("token", "x")];
        for (line, what) in [
            ("Basic", "no credentials"),
            ("Basic ", "empty credentials"),
            ("Basic !!!!", "no base64"),
            ("Basic ZGVtbw", "base64 without its end"),
            ("Basic ZGVtbw==", "no colon"),
            ("Basic //79Og==", "bytes that are not UTF-8"),
            ("Basic JWZmOng=", "an encoded byte that is not UTF-8"),
            ("Basic JXp6Ong=", "an encoding with other digits"),
            ("Basic AAA6eA==", "null characters"),
            ("Digest username=\"demo-service\"", "another scheme"),
        ] {
            let seen = ask(server, "token", &[line], &form);
            watch.saw(what, seen.status, &seen.text);
            assert!(seen.status == 401 && seen.text.contains("invalid_client"), "{what}: {}", seen.text);
        }
        watch.done();
    }

    /// One authentication method at a time (RFC 6749, section 2.3).
    fn more_than_one_way(server: &mut Server) {
        let watch = Watch::new(server);
        let service = server.world().applications.service;
        let (id, secret) = (service.client_id.as_str(), service.client_secret.unwrap());
        let own = basic(id, &secret);
        let grant = ("grant_type", "client_credentials");
        let lines = [own.as_str(), own.as_str()];
        for (lines, form) in [
            (&lines[..1], vec![grant, ("client_id", id), ("client_secret", &secret)]),
            (&lines[..1], vec![grant, ("client_secret", "x")]),
            (&lines[..1], vec![grant, ("client_id", "demo-web")]),
            (&lines[..], vec![grant]),
        ] {
            let seen = ask(server, "token", lines, &form);
            watch.saw("two ways", seen.status, &seen.text);
            assert!(seen.status == 400 && seen.text.contains("invalid_request"), "{}", seen.text);
        }
        watch.done();
        assert_eq!(ask(server, "token", &lines[..1], &[grant, ("client_id", id)]).status, 200, "a repeated client_id is accepted");
    }
}
