//! Responses of `/verify`.

use std::time::{Duration, Instant};

use reqwest::blocking::Response;
use serde_json::{Value, json};

use crate::support::keys::Key;
use crate::support::{Asking, Browser, Server};

/// Sends a request with these headers to `/verify`.
fn ask(server: &Server, path: &str, headers: &[(&str, &str)]) -> Response {
    let request = server.http.get(format!("{}{path}", server.url));
    let response =
        headers.iter().fold(request, |request, (name, value)| request.header(*name, *value)).send().unwrap();
    assert_eq!(response.headers()["cache-control"], "no-store", "{path}");
    response
}

/// Returns the status for a bearer token, and the challenge.
fn judged(server: &Server, path: &str, token: &str) -> (u16, String) {
    let response = ask(server, path, &[("authorization", &format!("Bearer {token}"))]);
    (response.status().as_u16(), demanded(&response))
}

fn demanded(response: &Response) -> String {
    let demand = response.headers().get("www-authenticate");
    demand.map(|line| line.to_str().unwrap().to_owned()).unwrap_or_default()
}

fn named(response: &Response, name: &str) -> String {
    response.headers()[format!("x-grantor-{name}")].to_str().unwrap().to_owned()
}

/// Returns a token of the service client, with further parameters of the token request.
fn service_token(server: &Server, further: &[(&str, &str)], proof: Option<&str>) -> String {
    let service = server.world().applications.service;
    let form = [&[("grant_type", "client_credentials")], further].concat();
    let request = server.post("/id/connect/token", &form);
    let request = request.basic_auth(&service.client_id, service.client_secret.as_deref());
    let request = proof.map_or(request.try_clone().unwrap(), |proof| request.header("dpop", proof));
    let answer: Value = request.send().unwrap().json().unwrap();
    answer["access_token"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
}

on_both_engines! {
    /// A valid token is accepted, and the proxy gets the identity headers.
    fn who_passes_is_told(server: &mut Server) {
        let world = server.world();
        let row = server.grant(&world.user.pat, &world.admin.pat);
        for (name, value) in [
            ("authorization", format!("Bearer {}", world.user.pat)),
            ("x-api-key", world.user.pat.clone()),
            ("api-key", world.user.pat.clone()),
        ] {
            let response = ask(server, "/verify?scope=read", &[(name, &value)]);
            assert_eq!(response.status(), 200, "{name}");
            assert_eq!(named(&response, "login"), world.user.login);
            assert_eq!(named(&response, "user"), named(&response, "subject"));
            assert_eq!(named(&response, "token-id"), row["Id"]);
            assert_eq!(named(&response, "client"), row["Client"]);
            assert_eq!(named(&response, "scopes"), row["Scopes"]);
            assert_eq!(named(&response, "kind"), "personal_access_token");
            assert_eq!(response.text().unwrap(), "");
        }
        let token = service_token(server, &[], None);
        let response = ask(server, "/verify/envoy/scope=read&scope=update/orders/7?x=1", &[("x-api-key", &token)]);
        assert_eq!(response.status(), 200);
        assert_eq!((named(&response, "subject"), named(&response, "login")), ("demo-service".to_owned(), "nightly-export".to_owned()));
        for method in ["HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
            let request = server.http.request(method.parse().unwrap(), format!("{}/verify", server.url));
            assert_eq!(request.bearer_auth(&token).body("x").send().unwrap().status(), 200, "{method}");
        }
        assert!(!server.log().contains("/orders/7"), "addresses of other services are not logged");
    }

    /// Every other token is refused as in RFC 6750, and a revoked token at once.
    fn who_does_not_pass(server: &mut Server) {
        let world = server.world();
        let token = Browser::of(server, &world.user).token("demo-web", &["read"], &[]);
        let bearer = format!("Bearer {token}");
        assert_eq!(judged(server, "/verify", &token).0, 200);
        for path in ["/verify?scope=read&scope=update", "/verify?scope=read+update", "/verify/envoy/scope=update/x"] {
            let (status, demand) = judged(server, path, &token);
            assert_eq!(status, 403, "{path}");
            assert!(demand.contains("error=\"insufficient_scope\"") && demand.contains("update\""), "{demand}");
        }
        let nothing = ask(server, "/verify", &[]);
        assert_eq!((nothing.status().as_u16(), demanded(&nothing).as_str()), (401, "Bearer realm=\"grantor\""));
        let twice = ask(server, "/verify", &[("authorization", &bearer), ("x-api-key", &token)]);
        assert!(twice.status() == 401 && demanded(&twice).contains("invalid_request"), "nginx does not pass on 400");
        let code = server.start_device("demo-native", "read").device_code;
        for wrong in ["grt_pat_x", "x", &"x".repeat(20_000), code.as_str()] {
            let (status, demand) = judged(server, "/verify", wrong);
            assert!(status == 401 && demand.contains("error=\"invalid_token\""), "{demand}");
        }
        for wrong in ["/verify?scopes=read", "/verify?scope=", "/verify?max_age=x", "/verify/envoy/read/x"] {
            let response = ask(server, wrong, &[("authorization", &bearer)]);
            assert_eq!(response.status(), 400, "{wrong}: a configuration error opens access");
        }
        let id = server.grant_id(&token, &world.user.pat);
        server.cli(&["token", "revoke", &id, "--yes"], Some(&world.user.pat)).unwrap();
        assert_eq!(judged(server, "/verify", &token).0, 401);
    }

    /// Allow-lists are checked against the client's address, which trusted proxies report.
    fn networks_are_the_clients(server: &mut Server) {
        server.restart_with("GRANTOR_TRUSTED_PROXIES", "[\"127.0.0.1/32\"]");
        let browser = Browser::of(server, &server.world().user);
        let token = browser.token("demo-web", &["read"], &[("allowed_ip_addresses", "192.0.2.0/24")]);
        let from = |address| ask(server, "/verify", &[("x-api-key", &token), ("x-forwarded-for", address)]).status();
        assert_eq!(from("192.0.2.7"), 200);
        assert_eq!(from("198.51.100.7"), 401);
    }

    /// A bound token is accepted only with a proof for the request that the proxy describes.
    fn proofs_are_for_the_original_request(server: &mut Server) {
        let key = Key::generate();
        let token_url = format!("{}/id/connect/token", server.url);
        let token = service_token(server, &[], Some(&key.proof("POST", &token_url, None, &[])));
        let bound = format!("DPoP {token}");
        let nginx = [("x-original-method", "PUT"), ("x-original-url", "https://api.example/orders?x=1")];
        let caddy = [
            ("x-forwarded-method", "PUT"),
            ("x-forwarded-proto", "https"),
            ("x-forwarded-host", "api.example"),
            ("x-forwarded-uri", "/orders"),
        ];
        let send = |path: &str, described: &[(&str, &str)], proof: &str| {
            let shown = [("authorization", bound.as_str()), ("dpop", proof)];
            ask(server, path, &[&shown[..], described].concat())
        };
        let proof = |method: &str, url: &str| key.proof(method, url, Some(&token), &[]);
        let good = || proof("PUT", "https://api.example/orders");
        for described in [&nginx[..], &caddy[..]] {
            let once = good();
            let passed = send("/verify?scope=read", described, &once);
            assert!(passed.status() == 200 && passed.headers().contains_key("dpop-nonce"));
            assert_eq!(send("/verify", described, &once).status(), 401, "a second time");
            for wrong in [proof("GET", "https://api.example/orders"), proof("PUT", "https://api.example/other")] {
                let refused = send("/verify", described, &wrong);
                assert!(refused.status() == 401 && demanded(&refused).starts_with("DPoP "), "{}", demanded(&refused));
            }
        }
        let smuggled = [&caddy[..], &[("x-original-url", "https://api.example/stolen")]].concat();
        assert_eq!(send("/verify", &smuggled, &proof("PUT", "https://api.example/stolen")).status(), 401);
        assert_eq!(send("/verify", &[], &good()).status(), 400, "the proxy does not describe the request");
        let (proto, host) = (("x-forwarded-proto", "https"), ("host", "api.example"));
        let envoy = proof("GET", "https://api.example/orders/7");
        assert_eq!(send("/verify/envoy/-/orders/7", &[proto, host], &envoy).status(), 200);
        assert_eq!(judged(server, "/verify", &token).0, 401, "without a proof");
    }

    /// A token for some resources is accepted there; one without resources is for Grantor itself.
    fn tokens_are_for_services(server: &mut Server) {
        let (shop, desk) = (format!("{}/shop", server.url), format!("{}/desk", server.url));
        let token = service_token(server, &[("resource", &shop)], None);
        assert_eq!(judged(server, "/verify", &token).0, 401, "the proxy names no audience");
        assert_eq!(judged(server, &format!("/verify?audience={shop}"), &token).0, 200);
        assert_eq!(judged(server, &format!("/verify?resource={desk}&audience={shop}/orders"), &token).0, 200);
        assert_eq!(judged(server, &format!("/verify?audience={desk}"), &token).0, 401);
        let pat = server.world().user.pat;
        assert_eq!(judged(server, &format!("/verify?audience={shop}"), &pat).0, 200);
        assert_eq!(judged(server, "/verify?audience=https://elsewhere.example", &pat).0, 401);
    }

    /// A recent or strong sign-in can be required (RFC 9470).
    fn a_sign_in_is_demanded(server: &mut Server) {
        let world = server.world();
        let native = &world.applications.native;
        let answer = server.tokens(&Asking::of(native, "openid read"), &Browser::of(server, &world.user));
        let token = answer["access_token"].as_str().unwrap();
        assert_eq!(judged(server, "/verify?max_age=3600&acr_values=urn:grantor:acr:1", token).0, 200);
        let (status, demand) = judged(server, "/verify?acr_values=urn:grantor:acr:2&max_age=60", token);
        assert_eq!(status, 401);
        assert_eq!(
            demand,
            "Bearer realm=\"grantor\", error=\"insufficient_user_authentication\", \
             acr_values=\"urn:grantor:acr:2\", max_age=\"60\""
        );
        assert_eq!(judged(server, "/verify?max_age=3600", &world.user.pat).0, 401, "a personal token has no sign-in");
    }

    /// The scopes that requests required are recorded, and no others.
    fn needed_permissions_are_noted(server: &mut Server) {
        let world = server.world();
        let token = Browser::of(server, &world.user).token("demo-web", &["read", "update"], &[]);
        let id = server.grant_id(&token, &world.user.pat);
        assert_eq!(judged(server, "/verify?scope=update", &token).0, 200);
        assert_eq!(judged(server, "/verify?scope=read&scope=sec", &token).0, 403);
        let (began, unused) = (Instant::now(), format!("Systems_Security_AccessTokens({id})/GrantedScopes?$filter=lessequalnull(LastUsedTimestamp,2000-01-01T00:00:00Z)&$select=Scope"));
        loop {
            let rows: Vec<Value> = server.rows(&unused, &world.admin.pat);
            let scopes: Vec<_> = rows.iter().map(|row| row["Scope"].clone()).collect();
            if scopes == [json!("read")] {
                return;
            }
            assert!(began.elapsed() < Duration::from_secs(5), "{scopes:?}");
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}
