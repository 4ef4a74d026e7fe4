//! Client authentication: by secrets, signatures and certificates (RFC 7523, RFC 8705).

use aws_lc_rs::hmac;
use data_encoding::BASE64;
use reqwest::blocking::RequestBuilder;
use serde_json::{Value, json};

use crate::support::keys::{Key, base64url, later, now, unique, unsigned};
use crate::support::{Application, Server};

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

fn header() -> Value {
    json!({"alg": "EdDSA", "typ": "JWT"})
}

fn claims(server: &Server, client_id: &str) -> Value {
    json!({
        "iss": client_id, "sub": client_id, "aud": format!("{}/id", server.url),
        "iat": now(), "exp": now() + 60, "jti": unique(),
    })
}

fn with(of: &Value, name: &str, value: Value) -> Value {
    let mut changed = of.clone();
    changed[name] = value;
    changed
}

fn without(of: &Value, name: &str) -> Value {
    let mut changed = of.clone();
    changed.as_object_mut().unwrap().remove(name);
    changed
}

/// Returns the status and error of a token request that authenticates with an assertion.
fn present(server: &Server, assertion: &str, more: &[(&str, &str)]) -> (u16, String) {
    let form = [
        ("grant_type", "client_credentials"),
        ("client_assertion_type", ASSERTION_TYPE),
        ("client_assertion", assertion),
    ];
    outcome(server.post("/id/connect/token", &[&form[..], more].concat()))
}

fn outcome(request: RequestBuilder) -> (u16, String) {
    let response = request.send().unwrap();
    let status = response.status().as_u16();
    let answer: Value = response.json().unwrap();
    (status, answer["error"].as_str().unwrap_or_default().to_owned())
}

fn refused() -> (u16, String) {
    (401, "invalid_client".to_owned())
}

fn granted() -> (u16, String) {
    (200, String::new())
}

/// Registers a client with one key.
fn keyed(server: &Server, key: &Key) -> Application {
    let metadata = json!({
        "token_endpoint_auth_method": "private_key_jwt",
        "jwks": {"keys": [with(&key.jwk(), "kid", json!("mine"))]},
    });
    server.register("keyed", "REFERENCE", &metadata).unwrap()
}

fn hs256(secret: &str, header: &Value, claims: &Value) -> String {
    let message = unsigned(header, claims);
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    format!("{message}.{}", base64url(hmac::sign(&key, message.as_bytes()).as_ref()))
}

on_both_engines! {
    /// A client authenticates with its private key at every endpoint, and has no secret.
    fn a_private_key(server: &mut Server) {
        let key = Key::generate();
        let application = keyed(server, &key);
        assert_eq!(application.client_secret, None);
        let good = || claims(server, "keyed");
        assert_eq!(present(server, &key.sign(&header(), &good()), &[]), granted());
        assert_eq!(present(server, &key.sign(&header(), &good()), &[("client_id", "keyed")]), granted());
        for (name, moment) in [("exp", 30.5), ("iat", -0.25), ("nbf", -1.75)] {
            let moment = json!(later(moment));
            assert_eq!(present(server, &key.sign(&header(), &with(&good(), name, moment)), &[]), granted(), "{name}");
        }
        let token_endpoint = json!([format!("{}/id/connect/token", server.url), "https://other.example"]);
        assert_eq!(present(server, &key.sign(&header(), &with(&good(), "aud", token_endpoint)), &[]), granted());
        let named = with(&without(&header(), "typ"), "kid", json!("mine"));
        assert_eq!(present(server, &key.sign(&named, &good()), &[]), granted());
        for endpoint in ["introspect", "revocation"] {
            let assertion = key.sign(&header(), &good());
            let form = [("token", "x"), ("client_assertion_type", ASSERTION_TYPE), ("client_assertion", &assertion)];
            assert_eq!(outcome_status(server, endpoint, &form), 200, "{endpoint}");
        }
    }

    /// An assertion is accepted once, for one client, for this server, and for a short time; every failure
    /// gets the same response.
    fn assertions_that_prove_nothing(server: &mut Server) {
        let (key, other) = (Key::generate(), Key::generate());
        keyed(server, &key);
        let good = || claims(server, "keyed");
        let once = key.sign(&header(), &good());
        assert_eq!(present(server, &once, &[]), granted());
        assert_eq!(present(server, &once, &[]), refused(), "a second time");
        let far = now() + 3600;
        for wrong in [
            with(&good(), "iss", json!("demo-service")),
            with(&good(), "sub", json!("demo-service")),
            with(&with(&good(), "sub", json!("unknown")), "iss", json!("unknown")),
            with(&good(), "aud", json!("https://other.example")),
            with(&good(), "aud", json!([])),
            with(&good(), "aud", json!(format!("{}/id/", server.url))),
            with(&good(), "exp", json!(now() - 1)),
            with(&good(), "exp", json!(far)),
            with(&good(), "exp", json!("soon")),
            with(&good(), "nbf", json!(far)),
            with(&good(), "iat", json!(far)),
            with(&good(), "jti", json!("")),
            without(&good(), "exp"),
            without(&good(), "jti"),
            without(&good(), "aud"),
            without(&good(), "iss"),
        ] {
            assert_eq!(present(server, &key.sign(&header(), &wrong), &[]), refused(), "{wrong}");
        }
        assert_eq!(present(server, &other.sign(&header(), &good()), &[]), refused());
        for (name, value) in [
            ("alg", json!("none")),
            ("alg", json!("RS256")),
            ("kid", json!("theirs")),
            ("kid", json!("../../keys")),
            ("typ", json!("at+jwt")),
            ("typ", json!("dpop+jwt")),
            ("crit", json!(["exp"])),
        ] {
            let header = with(&header(), name, value);
            assert_eq!(present(server, &key.sign(&header, &good()), &[]), refused(), "{header}");
        }
        for (name, value) in [
            ("jwk", other.jwk()),
            ("jku", json!("https://evil.example/jwks")),
            ("x5u", json!("https://evil.example/certificate")),
        ] {
            let header = with(&header(), name, value);
            assert_eq!(present(server, &other.sign(&header, &good()), &[]), refused(), "{header}");
        }
        let none = format!("{}.", unsigned(&json!({"alg": "none"}), &good()));
        assert_eq!(present(server, &none, &[]), refused());
        // The published key as a shared secret.
        let x = key.jwk()["x"].as_str().unwrap().to_owned();
        assert_eq!(present(server, &hs256(&x, &json!({"alg": "HS256"}), &good()), &[]), refused());
        for nonsense in ["x", "..", "a.b.c", &"x".repeat(20_000)] {
            assert_eq!(present(server, nonsense, &[]), refused());
        }
    }

    /// A client cannot authenticate with a weaker method than the registered one, nor with two methods at
    /// once.
    fn no_downgrade_and_one_way_at_a_time(server: &mut Server) {
        let key = Key::generate();
        let keyed = keyed(server, &key);
        let grant = [("grant_type", "client_credentials")];
        let posted = |id: &str, secret: &str| {
            let form = [&grant[..], &[("client_id", id), ("client_secret", secret)]].concat();
            outcome(server.post("/id/connect/token", &form))
        };
        let basic = |id: &str, secret: &str| outcome(server.post("/id/connect/token", &grant).basic_auth(id, Some(secret)));
        for secret in ["", "x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="] {
            assert_eq!(posted(&keyed.client_id, secret), refused());
            assert_eq!(basic(&keyed.client_id, secret), refused());
        }
        for (method, other) in [("client_secret_basic", "post"), ("client_secret_post", "basic")] {
            let metadata = json!({"token_endpoint_auth_method": method});
            let application = server.register(method, "REFERENCE", &metadata).unwrap();
            let secret = application.client_secret.unwrap();
            let (by_post, by_basic) = (posted(method, &secret), basic(method, &secret));
            let (right, wrong) = if other == "post" { (by_basic, by_post) } else { (by_post, by_basic) };
            assert_eq!((right, wrong), (granted(), refused()), "{method}");
        }
        let service = server.world().applications.service;
        let own = key.sign(&header(), &claims(server, &service.client_id));
        assert_eq!(present(server, &own, &[]), refused(), "a client with a plain secret cannot use assertions");
        let assertion = || key.sign(&header(), &claims(server, "keyed"));
        let two = (400, "invalid_request".to_owned());
        let secret = service.client_secret.unwrap();
        assert_eq!(present(server, &assertion(), &[("client_secret", &secret)]), two);
        assert_eq!(present(server, &assertion(), &[("client_id", &service.client_id)]), two);
        let signed = assertion();
        let alone = [("grant_type", "client_credentials"), ("client_assertion", signed.as_str())];
        assert_eq!(outcome(server.post("/id/connect/token", &alone)), two);
        let signed = assertion();
        let form = [("client_assertion", signed.as_str()), ("client_assertion_type", ASSERTION_TYPE)];
        let form = [&grant[..], &form].concat();
        let both = server.post("/id/connect/token", &form).basic_auth(&service.client_id, Some(&secret));
        assert_eq!(outcome(both), two);
    }

    /// If several requests present the same assertion at once, one succeeds.
    fn an_assertion_in_a_race(server: &mut Server) {
        let key = Key::generate();
        keyed(server, &key);
        let assertion = key.sign(&header(), &claims(server, "keyed"));
        let shared: &Server = server;
        let outcomes = std::thread::scope(|scope| {
            let racers: Vec<_> = (0..8).map(|_| scope.spawn(|| present(shared, &assertion, &[]).0)).collect();
            racers.into_iter().map(|racer| racer.join().unwrap()).collect::<Vec<_>>()
        });
        assert_eq!(outcomes.iter().filter(|status| **status == 200).count(), 1, "{outcomes:?}");
    }

    /// A secret for signing is never sent, is stored encrypted, and survives key rotation.
    fn a_secret_that_signs(server: &mut Server) {
        let metadata = json!({"token_endpoint_auth_method": "client_secret_jwt"});
        let application = server.register("mac", "REFERENCE", &metadata).unwrap();
        let secret = application.client_secret.unwrap();
        assert_eq!(secret.len(), 86);
        let head = json!({"alg": "HS256"});
        let assertion = |server: &Server| hs256(&secret, &head, &claims(server, "mac"));
        assert_eq!(present(server, &assertion(server), &[]), granted());
        assert_eq!(present(server, &hs256(&secret[1..], &head, &claims(server, "mac")), &[]), refused());
        let key = Key::generate();
        assert_eq!(present(server, &key.sign(&header(), &claims(server, "mac")), &[]), refused());
        let form = [("grant_type", "client_credentials")];
        assert_eq!(outcome(server.post("/id/connect/token", &form).basic_auth("mac", Some(&secret))), refused());
        assert!(server.stop());
        assert!(!server.everything_kept().windows(secret.len()).any(|some| some == secret.as_bytes()));
        server.on_folder(&["keys", "rotate"]).unwrap();
        let keys = std::fs::read_to_string(server.folder().join("keys")).unwrap();
        std::fs::write(server.folder().join("keys"), keys.lines().next().unwrap()).unwrap();
        server.run();
        assert_eq!(present(server, &assertion(server), &[]), granted(), "re-encrypted");
    }

    /// A certificate is accepted only from the trusted proxy, and binds the tokens that it obtains.
    fn a_certificate(server: &mut Server) {
        let der = b"a certificate that the proxy has seen";
        let metadata = json!({
            "token_endpoint_auth_method": "self_signed_tls_client_auth",
            "tls_client_certificate_bound_access_tokens": true,
            "jwks": {"keys": [with(&Key::generate().jwk(), "x5c", json!([BASE64.encode(der)]))]},
        });
        let why = server.register("tls", "REFERENCE", &metadata).unwrap_err();
        assert!(why.contains("certificates are not supported"), "{why}");
        server.restart_with("GRANTOR_TRUSTED_PROXIES", "[\"127.0.0.0/8\"]");
        server.restart_with("GRANTOR_CLIENT_CERTIFICATE_HEADER", "Client-Cert");
        server.register("tls", "JWT", &metadata).unwrap();
        let (shown, other) = (format!(":{}:", BASE64.encode(der)), format!(":{}:", BASE64.encode(b"another")));
        let form = [("grant_type", "client_credentials"), ("client_id", "tls")];
        let ask = |certificate: Option<&str>| {
            let request = server.post("/id/connect/token", &form);
            certificate.map_or(request.try_clone().unwrap(), |line| request.header("client-cert", line))
        };
        assert_eq!(outcome(ask(None)), refused());
        assert_eq!(outcome(ask(Some(&other))), refused());
        let answer: Value = ask(Some(&shown)).send().unwrap().json().unwrap();
        let token = answer["access_token"].as_str().unwrap();
        let read = |certificate: Option<&str>| {
            let request = server.get("/api/domain/odata/Systems_Security_AccessTokens?$top=1", Some(token));
            let request = certificate.map_or(request.try_clone().unwrap(), |line| request.header("client-cert", line));
            request.send().unwrap().status().as_u16()
        };
        assert_eq!((read(Some(&shown)), read(Some(&other)), read(None)), (200, 401, 401));
        let service = server.world().applications.service;
        let (_, told) = server.oauth("introspect", &service, &[("token", token)]);
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, der);
        assert_eq!(told["cnf"], json!({"x5t#S256": base64url(digest.as_ref())}));
        // From any other address, the header is ignored.
        server.restart_with("GRANTOR_TRUSTED_PROXIES", "[\"192.0.2.1/32\"]");
        let form = [("grant_type", "client_credentials"), ("client_id", "tls")];
        let forged = server.post("/id/connect/token", &form).header("client-cert", &shown);
        assert_eq!(outcome(forged), refused());
    }
}

/// Returns the status of a request with an assertion that a client signs with its secret.
pub(super) fn status_with_shared_secret(server: &Server, application: &Application) -> u16 {
    let secret = application.client_secret.as_deref().unwrap();
    let assertion = hs256(secret, &json!({"alg": "HS256"}), &claims(server, &application.client_id));
    present(server, &assertion, &[]).0
}

fn outcome_status(server: &Server, endpoint: &str, form: &[(&str, &str)]) -> u16 {
    server.post(&format!("/id/connect/{endpoint}"), form).send().unwrap().status().as_u16()
}
