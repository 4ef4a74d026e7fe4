//! Malformed requests to the OAuth endpoints.

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE};
use serde_json::Value;

use super::Watch;
use crate::support::Server;

pub const ENDPOINTS: [&str; 4] = ["token", "introspect", "revocation", "deviceauthorization"];
const FORM: &str = "application/x-www-form-urlencoded";

/// An invalid request and its expected refusal.
struct Wrong {
    what: &'static str,
    content_type: &'static str,
    body: Vec<u8>,
    status: u16,
    error: &'static str,
}

fn wrong(what: &'static str, body: impl Into<Vec<u8>>, status: u16, error: &'static str) -> Wrong {
    Wrong { what, content_type: FORM, body: body.into(), status, error }
}

/// Requests that are invalid at every endpoint.
fn everywhere() -> Vec<Wrong> {
    let malformed = |what, body: Vec<u8>| wrong(what, body, 400, "invalid_request");
    let own = "client_id=demo-native&token=x&grant_type=client_credentials";
    let with = |rest: &str| format!("{own}&{rest}").into_bytes();
    let typed = |content_type| Wrong { content_type, ..malformed("another type of content", own.into()) };
    vec![
        typed("application/json"),
        typed("text/plain"),
        typed("multipart/form-data; boundary=x"),
        typed(""),
        malformed("a parameter twice", with("client_id=demo-native")),
        malformed("an unknown parameter twice", with("x=1&x=2")),
        malformed("a parameter twice, once empty", with("token=")),
        malformed("encoded bytes that are not UTF-8", with("scope=%ff%fe")),
        malformed("half an encoded character", with("scope=%c3")),
        malformed("bytes that are not UTF-8", [own.as_bytes(), b"&scope=\xff"].concat()),
        malformed("a name that is not UTF-8", with("%ff=1")),
        malformed("an encoded null character", with("scope=%00")),
        malformed("a null character", with("scope=\0")),
        malformed("an encoding that ends too early", with("scope=%4")),
        malformed("an encoding with other digits", with("scope=%zz")),
        malformed("too many parameters", (0..101).flat_map(|n| format!("p{n}=1&").into_bytes()).collect()),
        wrong("a body that is too long", vec![b'x'; 300 * 1024], 413, "invalid_request"),
        wrong("no body", "", 401, "invalid_client"),
        wrong("no client", "token=x&grant_type=client_credentials", 401, "invalid_client"),
    ]
}

/// Invalid requests of an authenticated client.
fn of_known_clients(who: &str) -> Vec<(&'static str, Wrong)> {
    let form = |rest: &str| format!("{who}&{rest}");
    let at = |endpoint, what, rest: &str, status, error| (endpoint, wrong(what, form(rest), status, error));
    let device = "grant_type=urn:ietf:params:oauth:grant-type:device_code";
    let stale = "grt_dvc_0000000000000000000000000000000000000000000000000";
    vec![
        at("token", "no grant type", "scope=read", 400, "invalid_request"),
        at("token", "an empty grant type", "grant_type=", 400, "invalid_request"),
        at("token", "another grant type", "grant_type=password&username=a", 400, "unsupported_grant_type"),
        at("token", "an unknown scope", "grant_type=client_credentials&scope=sec", 400, "invalid_scope"),
        at("token", "a scope with a quote", "grant_type=client_credentials&scope=a%22", 400, "invalid_scope"),
        at(
            "token",
            "a scope of other letters",
            "grant_type=client_credentials&scope=%C3%A9",
            400,
            "invalid_scope",
        ),
        at("token", "no device code", device, 400, "invalid_request"),
        at(
            "token",
            "a device code of another form",
            &format!("{device}&device_code=x"),
            400,
            "invalid_grant",
        ),
        at(
            "token",
            "a device code that was never made",
            &format!("{device}&device_code={stale}"),
            400,
            "invalid_grant",
        ),
        at("introspect", "no token", "token_type_hint=x", 400, "invalid_request"),
        at("introspect", "an empty token", "token=", 400, "invalid_request"),
        at("revocation", "no token", "token_type_hint=x", 400, "invalid_request"),
        at("deviceauthorization", "a scope of another", "scope=sec", 400, "invalid_scope"),
        at("deviceauthorization", "two lines", "description=a%0Ab", 400, "invalid_request"),
        at(
            "deviceauthorization",
            "a long description",
            &format!("description={}", "x".repeat(129)),
            400,
            "invalid_request",
        ),
    ]
}

fn check(server: &Server, watch: &Watch<'_>, endpoint: &str, wrong: &Wrong) {
    let request = server.http.post(format!("{}/id/connect/{endpoint}", server.url));
    let request = request.header(CONTENT_TYPE, wrong.content_type).body(wrong.body.clone());
    let response = request.send().unwrap();
    let (status, challenge) =
        (response.status().as_u16(), response.headers().contains_key("www-authenticate"));
    let text = response.text().unwrap();
    let what = format!("{endpoint}: {}", wrong.what);
    watch.saw(&what, status, &text);
    let answer: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{what}: {text}"));
    assert_eq!((status, answer["error"].as_str().unwrap()), (wrong.status, wrong.error), "{what}: {text}");
    assert!(answer["error_description"].as_str().is_some_and(|text| !text.is_empty()), "{what}: {text}");
    assert_eq!(challenge, status == 401, "{what}");
}

on_both_engines! {
    /// Forms that are malformed, repeat a parameter or are empty.
    fn malformed_forms(server: &mut Server) {
        let watch = Watch::new(server);
        for endpoint in ENDPOINTS {
            everywhere().iter().for_each(|wrong| check(server, &watch, endpoint, wrong));
        }
        let service = server.world().applications.service;
        let who = format!("client_id={}&client_secret={}", service.client_id, service.client_secret.unwrap());
        of_known_clients(&who).iter().for_each(|(endpoint, wrong)| check(server, &watch, endpoint, wrong));
        watch.done();
    }

    /// A token of another kind is not a code, a code is not a token, and a code is useless to another client.
    fn secrets_in_the_wrong_place(server: &mut Server) {
        let world = server.world();
        let started = server.start_device("demo-native", "read");
        let watch = Watch::new(server);
        let code = "urn:ietf:params:oauth:grant-type:device_code";
        for (secret, who) in [
            (&world.user.pat, &world.applications.native),
            (&started.device_code, &world.applications.service),
            (&started.device_code, &world.applications.web),
            (&started.user_code, &world.applications.native),
        ] {
            let (status, answer) = server.oauth("token", who, &[("grant_type", code), ("device_code", secret)]);
            watch.saw("a code", status, &answer.to_string());
            assert_eq!(answer["error"], "invalid_grant");
        }
        for secret in [&started.device_code, &started.user_code] {
            assert!(!server.accepts(secret), "a code is not a token");
        }
        let (status, other) = server.oauth("introspect", &world.applications.service, &[("token", &started.device_code)]);
        assert_eq!((status, other.to_string().as_str()), (200, r#"{"active":false}"#), "another's code");
        assert_eq!(server.revoke(&world.applications.service, &started.device_code), 200);
        assert_eq!(server.redeem(&started), Err("authorization_pending".to_owned()), "another client revoked it");
        watch.done();
    }

    /// Endpoints accept only POST and ignore parameters in the URL.
    fn parameters_in_the_address(server: &mut Server) {
        let watch = Watch::new(server);
        let service = server.world().applications.service;
        let secret = service.client_secret.unwrap();
        let query = format!("grant_type=client_credentials&client_id={}&client_secret={secret}", service.client_id);
        for endpoint in ENDPOINTS {
            let path = format!("/id/connect/{endpoint}?{query}");
            assert_eq!(server.get(&path, None).send().unwrap().status(), 405);
            let posted = server.post(&path, &[("token", "x")]).send().unwrap();
            assert_eq!(posted.status(), 401, "{endpoint}");
        }
        let bearer = server.post("/id/connect/token", &[("grant_type", "client_credentials")]);
        let bearer = bearer.header(AUTHORIZATION, format!("Bearer {}", server.world().admin.pat));
        assert_eq!(bearer.send().unwrap().status(), 401);
        watch.done();
    }
}
