//! The parameters of back-channel authentication requests.

use serde_json::{Value, json};

use super::ciba::{ask, asked, call_centre, decide, error, poll};
use crate::support::keys::{Key, now, unique};
use crate::support::{Application, Asking, Browser};

on_both_engines! {
    /// Invalid requests get the errors of the standard; the reason why a user cannot be asked is not
    /// revealed.
    fn what_cannot_be_asked(server: &mut Server) {
        let (centre, world) = (call_centre(server, "call-centre", &json!({})), server.world());
        let other = call_centre(server, "other-centre", &json!({}));
        let login = world.user.login.as_str();
        let tokens = server.tokens(&Asking::of(&other, "openid"), &Browser::of(server, &world.user));
        let foreign = tokens["id_token"].as_str().unwrap();
        let long = "x".repeat(101);
        let good = [("scope", "openid read"), ("login_hint", login)];
        for (changed, expected) in [
            (vec![("login_hint", "unknown")], "unknown_user_id"),
            (vec![("login_hint", "nightly-export")], "unknown_user_id"),
            (vec![("login_hint", "")], "invalid_request"),
            (vec![("id_token_hint", foreign)], "invalid_request"),
            (vec![("login_hint", ""), ("id_token_hint", foreign)], "invalid_request"),
            (vec![("login_hint", ""), ("id_token_hint", "x")], "invalid_request"),
            (vec![("login_hint", ""), ("login_hint_token", "x")], "invalid_request"),
            (vec![("scope", "")], "invalid_request"),
            (vec![("scope", "read")], "invalid_scope"),
            (vec![("scope", "openid sec")], "invalid_scope"),
            (vec![("binding_message", long.as_str())], "invalid_binding_message"),
            (vec![("binding_message", "two\nlines")], "invalid_binding_message"),
            (vec![("requested_expiry", "0")], "invalid_request"),
            (vec![("requested_expiry", "soon")], "invalid_request"),
            (vec![("resource", "https://elsewhere.example")], "invalid_target"),
            (vec![("request", "eyJ.eyJ.x")], "invalid_request"),
        ] {
            let kept = good.iter().filter(|(name, _)| changed.iter().all(|(other, _)| other != name));
            let form: Vec<_> = kept.copied().chain(changed.iter().copied().filter(|(_, value)| !value.is_empty())).collect();
            let answer = ask(server, &centre, &form);
            assert_eq!(error(&answer), (400, expected), "{changed:?}: {}", answer.1);
        }
        let (_, unknown) = ask(server, &centre, &[("scope", "openid"), ("login_hint", "unknown")]);
        let (_, system) = ask(server, &centre, &[("scope", "openid"), ("login_hint", "nightly-export")]);
        assert_eq!(unknown, system, "a user who cannot sign in is unknown");
        for (application, expected) in [(&world.applications.web, "unauthorized_client"), (&world.applications.native, "unauthorized_client")] {
            assert_eq!(error(&ask(server, application, &good)), (400, expected));
        }
        let impostor = Application { client_secret: Some("wrong".to_owned()), ..centre.clone() };
        assert_eq!(error(&ask(server, &impostor, &good)), (401, "invalid_client"));
        assert_eq!(server.count("Systems_Security_AccessTokens?$filter=Kind eq 'BackchannelRequest' and Client eq 'call-centre'", &world.admin.pat), 0, "refused requests changed nothing");
        for nonsense in ["x", "grt_arq_x", world.user.pat.as_str()] {
            assert_eq!(error(&poll(server, &centre, nonsense)), (400, "invalid_grant"));
        }
    }

    /// A signed request is accepted once and without other parameters, and is required if registered.
    fn signed_requests(server: &mut Server) {
        let (key, other, world) = (Key::generate(), Key::generate(), server.world());
        let metadata = json!({
            "jwks": { "keys": [key.jwk()] },
            "backchannel_authentication_request_signing_alg": "EdDSA",
        });
        let centre = call_centre(server, "call-centre", &metadata);
        let issuer = format!("{}/id", server.url);
        let claims = || json!({
            "iss": "call-centre", "aud": issuer, "iat": now(), "nbf": now(), "exp": now() + 300, "jti": unique(),
            "scope": "openid read", "login_hint": world.user.login, "binding_message": "signed",
        });
        let with = |name: &str, value: Value| {
            let mut claims = claims();
            claims[name] = value;
            claims
        };
        let sign = |claims: &Value| key.sign(&json!({ "alg": "EdDSA" }), claims);
        let signed = sign(&claims());
        let (status, answer) = ask(server, &centre, &[("request", &signed)]);
        assert_eq!(status, 200, "{answer}");
        assert!(Browser::of(server, &world.user).open("/requests").has("signed"));
        let refused = |form: &[(&str, &str)]| {
            let answer = ask(server, &centre, form);
            assert_eq!(error(&answer), (400, "invalid_request"), "{}", answer.1);
        };
        refused(&[("request", &signed)]);
        refused(&[("scope", "openid"), ("login_hint", &world.user.login)]);
        refused(&[("request", &sign(&claims())), ("scope", "openid update")]);
        refused(&[("request", &other.sign(&json!({ "alg": "EdDSA" }), &claims()))]);
        for (name, value) in [
            ("iss", json!("other")),
            ("aud", json!("https://other.example")),
            ("exp", json!(now() - 1)),
            ("exp", json!(now() + 7200)),
            ("nbf", json!(now() + 600)),
            ("iat", Value::Null),
            ("jti", json!("")),
            ("sub", json!("call-centre")),
        ] {
            refused(&[("request", &sign(&with(name, value)))]);
        }
    }

    /// Authorization details and resources are requested, shown, and contained in the token.
    fn details_are_shown(server: &mut Server) {
        let metadata = json!({ "authorization_details_types": ["payment"], "resources": ["https://pay.example"] });
        let (centre, world) = (call_centre(server, "call-centre", &metadata), server.world());
        let details = json!([{ "type": "payment", "sum": 5 }]).to_string();
        let id = asked(server, &centre, &[("authorization_details", &details), ("resource", "https://pay.example")]);
        let browser = Browser::of(server, &world.user);
        let page = browser.open("/requests");
        for shown in ["payment", "&#34;sum&#34;: 5", "https://pay.example"] {
            assert!(page.has(shown), "{shown} in {}", page.body);
        }
        decide(&browser, "approve");
        let (_, tokens) = poll(server, &centre, &id);
        assert_eq!(tokens["authorization_details"][0]["sum"], 5);
        let (_, told) = server.oauth("introspect", &centre, &[("token", tokens["access_token"].as_str().unwrap())]);
        assert_eq!(told["aud"], "https://pay.example");
    }
}
