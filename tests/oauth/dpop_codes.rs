//! Codes and refresh tokens that are bound to a key (RFC 9449).

use serde_json::{Value, json};

use super::dpop::{ROWS, read, token_url};
use crate::support::keys::Key;
use crate::support::{Asking, Browser, VERIFIER};

on_both_engines! {
    /// The tokens of a public client for a code are bound, including the refresh token, because the key is
    /// its only credential.
    fn refresh_tokens_of_public_applications_are_bound(server: &mut Server) {
        let (world, key, other) = (server.world(), Key::generate(), Key::generate());
        let native = &world.applications.native;
        let code = Asking::of(native, "openid read offline_access").code(&Browser::of(server, &world.user));
        let send = |form: &[(&str, &str)], key: Option<&Key>| -> Value {
            let form = [form, &[("client_id", native.client_id.as_str())]].concat();
            let request = server.post("/id/connect/token", &form);
            let request = match key {
                Some(key) => request.header("dpop", key.proof("POST", &token_url(server), None, &[])),
                None => request,
            };
            request.send().unwrap().json().unwrap()
        };
        let exchange = [
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", &native.redirect_uri),
            ("code_verifier", VERIFIER),
        ];
        let first = send(&exchange, Some(&key));
        assert_eq!(first["token_type"], "DPoP", "{first}");
        let refresh = [("grant_type", "refresh_token"), ("refresh_token", first["refresh_token"].as_str().unwrap())];
        for wrong in [None, Some(&other)] {
            assert_eq!(send(&refresh, wrong)["error"], "invalid_grant");
        }
        let second = send(&refresh, Some(&key));
        assert_eq!(second["token_type"], "DPoP", "{second}");
        let token = second["access_token"].as_str().unwrap();
        let url = format!("{}{ROWS}", server.url);
        assert_eq!(read(server, "Bearer", token, None).0, 401);
        assert_eq!(read(server, "DPoP", token, Some(&key.proof("GET", &url, Some(token), &[]))).0, 200);
    }

    /// A code can be exchanged only with the key that the request named or that pushed it (RFC 9449, section
    /// 10).
    fn a_code_is_bound_to_a_key(server: &mut Server) {
        let (key, other) = (Key::generate(), Key::generate());
        let web = server.new_application("board", &json!({}));
        let browser = Browser::of(server, &server.world().user);
        let send = |path: &str, form: &[(&str, &str)], key: Option<&Key>| -> (u16, Value) {
            let request = server.post(path, form).basic_auth(&web.client_id, web.client_secret.as_ref());
            let url = format!("{}{path}", server.url);
            let request = match key {
                Some(key) => request.header("dpop", key.proof("POST", &url, None, &[])),
                None => request,
            };
            let response = request.send().unwrap();
            (response.status().as_u16(), response.json().unwrap())
        };
        let exchange = |code: &str, key: Option<&Key>| {
            let form = [
                ("grant_type", "authorization_code"),
                ("code", code),
                ("redirect_uri", &web.redirect_uri),
                ("code_verifier", VERIFIER),
            ];
            send("/id/connect/token", &form, key)
        };
        let asking = Asking::of(&web, "openid read").with("dpop_jkt", &key.thumbprint());
        let code = asking.code(&browser);
        for wrong in [None, Some(&other)] {
            assert_eq!(exchange(&code, wrong).1["error"], "invalid_grant");
        }
        let (status, tokens) = exchange(&code, Some(&key));
        assert_eq!((status, &tokens["token_type"]), (200, &json!("DPoP")), "{tokens}");
        let bad = Asking::of(&web, "openid read").with("dpop_jkt", "x");
        assert_eq!(browser.visit(&bad.path()).answer()["error"], "invalid_request");

        let plain = Asking::of(&web, "openid read");
        let (own, others) = (key.thumbprint(), other.thumbprint());
        let pushed = |jkt: Option<&str>| {
            let jkt = jkt.map(|jkt| ("dpop_jkt", jkt));
            let form: Vec<_> = plain.parameters().into_iter().filter(|(name, _)| *name != "client_id").chain(jkt).collect();
            send("/id/connect/par", &form, Some(&key))
        };
        assert_eq!(pushed(Some(&others)).1["error"], "invalid_dpop_proof", "two keys");
        for named in [None, Some(own.as_str())] {
            let (status, answer) = pushed(named);
            assert_eq!(status, 201, "{answer}");
            let uri = answer["request_uri"].as_str().unwrap().replace(':', "%3A");
            let code = browser.visit(&format!("/id/connect/authorize?client_id=board&request_uri={uri}")).answer()["code"].clone();
            assert_eq!(exchange(&code, Some(&other)).1["error"], "invalid_grant");
            assert_eq!(exchange(&code, Some(&key)).0, 200);
        }
    }

    /// A repeated refresh with another key or fewer scopes gets the same refresh token, and an access token
    /// for that key and those scopes.
    fn a_repeated_refresh_is_answered_as_it_is_asked(server: &mut Server) {
        let (key, other) = (Key::generate(), Key::generate());
        let web = &server.world().applications.web;
        let browser = Browser::of(server, &server.world().user);
        let first = server.tokens(&Asking::of(web, "openid read update offline_access"), &browser);
        let refresh = |key: Option<&Key>, scope: &str| -> Value {
            let form = [("grant_type", "refresh_token"), ("refresh_token", first["refresh_token"].as_str().unwrap()), ("scope", scope)];
            let request = server.post("/id/connect/token", &form).basic_auth(&web.client_id, web.client_secret.as_ref());
            let request = match key {
                Some(key) => request.header("dpop", key.proof("POST", &token_url(server), None, &[])),
                None => request,
            };
            request.send().unwrap().json().unwrap()
        };
        let told = |answer: &Value| server.oauth("introspect", web, &[("token", answer["access_token"].as_str().unwrap())]).1;
        let lost = refresh(Some(&key), "");
        for (asked, scope, cnf) in [
            (refresh(Some(&other), ""), "openid read update offline_access", json!({"jkt": other.thumbprint()})),
            (refresh(None, ""), "openid read update offline_access", Value::Null),
            (refresh(Some(&key), "read"), "read", json!({"jkt": key.thumbprint()})),
        ] {
            assert_eq!(asked["refresh_token"], lost["refresh_token"], "{asked}");
            assert_ne!(asked["access_token"], lost["access_token"]);
            let told = told(&asked);
            assert_eq!((&told["scope"], &told["cnf"], &told["token_type"]), (&json!(scope), &cnf, &asked["token_type"]), "{told}");
        }
    }
}
