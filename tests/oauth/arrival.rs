//! A request must be valid on arrival. The time that the user then takes does not matter.

use serde_json::json;

use crate::support::keys::{Key, now};
use crate::support::{Application, Asking, Browser, Page, Server, wait_until};

const DECIDE: &str = "/id/connect/authorize/decide";

/// Returns a client that signs its requests, and the path of one that is valid for two seconds.
fn signed(server: &Server) -> (Application, String) {
    let key = Key::generate();
    let metadata = json!({"jwks": {"keys": [key.jwk()]}, "require_signed_request_object": true});
    let signer = server.new_application("signer", &json!({ "metadata": metadata }));
    let mut claims = json!({"iss": "signer", "aud": format!("{}/id", server.url), "exp": now() + 2});
    for (name, value) in Asking::of(&signer, "openid read").parameters() {
        claims[name] = json!(value);
    }
    let request = key.sign(&json!({"alg": "EdDSA", "typ": "oauth-authz-req+jwt"}), &claims);
    let path = format!("/id/connect/authorize?client_id=signer&request={request}");
    (signer, path)
}

/// Returns the path of a pushed request.
fn pushed(server: &Server, web: &Application, more: &[(&str, &str)]) -> String {
    let asking =
        more.iter().fold(Asking::of(web, "openid read"), |asking, (name, value)| asking.with(name, value));
    let form: Vec<_> = asking.parameters().into_iter().filter(|(name, _)| *name != "client_id").collect();
    let (status, pushed) = server.oauth("par", web, &form);
    assert_eq!(status, 201, "{pushed}");
    let uri = pushed["request_uri"].as_str().unwrap().replace(':', "%3A");
    format!("/id/connect/authorize?client_id={}&request_uri={uri}", web.client_id)
}

/// Waits until requests are refused on arrival.
fn wait_for_expiry(server: &Server, requests: &[&str]) {
    for request in requests {
        let late = || Browser::new(server).visit(request).page().status == 400;
        wait_until("the request expires", late);
    }
}

/// The user signs in on the page.
fn sign_in(server: &Server, browser: &Browser, page: &Page) -> Page {
    let world = server.world();
    let entered = [("login", world.user.login.as_str()), ("password", &world.user.password)];
    browser.send(page, "/signin", &entered).page()
}

/// Returns the URL to the request from the URL of the sign-in page.
fn way_back(page: &Page) -> String {
    let url = reqwest::Url::parse(&format!("http://x{}", page.path)).unwrap();
    let back = url.query_pairs().find(|(name, _)| name == "return_to").unwrap().1.into_owned();
    assert!(back.contains("grantor_shown="), "{back}");
    back
}

on_both_engines! {
    /// The user takes longer than the lifetime of a signed or a pushed request: it is used once, and nothing
    /// else is.
    fn people_take_their_time(server: &mut Server) {
        server.restart_with("GRANTOR_PUSHED_REQUEST_LIFETIME", "2");
        let (signer, request) = signed(server);
        let web = server.new_application("board", &json!({}));
        let other = pushed(server, &web, &[]);
        let ahead = pushed(server, &web, &[("prompt", "login")]);
        let (first, second) = (Browser::new(server), Browser::new(server));
        let pages = [first.visit(&request).page(), second.visit(&ahead).page()];
        wait_for_expiry(server, &[&request, &ahead, &other]);
        let asked = [sign_in(server, &first, &pages[0]), sign_in(server, &second, &pages[1])];
        for (page, browser, application) in [(&asked[0], &first, &signer), (&asked[1], &second, &web)] {
            assert!(page.has("asks to act in your name"), "{}", page.body);
            let answer = browser.send(page, DECIDE, &[("scope", "read"), ("decision", "allow")]).answer();
            assert_eq!(server.exchange_code(application, &answer["code"]).0, 200);
        }
        for (late, browser) in [(&request, &first), (&ahead, &second), (&other, &second)] {
            assert_eq!(browser.visit(late).page().status, 400, "it arrives too late: {late}");
        }
        assert_eq!(second.visit(&way_back(&pages[1])).page().status, 400, "the request was used once");
        // The mark of a request's arrival is valid only for that request.
        let (_, mark) = way_back(&pages[1]).split_once("&grantor_shown=").map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
        for late in [&other, &request] {
            assert_eq!(second.visit(&format!("{late}&grantor_shown={mark}")).page().status, 400, "{late}");
        }
        let forged = mark.replacen(|digit: char| digit.is_ascii_digit(), "9", 1);
        assert_eq!(second.visit(&format!("{other}&grantor_shown={forged}")).page().status, 400);
    }

    /// The user decides long after the request.
    fn a_question_stays_open(server: &mut Server) {
        server.restart_with("GRANTOR_PUSHED_REQUEST_LIFETIME", "2");
        let (_, request) = signed(server);
        let web = server.new_application("board", &json!({}));
        let browser = Browser::of(server, &server.world().user);
        let ahead = pushed(server, &web, &[]);
        let pages = [browser.visit(&request).page(), browser.visit(&ahead).page()];
        wait_for_expiry(server, &[&request, &ahead]);
        for page in &pages {
            let answer = browser.send(page, DECIDE, &[("scope", "read"), ("decision", "allow")]).answer();
            assert!(answer.contains_key("code"), "{answer:?}");
        }
        let again = browser.send(&pages[1], DECIDE, &[("scope", "read"), ("decision", "allow")]);
        assert_eq!(again.page().status, 400, "a pushed request is used once");
    }

    /// The client is checked again when the user decides.
    fn an_application_that_changed_meanwhile(server: &mut Server) {
        let world = server.world();
        let web = server.new_application("board", &json!({}));
        let find = "query($id: String!) { apiApplications(first: 1, filter: {clientId: {eq: $id}}) { nodes { id } } }";
        let (_, found) = server.graphql(find, &json!({"id": "board"}), &world.admin.pat);
        let id = found["data"]["apiApplications"]["nodes"][0]["id"].clone();
        let change = |name: &str, value: serde_json::Value| {
            let update = "mutation($input: APIApplicationUpdateMutationInput!) { apiApplicationUpdate(input: $input) { userErrors { code } } }";
            let (_, answer) = server.graphql(update, &json!({"input": {"id": id, name: value}}), &world.admin.pat);
            assert_eq!(answer["data"]["apiApplicationUpdate"]["userErrors"], json!([]), "{answer}");
        };
        let browser = Browser::of(server, &world.user);
        for (name, value, before) in [
            ("isEnabled", json!(false), json!(true)),
            ("redirectUris", json!(["https://elsewhere.example/cb"]), json!([web.redirect_uri])),
        ] {
            for path in [Asking::of(&web, "openid read").path(), pushed(server, &web, &[])] {
                let page = browser.visit(&path).page();
                assert!(page.has("asks to act"), "{}", page.body);
                change(name, value.clone());
                let refused = browser.send(&page, DECIDE, &[("scope", "read"), ("decision", "allow")]).page();
                assert_eq!(refused.status, 400, "{name}: {}", refused.body);
                change(name, before.clone());
            }
        }
        let scopes = json!(["openid"]);
        let page = browser.visit(&Asking::of(&web, "openid read").path()).page();
        change("scopes", scopes);
        let refused = browser.send(&page, DECIDE, &[("scope", "read"), ("decision", "allow")]).answer();
        assert_eq!(refused["error"], "invalid_scope");
    }
}
