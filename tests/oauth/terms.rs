//! Consent covers the whole grant: no extension is issued without being shown and consented to.

use serde_json::{Value, json};

use crate::support::{Application, Asking, Browser, Ended, Page, Server};

const A: &str = "https://a.example/api";
const B: &str = "https://b.example/api";

fn error(ended: Ended) -> String {
    ended.answer()["error"].clone()
}

/// Registers a client that can request everything.
fn board(server: &Server) -> Application {
    let metadata = json!({"resources": [A, B], "authorization_details_types": ["payment"]});
    server.new_application("board", &json!({ "metadata": metadata }))
}

fn claims(place: &str, names: &[&str]) -> String {
    let names: serde_json::Map<_, _> = names.iter().map(|name| ((*name).to_owned(), Value::Null)).collect();
    json!({ place: names }).to_string()
}

fn told(server: &Server, tokens: &Value) -> Value {
    let token = tokens["access_token"].as_str().unwrap_or_else(|| panic!("no token in {tokens}"));
    server.get("/id/connect/userinfo", Some(token)).send().unwrap().json().unwrap()
}

/// Submits a manual selection on the consent page and returns the tokens.
fn given(
    server: &Server,
    web: &Application,
    browser: &Browser,
    page: &Page,
    ticked: &[(&str, &str)],
) -> Value {
    let entered = [ticked, &[("decision", "allow")]].concat();
    let answer = browser.send(page, "/id/connect/authorize/decide", &entered).answer();
    let (status, tokens) = server.exchange_code(web, &answer["code"]);
    assert_eq!(status, 200, "{tokens}");
    tokens
}

on_both_engines! {
    /// Anything beyond the consent is asked for; with `prompt=none`, it is refused.
    fn whatever_widens_is_asked(server: &mut Server) {
        let world = server.world();
        let web = &board(server);
        let browser = Browser::of(server, &world.user);
        let payment = json!([{"type": "payment", "sum": 5}]).to_string();
        let email = claims("userinfo", &["email"]);
        let name = claims("id_token", &["name"]);
        let both = claims("userinfo", &["email", "is_admin"]);
        let own = format!("{}/graphql", server.url);
        let agreed: [(&str, &[(&str, &str)]); 4] = [
            ("openid", &[]),
            ("openid read", &[("resource", A)]),
            ("openid profile", &[("claims", &email)]),
            ("openid", &[("resource", &own)]),
        ];
        for (scope, parameters) in agreed {
            let asking = parameters.iter().fold(Asking::of(web, scope), |asking, (name, value)| asking.with(name, value));
            server.tokens(&asking, &browser);
            let silent = asking.with("prompt", "none").path();
            assert!(browser.visit(&silent).answer().contains_key("code"), "{scope} {parameters:?}: no consent");
        }
        let wider: [(&str, &[(&str, &str)]); 13] = [
            ("openid email", &[]),
            ("openid read", &[]),
            ("openid read", &[("resource", A), ("claims", &email)]),
            ("openid email", &[("claims", &name)]),
            ("openid profile", &[("claims", &both), ("resource", A)]),
            ("openid profile email read", &[("claims", &email)]),
            ("openid", &[("resource", B)]),
            ("openid read", &[("resource", B)]),
            ("openid profile", &[("resource", A)]),
            ("openid read", &[("resource", &own)]),
            ("openid", &[("authorization_details", &payment)]),
            ("openid read", &[("resource", A), ("authorization_details", &payment)]),
            ("openid read", &[("resource", A), ("claims", &name)]),
        ];
        for (scope, parameters) in wider {
            let asking = parameters.iter().fold(Asking::of(web, scope), |asking, (name, value)| asking.with(name, value));
            let silent = asking.clone().with("prompt", "none").path();
            assert_eq!(error(browser.visit(&silent)), "consent_required", "{scope} {parameters:?}");
            let page = browser.visit(&asking.path()).page();
            assert!(page.has("asks to act"), "{scope} {parameters:?}: {}", page.body);
        }
        let plain = &server.new_application("plain", &json!({}));
        server.tokens(&Asking::of(plain, "openid"), &browser);
        for wish in [&email, &name, &both] {
            let silent = Asking::of(plain, "openid").with("claims", wish).with("prompt", "none");
            assert_eq!(error(browser.visit(&silent.path())), "consent_required", "{wish}");
        }
        // A scope covers its claims.
        let covered = Asking::of(web, "openid profile").with("claims", &name).with("prompt", "none");
        assert!(browser.visit(&covered.path()).answer().contains_key("code"));
    }

    /// Each claim is listed on the page and can be deselected; deselected claims are never returned.
    fn claims_are_agreed_to(server: &mut Server) {
        let world = server.world();
        let web = &board(server);
        let browser = Browser::of(server, &world.user);
        let wish = json!({
            "userinfo": {"email": null, "is_admin": {"essential": true}, "name": null},
            "id_token": {"email": null, "name": null},
        });
        let asking = Asking::of(web, "openid").with("claims", &wish.to_string());
        let page = browser.visit(&asking.path()).page();
        for shown in ["your e-mail address", "your name", "whether you are an administrator"] {
            assert!(page.has(shown), "{shown} in {}", page.body);
        }
        let tokens = given(server, web, &browser, &page, &[]);
        assert_eq!(told(server, &tokens).as_object().unwrap().len(), 1, "only sub: {}", told(server, &tokens));
        let claims = super::open_id::id_token(server, &tokens);
        assert!(claims["email"].is_null() && claims["name"].is_null(), "{claims}");

        let page = browser.visit(&asking.path()).page();
        let tokens = given(server, web, &browser, &page, &[("claim", "name"), ("claim", "zoneinfo"), ("scope", "email")]);
        assert_eq!(tokens["scope"], "openid", "claims that were not requested are not granted");
        let about = told(server, &tokens);
        assert!(about["name"].is_string() && about.as_object().unwrap().len() == 2, "{about}");
        let claims = super::open_id::id_token(server, &tokens);
        assert!(claims["email"].is_null() && claims["name"].is_string(), "{claims}");

        // A claim of a requested scope is granted with the scope.
        let asking = Asking::of(web, "openid email offline_access").with("claims", &wish.to_string());
        let page = browser.visit(&asking.path()).page();
        let tokens = given(server, web, &browser, &page, &[("claim", "email"), ("scope", "offline_access")]);
        assert_eq!(tokens["scope"], "openid offline_access");
        assert!(told(server, &tokens)["email"].is_null());
        let (_, next) = server.refresh(web, tokens["refresh_token"].as_str().unwrap());
        assert!(told(server, &next)["email"].is_null(), "nor after a refresh");
        assert!(super::open_id::id_token(server, &next)["email"].is_null());

        let tokens = server.tokens(&asking, &browser);
        assert!(told(server, &tokens)["email"].is_string() && told(server, &tokens)["is_admin"] == false);
        let narrower = [
            ("grant_type", "refresh_token"),
            ("refresh_token", tokens["refresh_token"].as_str().unwrap()),
            ("scope", "openid"),
        ];
        let (_, next) = server.oauth("token", web, &narrower);
        assert!(told(server, &next)["email"].is_null(), "a token without the scope does not get the claim");
    }

    /// Claims cannot exceed the scopes of a client.
    fn claims_are_those_of_the_scopes_of_an_application(server: &mut Server) {
        let world = server.world();
        let web = &server.new_application("board", &json!({"scopes": ["openid", "profile"]}));
        let browser = Browser::of(server, &world.user);
        let wish = json!({"userinfo": {"email": null, "name": null}, "id_token": {"email": {"essential": true}}});
        let asking = Asking::of(web, "openid").with("claims", &wish.to_string());
        let page = browser.visit(&asking.path()).page();
        assert!(page.has("your name") && !page.has("your e-mail address"), "{}", page.body);
        let tokens = given(server, web, &browser, &page, &[("claim", "name"), ("claim", "email")]);
        assert!(told(server, &tokens)["name"].is_string() && told(server, &tokens)["email"].is_null());
        assert!(super::open_id::id_token(server, &tokens)["email"].is_null());
        let trusted = json!({"scopes": ["openid"], "metadata": {"consent": "never"}});
        let trusted = &server.new_application("trusted", &trusted);
        let tokens = server.tokens(&Asking::of(trusted, "openid").with("claims", &wish.to_string()), &browser);
        assert_eq!(told(server, &tokens).as_object().unwrap().len(), 1);
    }

    /// Claims are returned only to the client that the user consented to.
    fn claims_are_not_passed_on(server: &mut Server) {
        let browser = Browser::of(server, &server.world().user);
        let web = &board(server);
        let policy = json!({"scopes": ["openid", "profile", "email"], "metadata": {"token_exchange": {"subjects": ["board"]}}});
        let gateway = &server.new_application("gateway", &policy);
        let asking = Asking::of(web, "openid").with("claims", &claims("userinfo", &["email"]));
        let tokens = server.tokens(&asking, &browser);
        assert!(told(server, &tokens)["email"].is_string());
        let token_type = "urn:ietf:params:oauth:token-type:access_token";
        let form = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
            ("subject_token", tokens["access_token"].as_str().unwrap()),
            ("subject_token_type", token_type),
        ];
        let (status, exchanged) = server.oauth("token", gateway, &form);
        assert_eq!((status, &exchanged["scope"]), (200, &json!("openid")), "{exchanged}");
        assert!(told(server, &exchanged)["email"].is_null());
    }

    /// Tokens are for the consented resources, at every endpoint; each of several can be deselected.
    fn services_are_agreed_to(server: &mut Server) {
        let world = server.world();
        let web = &board(server);
        let browser = Browser::of(server, &world.user);
        let exchange = |code: &str, resource: &str| {
            let form = [
                ("grant_type", "authorization_code"),
                ("code", code),
                ("code_verifier", crate::support::VERIFIER),
                ("resource", resource),
            ];
            server.oauth("token", web, &form)
        };
        let own = format!("{}/graphql", server.url);
        for (agreed, asked) in [("", A), (A, B), (A, own.as_str())] {
            let asking = Asking::of(web, "openid read").with("resource", agreed);
            let (_, answer) = exchange(&asking.code(&browser), asked);
            assert_eq!(answer["error"], "invalid_target", "{asked} after {agreed}");
        }
        let (status, _) = exchange(&Asking::of(web, "openid read").code(&browser), &own);
        assert_eq!(status, 200, "the resource is one of our own");

        let path = format!("{}&resource=https%3A%2F%2Fb.example%2Fapi", Asking::of(web, "openid read").with("resource", A).path());
        let page = browser.visit(&path).page();
        assert!(page.has(A) && page.has(B), "{}", page.body);
        let none = [("scope", "read"), ("decision", "allow")];
        assert_eq!(error(browser.send(&page, "/id/connect/authorize/decide", &none)), "access_denied");
        let tokens = given(server, web, &browser, &page, &[("scope", "read"), ("resource", B), ("resource", &own)]);
        let token = tokens["access_token"].as_str().unwrap();
        let told = server.oauth("introspect", &world.applications.service, &[("token", token)]).1;
        assert_eq!(told["aud"], B);
        assert_eq!(error(browser.visit(&format!("{path}&prompt=none"))), "consent_required");
    }

    /// Any program on a computer can impersonate a public client: users are asked each time.
    fn programs_that_can_be_imitated_ask_each_time(server: &mut Server) {
        let world = server.world();
        let browser = Browser::of(server, &world.user);
        let consents = || {
            let path = "Systems_Security_AccessTokens?$filter=Kind eq 'UserConsent' and Client eq 'notes'";
            server.rows(path, &world.user.pat).len()
        };
        for (index, (address, is_asked)) in [
            ("http://127.0.0.1:8765/callback", true),
            ("http://localhost:8765/callback", true),
            ("org.example.notes:/callback", true),
            ("https://notes.example/callback", false),
        ].into_iter().enumerate() {
            let client_id = format!("notes-{index}");
            let more = json!({"clientType": "PUBLIC", "redirectUris": [address]});
            let native = Application { redirect_uri: address.to_owned(), ..server.new_application(&client_id, &more) };
            let asking = Asking::of(&native, "openid read");
            server.tokens(&asking, &browser);
            let silent = browser.visit(&asking.clone().with("prompt", "none").path()).answer();
            assert_eq!(silent.get("error").map(String::as_str), is_asked.then_some("consent_required"), "{address}");
            let again = browser.visit(&asking.path());
            assert_eq!(matches!(again, Ended::Here(_)), is_asked, "{address}: {again:?}");
        }
        let more = json!({"clientType": "PUBLIC"});
        let native = &server.new_application("notes", &more);
        for _ in 0..3 {
            server.tokens(&Asking::of(native, "openid read"), &browser);
        }
        assert_eq!(consents(), 1, "the same consent is stored once");
        let confidential = &board(server);
        server.tokens(&Asking::of(confidential, "openid read"), &browser);
        let silent = Asking::of(confidential, "openid read").with("prompt", "none");
        assert!(browser.visit(&silent.path()).answer().contains_key("code"), "the client authenticates");
    }

    /// The parameter `claims` is parsed as in OpenID Connect, and anything else is an error.
    fn claims_are_read(server: &mut Server) {
        let world = server.world();
        let web = &board(server);
        let browser = Browser::of(server, &world.user);
        let tokens = server.tokens(&Asking::of(web, "openid profile email"), &browser);
        let sub = super::open_id::id_token(server, &tokens)["sub"].as_str().unwrap().to_owned();
        let silent = |claims: &str| {
            let asking = Asking::of(web, "openid profile email").with("prompt", "none").with("claims", claims);
            let answer = browser.visit(&asking.path()).answer();
            answer.get("error").cloned().unwrap_or_default()
        };
        for good in [
            json!({}),
            json!({"userinfo": {"email_verified": {"value": true}, "updated_at": {"values": [1, 2]}, "x": null}}),
            json!({"id_token": {"verified_claims": {"value": {"trust_framework": null}}, "name": {"values": [["x"]]}}}),
            json!({"id_token": {"sub": {"value": sub}}}),
            json!({"userinfo": {"sub": {"values": ["x", sub]}}}),
        ] {
            assert_eq!(silent(&good.to_string()), "", "{good}");
        }
        assert_eq!(silent(&json!({"userinfo": {"sub": {"value": "another"}}}).to_string()), "login_required");
        for bad in [
            json!([]),
            json!("x"),
            json!({"userinfo": []}),
            json!({"userinfo": {"email": true}}),
            json!({"userinfo": {"email": {"essential": "yes"}}}),
            json!({"id_token": {"sub": {"value": 1}}}),
            json!({"id_token": {"sub": {"value": "x"}}, "userinfo": {"sub": {"value": "y"}}}),
            json!({"id_token": {"acr": {"essential": true, "values": "x"}}}),
        ] {
            assert_eq!(silent(&bad.to_string()), "invalid_request", "{bad}");
        }
        for (name, value, expected) in [
            ("request_uri", "https://app.example/request", "request_uri_not_supported"),
            ("registration", "{}", "registration_not_supported"),
        ] {
            let asking = Asking::of(web, "openid").with(name, value);
            assert_eq!(error(browser.visit(&asking.path())), expected);
        }
    }
}
