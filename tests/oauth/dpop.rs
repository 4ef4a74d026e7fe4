//! Tokens bound to a key (RFC 9449), at the token endpoint and at our own APIs.

use reqwest::blocking::Response;
use serde_json::{Value, json};

use crate::support::keys::{Key, base64url, now};
use crate::support::{Application, Browser, Server};

pub(super) const ROWS: &str = "/api/domain/odata/Systems_Security_AccessTokens";

pub(super) fn token_url(server: &Server) -> String {
    format!("{}/id/connect/token", server.url)
}

/// Sends a token request of a client with these proofs.
pub(super) fn ask(server: &Server, application: &Application, proofs: &[&str]) -> Response {
    let request = server.post("/id/connect/token", &[("grant_type", "client_credentials")]);
    let request = request.basic_auth(&application.client_id, application.client_secret.as_deref());
    proofs.iter().fold(request, |request, proof| request.header("dpop", *proof)).send().unwrap()
}

pub(super) fn error(response: Response) -> (u16, String) {
    let status = response.status().as_u16();
    let answer: Value = response.json().unwrap();
    (status, answer["error"].as_str().unwrap_or_default().to_owned())
}

fn bound_token(server: &Server, application: &Application, key: &Key) -> String {
    let response = ask(server, application, &[&key.proof("POST", &token_url(server), None, &[])]);
    assert_eq!(response.status(), 200);
    let answer: Value = response.json().unwrap();
    assert_eq!(answer["token_type"], "DPoP");
    answer["access_token"].as_str().unwrap().to_owned()
}

/// Sends a request with a token to our API; returns the status and the challenge.
pub(super) fn read(server: &Server, scheme: &str, token: &str, proof: Option<&str>) -> (u16, String) {
    let request = server.http.get(format!("{}{ROWS}?$top=1", server.url));
    let request = request.header("authorization", format!("{scheme} {token}"));
    let request = proof.map_or(request.try_clone().unwrap(), |proof| request.header("dpop", proof));
    let response = request.send().unwrap();
    let demand = response.headers().get("www-authenticate");
    let demand = demand.map(|line| line.to_str().unwrap().to_owned()).unwrap_or_default();
    (response.status().as_u16(), demand)
}

on_both_engines! {
    /// A token that was requested with a proof works with proofs of the same key, and shows the binding
    /// everywhere.
    fn a_token_is_bound_to_the_key(server: &mut Server) {
        let (world, key) = (server.world(), Key::generate());
        let service = &world.applications.service;
        let token = bound_token(server, service, &key);
        let url = format!("{}{ROWS}", server.url);
        assert_eq!(read(server, "DPoP", &token, Some(&key.proof("GET", &url, Some(&token), &[]))).0, 200);
        assert_eq!(read(server, "dpop", &token, Some(&key.proof("GET", &url, Some(&token), &[]))).0, 200);
        let (_, told) = server.oauth("introspect", service, &[("token", &token)]);
        assert_eq!((told["token_type"].as_str(), &told["cnf"]), (Some("DPoP"), &json!({"jkt": key.thumbprint()})));
        assert_eq!(server.grant(&token, &world.admin.pat)["Confirmation"], format!(r#"{{"jkt":"{}"}}"#, key.thumbprint()));

        let signed = server.register("signed", "JWT", &json!({})).unwrap();
        let token = bound_token(server, &signed, &key);
        let body = data_encoding::BASE64URL_NOPAD.decode(token.split('.').nth(1).unwrap().as_bytes()).unwrap();
        let claims: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(claims["cnf"], json!({"jkt": key.thumbprint()}));
        assert_eq!(read(server, "DPoP", &token, Some(&key.proof("GET", &url, Some(&token), &[]))).0, 200);
        assert_eq!(read(server, "Bearer", &token, None).0, 401);
    }

    /// A stolen token is useless: without a proof, with another key, or with a proof for something else.
    fn a_stolen_token_is_refused(server: &mut Server) {
        let (key, other) = (Key::generate(), Key::generate());
        let token = bound_token(server, &server.world().applications.service, &key);
        let url = format!("{}{ROWS}", server.url);
        let (status, demand) = read(server, "Bearer", &token, None);
        assert!(status == 401 && demand.starts_with("DPoP ") && demand.contains("error=\"invalid_token\""), "{demand}");
        assert!(demand.contains("algs=\"") && demand.contains("ES256"), "{demand}");
        assert_eq!(server.http.get(&url).header("x-api-key", &token).send().unwrap().status(), 401);
        assert_eq!(read(server, "DPoP", &token, None).0, 401);
        assert_eq!(read(server, "DPoP", &token, Some(&other.proof("GET", &url, Some(&token), &[]))).0, 401);
        let good = || key.proof("GET", &url, Some(&token), &[]);
        assert_eq!(read(server, "Bearer", &token, Some(&good())).0, 401, "as a bearer token with a proof");
        let once = good();
        assert_eq!(read(server, "DPoP", &token, Some(&once)).0, 200);
        let elsewhere = format!("{}/graphql", server.url);
        for (what, proof) in [
            ("a second time", once),
            ("another method", key.proof("POST", &url, Some(&token), &[])),
            ("another address", key.proof("GET", &elsewhere, Some(&token), &[])),
            ("another host", key.proof("GET", &format!("https://evil.example{ROWS}"), Some(&token), &[])),
            ("no token", key.proof("GET", &url, None, &[])),
            ("another token", key.proof("GET", &url, Some("grt_rat_x"), &[])),
            ("too old", key.proof("GET", &url, Some(&token), &[("iat", json!(now() - 600))])),
            ("too early", key.proof("GET", &url, Some(&token), &[("iat", json!(now() + 600))])),
            ("no identifier", key.proof("GET", &url, Some(&token), &[("jti", json!(""))])),
            ("nonsense", "x".to_owned()),
        ] {
            let (status, demand) = read(server, "DPoP", &token, Some(&proof));
            assert!(status == 401 && demand.contains("invalid_dpop_proof"), "{what}: {status} {demand}");
        }
        let pat = server.world().user.pat;
        let proof = key.proof("GET", &url, Some(&pat), &[]);
        assert_eq!(read(server, "DPoP", &pat, Some(&proof)).0, 401, "a bearer token is not bound to a key");
        assert_eq!(read(server, "Bearer", &pat, None).0, 200);
    }

    /// An invalid proof gets no token; the error names the problem, and nothing is created.
    fn proofs_that_obtain_nothing(server: &mut Server) {
        let (world, key, url) = (server.world(), Key::generate(), token_url(server));
        let service = &world.applications.service;
        let once = key.proof("POST", &url, None, &[]);
        assert_eq!(ask(server, service, &[&once]).status(), 200);
        let before = server.count("Systems_Security_AccessTokens", &world.admin.pat);
        let header = |name: &str, value: Value| {
            let mut header = json!({"typ": "dpop+jwt", "alg": "EdDSA", "jwk": key.jwk()});
            header[name] = value;
            key.sign(&header, &json!({"jti": "j", "htm": "POST", "htu": url, "iat": now()}))
        };
        let mut private = key.jwk();
        private["d"] = json!(base64url(&[1; 32]));
        for proof in [
            once,
            key.proof("GET", &url, None, &[]),
            key.proof("POST", &format!("{}/id/connect/introspect", server.url), None, &[]),
            key.proof("POST", &url, None, &[("iat", json!(now() - 600))]),
            header("typ", json!("JWT")),
            header("alg", json!("none")),
            header("alg", json!("HS256")),
            header("alg", json!("ES256")),
            header("jwk", Key::generate().jwk()),
            header("jwk", json!({"kty": "oct", "k": "AAAA"})),
            header("jwk", private),
            header("jwk", json!(null)),
            "a.b.c".to_owned(),
        ] {
            assert_eq!(error(ask(server, service, &[&proof])), (400, "invalid_dpop_proof".to_owned()), "{proof}");
        }
        let two = [key.proof("POST", &url, None, &[]), key.proof("POST", &url, None, &[])];
        assert_eq!(error(ask(server, service, &[&two[0], &two[1]])).1, "invalid_dpop_proof");
        assert_eq!(server.count("Systems_Security_AccessTokens", &world.admin.pat), before);
    }

    /// A nonce is always offered; if it is required, a proof without one gets the error `use_dpop_nonce`.
    fn a_nonce_of_the_server(server: &mut Server) {
        let (key, url) = (Key::generate(), token_url(server));
        let service = server.world().applications.service;
        let nonce = |response: &Response| response.headers()["dpop-nonce"].to_str().unwrap().to_owned();
        let offered = nonce(&ask(server, &service, &[&key.proof("POST", &url, None, &[])]));
        let with = |nonce: &str| key.proof("POST", &url, None, &[("nonce", json!(nonce))]);
        assert_eq!(ask(server, &service, &[&with(&offered)]).status(), 200);
        let stale = (400, "use_dpop_nonce".to_owned());
        assert_eq!(error(ask(server, &service, &[&with("made up")])), stale);
        let metadata = json!({"require_dpop_nonce": true, "dpop_bound_access_tokens": true});
        let strict = server.register("strict", "REFERENCE", &metadata).unwrap();
        assert_eq!(error(ask(server, &strict, &[])), (400, "invalid_request".to_owned()), "a proof is required");
        let told = ask(server, &strict, &[&key.proof("POST", &url, None, &[])]);
        let told_nonce = nonce(&told);
        assert_eq!(error(told), stale);
        let answer: Value = ask(server, &strict, &[&with(&told_nonce)]).json().unwrap();
        let token = answer["access_token"].as_str().unwrap();
        let rows = format!("{}{ROWS}", server.url);
        let (status, demand) = read(server, "DPoP", token, Some(&key.proof("GET", &rows, Some(token), &[])));
        assert!(status == 401 && demand.contains("error=\"use_dpop_nonce\""), "{demand}");
        let nonced = key.proof("GET", &rows, Some(token), &[("nonce", json!(told_nonce))]);
        assert_eq!(read(server, "DPoP", token, Some(&nonced)).0, 200);
        server.restart_with("GRANTOR_REQUIRE_DPOP_NONCE", "true");
        let url = token_url(server);
        assert_eq!(error(ask(server, &service, &[&key.proof("POST", &url, None, &[])])), stale);
        let nonced = key.proof("POST", &url, None, &[("nonce", json!(told_nonce))]);
        assert_eq!(ask(server, &service, &[&nonced]).status(), 200, "any program with the same keys accepts the nonce");
    }

    /// If several requests present the same proof at once, one gets a token.
    fn a_proof_in_a_race(server: &mut Server) {
        let (key, service) = (Key::generate(), server.world().applications.service);
        let proof = key.proof("POST", &token_url(server), None, &[]);
        let shared: &Server = server;
        let outcomes = std::thread::scope(|scope| {
            let racers: Vec<_> =
                (0..8).map(|_| scope.spawn(|| ask(shared, &service, &[&proof]).status().as_u16())).collect();
            racers.into_iter().map(|racer| racer.join().unwrap()).collect::<Vec<_>>()
        });
        assert_eq!(outcomes.iter().filter(|status| **status == 200).count(), 1, "{outcomes:?}");
    }

    /// A device proves its key when it exchanges its code.
    fn a_device_is_bound(server: &mut Server) {
        let (world, key) = (server.world(), Key::generate());
        let started = server.start_device("demo-native", "read");
        assert_eq!(Browser::of(server, &world.user).decide(&started.user_code, "approve").status, 200);
        let form = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("client_id", "demo-native"),
            ("device_code", &started.device_code),
        ];
        let proof = key.proof("POST", &token_url(server), None, &[]);
        let answer = server.post("/id/connect/token", &form).header("dpop", proof).send().unwrap();
        let answer: Value = answer.json().unwrap();
        assert_eq!(answer["token_type"], "DPoP", "{answer}");
        let token = answer["access_token"].as_str().unwrap();
        let url = format!("{}{ROWS}", server.url);
        assert_eq!(read(server, "Bearer", token, None).0, 401);
        assert_eq!(read(server, "DPoP", token, Some(&key.proof("GET", &url, Some(token), &[]))).0, 200);
    }
}
