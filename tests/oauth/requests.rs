//! Signed authorization requests (RFC 9101) and authorization details (RFC 9396).

use serde_json::{Value, json};

use crate::support::keys::{Key, Signer, later, now};
use crate::support::{Application, Asking, Browser, Ended, Server};

fn signer(server: &Server, key: &Key, more: &[(&str, Value)]) -> Application {
    let mut metadata = json!({"jwks": {"keys": [key.jwk()]}});
    more.iter().for_each(|(name, value)| metadata[*name] = value.clone());
    server.new_application("signer", &json!({ "metadata": metadata }))
}

fn claims(server: &Server, application: &Application, more: &[(&str, Value)]) -> Value {
    let mut claims = json!({"iss": "signer", "aud": format!("{}/id", server.url), "exp": now() + 60});
    for (name, value) in Asking::of(application, "openid read").parameters() {
        claims[name] = json!(value);
    }
    more.iter().for_each(|(name, value)| claims[*name] = value.clone());
    claims
}

fn path(request: &str) -> String {
    format!("/id/connect/authorize?client_id=signer&request={request}")
}

fn allow(browser: &Browser, path: &str) -> Ended {
    let page = browser.visit(path).page();
    assert!(page.has("asks to act in your name"), "{}", page.body);
    browser.send(&page, "/id/connect/authorize/decide", &[("scope", "read"), ("decision", "allow")])
}

on_both_engines! {
    /// Only the parameters inside a signed request count.
    fn a_request_is_signed(server: &mut Server) {
        let key = Key::generate();
        let signer = signer(server, &key, &[("require_signed_request_object", json!(true))]);
        let browser = Browser::of(server, &server.world().user);
        let header = json!({"alg": "EdDSA", "typ": "oauth-authz-req+jwt"});
        // Timestamps can have a fraction (RFC 7519, section 2).
        let moments = [("exp", json!(later(60.5))), ("iat", json!(later(-0.25)))];
        let more = [&[("max_age", json!(3600))], &moments[..]].concat();
        let signed = key.sign(&header, &claims(server, &signer, &more));
        let beside = format!("{}&scope=sec&redirect_uri=https%3A%2F%2Fevil.example&state=other", path(&signed));
        let answer = allow(&browser, &beside).answer();
        assert_eq!(answer["state"], "of the art");
        let (status, tokens) = server.exchange_code(&signer, &answer["code"]);
        assert_eq!((status, &tokens["scope"]), (200, &json!("openid read")));
        assert_eq!(browser.visit(&Asking::of(&signer, "read").path()).page().status, 400, "the client must sign");
        let asking = Asking::of(&signer, "read");
        let form: Vec<_> = asking.parameters().into_iter().filter(|(name, _)| *name != "client_id").collect();
        assert_eq!(server.oauth("par", &signer, &form).1["error"], "invalid_request");
        let (status, pushed) = server.oauth("par", &signer, &[("request", &signed), ("scope", "sec")]);
        assert_eq!(status, 201, "{pushed}");
        let uri = pushed["request_uri"].as_str().unwrap().replace(':', "%3A");
        let followed = browser.visit(&format!("/id/connect/authorize?client_id=signer&request_uri={uri}"));
        assert!(server.exchange_code(&signer, &followed.answer()["code"]).0 == 200, "the consent exists");
    }

    /// Requests can be signed with RSA and elliptic curves, and only with the registered algorithm.
    fn a_request_is_signed_in_several_ways(server: &mut Server) {
        let browser = Browser::of(server, &server.world().user);
        let (rsa, curve) = (Signer::rs256(), Signer::es256());
        for (key, other) in [(&rsa, &curve), (&curve, &rsa)] {
            let client_id = format!("signer-{}", key.alg.to_lowercase());
            let metadata = json!({
                "jwks": {"keys": [key.jwk(), other.jwk()]},
                "request_object_signing_alg": key.alg,
                "require_signed_request_object": true,
            });
            let signer = server.new_application(&client_id, &json!({ "metadata": metadata }));
            let claims = claims(server, &signer, &[("iss", json!(client_id))]);
            let path = |key: &Signer| format!("/id/connect/authorize?client_id={client_id}&request={}", key.sign(&claims));
            let answer = allow(&browser, &path(key)).answer();
            assert_eq!(server.exchange_code(&signer, &answer["code"]).0, 200, "{}", key.alg);
            let Ended::Here(page) = browser.visit(&path(other)) else { panic!("redirected: {}", other.alg) };
            assert_eq!(page.status, 400, "{} although {} is registered", other.alg, key.alg);
        }
    }

    /// A request with an invalid signature or another audience is refused.
    fn a_wrongly_signed_request_is_refused(server: &mut Server) {
        let key = Key::generate();
        let signer = signer(server, &key, &[("request_object_signing_alg", json!("EdDSA"))]);
        let browser = Browser::of(server, &server.world().user);
        let header = json!({"alg": "EdDSA"});
        let good = claims(server, &signer, &[]);
        let none = crate::support::keys::unsigned(&json!({"alg": "none"}), &good);
        let mut bad = vec![
            format!("{none}."),
            Key::generate().sign(&header, &good),
            key.sign(&json!({"alg": "HS256"}), &good),
            key.sign(&json!({"alg": "EdDSA", "typ": "dpop+jwt"}), &good),
            "nonsense".to_owned(),
        ];
        for (name, value) in [
            ("client_id", json!("demo-web")),
            ("client_id", Value::Null),
            ("iss", json!("demo-web")),
            ("aud", json!("https://other.example")),
            ("exp", json!(now() - 1)),
            ("exp", json!("soon")),
            ("nbf", json!(now() + 600)),
            ("sub", json!("signer")),
            ("request", json!("x")),
            ("resource", json!([{"x": 1}])),
            ("resource", json!([])),
            ("scope", json!(["openid"])),
            ("max_age", json!(1.5)),
            ("claims", Value::Null),
            ("request_uri", json!("https://evil.example")),
        ] {
            bad.push(key.sign(&header, &claims(server, &signer, &[(name, value)])));
        }
        for request in bad {
            let Ended::Here(page) = browser.visit(&path(&request)) else { panic!("redirected: {request}") };
            assert_eq!(page.status, 400, "{request}");
            assert_eq!(server.oauth("par", &signer, &[("request", &request)]).1["error"], "invalid_request_object");
        }
        let keyless = server.oauth("par", &server.world().applications.web, &[("request", &*none)]);
        assert_eq!(keyless.1["error"], "invalid_request_object");
    }

    /// Authorization details are shown, consented to, and contained in every derived token.
    fn details_are_agreed_on(server: &mut Server) {
        let schema = json!({"properties": {"sum": {"type": "integer", "maximum": 100}}, "required": ["sum"]});
        let metadata = json!({
            "authorization_details_types": ["payment", "other"],
            "authorization_details_schemas": {"payment": schema},
        });
        let shop = server.new_application("shop", &json!({ "metadata": metadata }));
        let browser = Browser::of(server, &server.world().user);
        let (five, six) = (json!({"type": "payment", "sum": 5}), json!({"type": "payment", "sum": 6}));
        let details = json!([five, six]).to_string();
        let asking = Asking::of(&shop, "openid read offline_access").with("authorization_details", &details);
        let page = browser.visit(&asking.path()).page();
        assert!(page.has("payment") && page.has("sum"), "{}", page.body);
        let tokens = server.tokens(&asking, &browser);
        assert_eq!(tokens["authorization_details"], json!([five, six]));
        let service = &server.world().applications.service;
        let told = |tokens: &Value| server.oauth("introspect", service, &[("token", tokens["access_token"].as_str().unwrap())]).1;
        assert_eq!(told(&tokens)["authorization_details"], json!([five, six]));
        let refresh = |token: &str, wanted: &Value| {
            let wanted = wanted.to_string();
            let form = [("grant_type", "refresh_token"), ("refresh_token", token), ("authorization_details", &*wanted)];
            server.oauth("token", &shop, &form)
        };
        let refresh_token = tokens["refresh_token"].as_str().unwrap();
        let more = json!([{"type": "payment", "sum": 7}]);
        assert_eq!(refresh(refresh_token, &more).1["error"], "invalid_authorization_details");
        let (status, less) = refresh(refresh_token, &json!([five]));
        assert_eq!((status, &less["authorization_details"]), (200, &json!([five])));
        assert_eq!(told(&less)["authorization_details"], json!([five]));
        let (status, rest) = refresh(less["refresh_token"].as_str().unwrap(), &json!([six]));
        assert_eq!((status, &rest["authorization_details"]), (200, &json!([six])), "the next one may have the others");
        assert!(matches!(browser.visit(&asking.path()), Ended::Elsewhere(_)), "the consent exists");
        let next = asking.clone().with("authorization_details", &more.to_string());
        assert!(browser.visit(&next.path()).page().has("asks to act in your name"), "no consent to more");
        for bad in [
            "", "x", "{}", "[]", "[1]", r#"[{"sum": 5}]"#, r#"[{"type": "unknown"}]"#,
            r#"[{"type": "payment"}]"#, r#"[{"type": "payment", "sum": 101}]"#, r#"[{"type": "payment", "sum": "5"}]"#,
        ] {
            let asking = Asking::of(&shop, "read").with("authorization_details", bad);
            let form: Vec<_> = asking.parameters().into_iter().filter(|(name, _)| *name != "client_id").collect();
            let (status, answer) = server.oauth("par", &shop, &form);
            let expected = if bad.is_empty() { (201, &Value::Null) } else { (400, &json!("invalid_authorization_details")) };
            assert_eq!((status, &answer["error"]), expected, "{bad}");
        }
    }
}
