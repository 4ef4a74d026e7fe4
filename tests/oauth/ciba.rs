//! Back-channel authentication (OpenID CIBA, poll mode).

use serde_json::{Value, json};

use super::open_id::id_token;
use crate::support::{Application, Asking, Browser, Page, Server, wait_until};

const GRANT_TYPE: &str = "urn:openid:params:grant-type:ciba";

/// Registers a client that can use back-channel authentication.
pub fn call_centre(server: &Server, client_id: &str, more: &Value) -> Application {
    let mut metadata = json!({ "backchannel_token_delivery_mode": "poll" });
    metadata.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    server.new_application(client_id, &json!({ "metadata": metadata }))
}

/// Sends a request; returns the status and the response.
pub fn ask(server: &Server, application: &Application, form: &[(&str, &str)]) -> (u16, Value) {
    server.oauth("backchannelauthentication", application, form)
}

/// Sends a request for the demonstration user; returns its `auth_req_id`.
pub fn asked(server: &Server, application: &Application, more: &[(&str, &str)]) -> String {
    let login = server.world().user.login;
    let form = [&[("scope", "openid read"), ("login_hint", login.as_str())][..], more].concat();
    let (status, answer) = ask(server, application, &form);
    assert_eq!(status, 200, "{answer}");
    answer["auth_req_id"].as_str().unwrap().to_owned()
}

/// Polls the token endpoint; returns the status and the response.
pub fn poll(server: &Server, application: &Application, auth_req_id: &str) -> (u16, Value) {
    server.oauth("token", application, &[("grant_type", GRANT_TYPE), ("auth_req_id", auth_req_id)])
}

pub fn error(answer: &(u16, Value)) -> (u16, &str) {
    (answer.0, answer.1["error"].as_str().unwrap_or_default())
}

/// Presses a button on the first pending request.
pub fn decide(browser: &Browser, decision: &str) -> Page {
    let page = browser.open("/requests");
    browser.submit(&page, "/requests/decide", &[("decision", decision)])
}

on_both_engines! {
    /// The user sees the client, its address, its message and the scopes; after approval, the client gets
    /// tokens.
    fn a_person_approves(server: &mut Server) {
        let world = server.world();
        let centre = call_centre(server, "call-centre", &json!({}));
        let form = [("scope", "openid read offline_access"), ("login_hint", &world.user.login), ("binding_message", "W4SCT <&> 7")];
        let (status, answer) = ask(server, &centre, &form);
        assert_eq!((status, &answer["expires_in"], &answer["interval"]), (200, &json!(300), &json!(5)), "{answer}");
        let id = answer["auth_req_id"].as_str().unwrap();
        assert!(id.starts_with("grt_arq_"));
        assert_eq!(error(&poll(server, &centre, id)), (400, "authorization_pending"));
        assert_eq!(error(&poll(server, &centre, id)), (400, "slow_down"));
        let stranger = Browser::new(server);
        assert!(stranger.open("/requests").path.starts_with("/signin?return_to="));
        let browser = Browser::of(server, &world.user);
        let page = browser.open("/requests");
        for shown in ["Team board", "call-centre", "W4SCT &#60;&#38;&#62; 7", "127.0.0.1", "Stay connected", "Read data"] {
            assert!(page.has(shown), "{shown} in {}", page.body);
        }
        let done = browser.submit(&page, "/requests/decide", &[("decision", "approve")]);
        assert!(done.status == 200 && done.has("Approved.") && done.has("Nothing waits"), "{}", done.body);
        let (status, tokens) = poll(server, &centre, id);
        assert_eq!(status, 200, "{tokens}");
        let claims = id_token(server, &tokens);
        assert_eq!((&claims["aud"], &claims["amr"]), (&json!("call-centre"), &json!(["pwd"])));
        assert!(claims["auth_time"].is_i64() && claims["at_hash"].is_string(), "{claims}");
        for absent in ["nonce", "sid", "urn:openid:params:jwt:claim:auth_req_id"] {
            assert!(claims.get(absent).is_none(), "{absent} in {claims}");
        }
        let token = tokens["access_token"].as_str().unwrap();
        assert!(server.accepts(token));
        let (_, told) = server.oauth("introspect", &centre, &[("token", token)]);
        assert_eq!((&told["username"], &told["auth_time"]), (&json!(world.user.login), &claims["auth_time"]));
        let row = server.grant(id, &world.admin.pat);
        assert_eq!((&row["Kind"], &row["AuthorizedIPAddress"]), (&json!("BackchannelRequest"), &json!("127.0.0.1")));
        assert!(row["ConsumedTimestamp"].is_string() && row["AuthorizedTimestamp"].is_string());
        assert!(!server.everything_kept().windows(5).any(|some| some == b"W4SCT"), "the message is stored encrypted");
        let (status, next) = server.refresh(&centre, tokens["refresh_token"].as_str().unwrap());
        assert_eq!((status, &id_token(server, &next)["auth_time"]), (200, &claims["auth_time"]));
        assert_eq!(error(&poll(server, &centre, id)), (400, "invalid_grant"), "once");
        browser.submit(&browser.open("/tokens"), "/signout", &[]);
        assert!(server.accepts(next["access_token"].as_str().unwrap()), "the browser is not the place of the sign-in");
        assert!(!server.accepts(id), "a request is not a token");
    }

    /// A user denies the request or does nothing; the client gets the respective error.
    fn a_person_denies_or_does_nothing(server: &mut Server) {
        let (centre, world) = (call_centre(server, "call-centre", &json!({})), server.world());
        let browser = Browser::of(server, &world.user);
        let denied = asked(server, &centre, &[]);
        let page = browser.open("/requests");
        assert!(browser.submit(&page, "/requests/decide", &[("decision", "deny")]).has("Denied."));
        assert_eq!(error(&poll(server, &centre, &denied)), (400, "access_denied"));
        let again = browser.submit(&page, "/requests/decide", &[("decision", "approve")]);
        assert!(again.status == 409 && again.has("decided already"), "{}", again.body);
        assert_eq!(error(&poll(server, &centre, &denied)), (400, "access_denied"));

        let short = asked(server, &centre, &[("requested_expiry", "1")]);
        let page = browser.open("/requests");
        assert!(page.has("name=\"decision\""), "{}", page.body);
        wait_until("the request expires", || browser.open("/requests").has("Nothing waits"));
        assert_eq!(browser.submit(&page, "/requests/decide", &[("decision", "approve")]).status, 409);
        assert_eq!(error(&poll(server, &centre, &short)), (400, "expired_token"));
        assert!(browser.open("/requests").has("Nothing waits"));
    }

    /// Only the requested user decides, on the page, with a form of the page; only the requesting client gets
    /// the tokens.
    fn nobody_decides_for_another(server: &mut Server) {
        let (centre, world) = (call_centre(server, "call-centre", &json!({})), server.world());
        let other = call_centre(server, "other-centre", &json!({}));
        let id = asked(server, &centre, &[]);
        let request = server.grant_id(&id, &world.admin.pat);
        let administrator = Browser::of(server, &world.admin);
        let page = administrator.open("/requests");
        assert!(page.has("Nothing waits"), "an administrator sees only their own requests");
        let csrf = page.body.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let fields = [("csrf", csrf.as_str()), ("request", &request), ("decision", "approve")];
        assert_eq!(administrator.send_form("/requests/decide", &fields).status, 404);
        let browser = Browser::of(server, &world.user);
        let forged = [("csrf", "x"), ("request", request.as_str()), ("decision", "approve")];
        assert_eq!(browser.send_form("/requests/decide", &forged).status, 403);
        let bearer = server.post("/requests/decide", &forged).bearer_auth(&world.user.pat).send().unwrap();
        assert_eq!(bearer.headers()["location"], "/signin?return_to=%2Frequests", "a token cannot decide");
        assert_eq!(error(&poll(server, &centre, &id)), (400, "authorization_pending"));
        assert_eq!(decide(&browser, "approve").status, 200);
        assert_eq!(error(&poll(server, &other, &id)), (400, "invalid_grant"));
        let (status, tokens) = poll(server, &centre, &id);
        assert_eq!(status, 200, "{tokens}");
        assert!(tokens["refresh_token"].is_null(), "offline_access was not requested");
        // Revoking the request revokes its tokens.
        server.cli(&["token", "revoke", &request, "--yes"], Some(&world.user.pat)).unwrap();
        assert!(!server.accepts(tokens["access_token"].as_str().unwrap()));
    }

    /// If several requests exchange at once, one succeeds; of two concurrent decisions, one counts.
    fn a_request_is_exchanged_once(server: &mut Server) {
        let (centre, world) = (call_centre(server, "call-centre", &json!({})), server.world());
        let id = asked(server, &centre, &[]);
        let browsers = [Browser::of(server, &world.user), Browser::of(server, &world.user)];
        let pages = browsers.each_ref().map(|browser| browser.open("/requests"));
        let decided = std::thread::scope(|scope| {
            let racers: Vec<_> = browsers.iter().zip(&pages)
                .map(|(browser, page)| scope.spawn(|| browser.submit(page, "/requests/decide", &[("decision", "approve")]).status))
                .collect();
            racers.into_iter().map(|racer| racer.join().unwrap()).collect::<Vec<_>>()
        });
        assert_eq!(decided.iter().filter(|status| **status == 200).count(), 1, "{decided:?}");
        let shared: &Server = server;
        let outcomes = std::thread::scope(|scope| {
            let racers: Vec<_> = (0..12).map(|_| scope.spawn(|| poll(shared, &centre, &id))).collect();
            racers.into_iter().map(|racer| racer.join().unwrap()).collect::<Vec<_>>()
        });
        let (won, lost): (Vec<_>, Vec<_>) = outcomes.iter().partition(|(status, _)| *status == 200);
        assert_eq!(won.len(), 1, "{outcomes:?}");
        assert!(lost.iter().all(|answer| error(answer) == (400, "invalid_grant")), "{lost:?}");
        assert!(server.accepts(won[0].1["access_token"].as_str().unwrap()), "the failed exchanges have no effect");
    }

    /// A retired scope cannot be requested, and a scope that is retired before the exchange is not granted.
    fn what_is_retired_is_not_granted(server: &mut Server) {
        let world = server.world();
        let scope = |arguments: &[&str]| server.cli(&[&["scope"], arguments].concat(), Some(&world.admin.pat)).unwrap();
        scope(&["create", "orders:read", "--description", "See your orders"]);
        scope(&["create", "orders:old", "--description", "See your old orders"]);
        let scopes = json!({ "scopes": ["openid", "orders:read", "orders:old"], "metadata": { "backchannel_token_delivery_mode": "poll" } });
        let centre = server.new_application("call-centre", &scopes);
        scope(&["retire", "orders:old"]);
        let form = |scope| [("scope", scope), ("login_hint", world.user.login.as_str())];
        assert_eq!(error(&ask(server, &centre, &form("openid orders:old"))), (400, "invalid_scope"));
        let (status, answer) = ask(server, &centre, &form("openid orders:read"));
        assert_eq!(status, 200, "{answer}");
        decide(&Browser::of(server, &world.user), "approve");
        scope(&["retire", "orders:read"]);
        let (status, tokens) = poll(server, &centre, answer["auth_req_id"].as_str().unwrap());
        assert_eq!((status, &tokens["scope"]), (200, &json!("openid")), "{tokens}");
    }

    /// An ID token of an earlier sign-in identifies the user, also by a pairwise subject.
    fn an_earlier_sign_in_says_who(server: &mut Server) {
        let world = server.world();
        let browser = Browser::of(server, &world.user);
        for (client_id, subject_type) in [("public", "public"), ("paired", "pairwise")] {
            let centre = call_centre(server, client_id, &json!({ "subject_type": subject_type }));
            let tokens = server.tokens(&Asking::of(&centre, "openid"), &browser);
            let hint = tokens["id_token"].as_str().unwrap();
            let (status, answer) = ask(server, &centre, &[("scope", "openid"), ("id_token_hint", hint)]);
            assert_eq!(status, 200, "{answer}");
            assert_eq!(decide(&browser, "approve").status, 200);
            let (_, granted) = poll(server, &centre, answer["auth_req_id"].as_str().unwrap());
            assert_eq!(id_token(server, &granted)["sub"], id_token(server, &tokens)["sub"]);
        }
    }

    /// Users are not flooded: the number of pending requests and of repeated requests is limited.
    fn nobody_is_flooded(server: &mut Server) {
        let world = server.world();
        let browser = Browser::of(server, &world.user);
        let form = [("scope", "openid"), ("login_hint", world.user.login.as_str())];
        let centre = call_centre(server, "call-centre", &json!({}));
        for _ in 0..3 {
            assert_eq!(ask(server, &centre, &form).0, 200);
        }
        assert_eq!(error(&ask(server, &centre, &form)), (429, "temporarily_unavailable"), "three wait");
        for _ in 0..7 {
            decide(&browser, "deny");
            assert_eq!(ask(server, &centre, &form).0, 200);
        }
        decide(&browser, "deny");
        assert_eq!(error(&ask(server, &centre, &form)), (429, "temporarily_unavailable"), "ten within ten minutes");
        let others: Vec<_> = (0..3).map(|number| call_centre(server, &format!("centre-{number}"), &json!({}))).collect();
        let asked: Vec<u16> = others.iter().flat_map(|other| (0..3).map(|_| ask(server, other, &form).0)).collect();
        assert_eq!(asked.iter().filter(|status| **status == 200).count(), 8, "{asked:?}: ten wait in all");
        let admin = [("scope", "openid"), ("login_hint", world.admin.login.as_str())];
        assert_eq!(ask(server, &centre, &admin).0, 200, "other users can still be asked");
    }
}
