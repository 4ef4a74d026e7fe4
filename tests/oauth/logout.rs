//! Logout notifications (OpenID Connect Back-Channel Logout 1.0).

use jsonwebtoken::decode_header;
use serde_json::{Value, json};

use super::open_id::{claims_of, id_token};
use crate::support::keys::now;
use crate::support::{Application, Arrived, Asking, Browser, Ended, Server, Told};

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// Registers a client that is notified at `/out` of its own server.
fn board(server: &Server, client_id: &str, told: &Told, more: &Value) -> Application {
    let mut metadata = json!({ "backchannel_logout_uri": format!("{}/out", told.url) });
    metadata.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    server.new_application(client_id, &json!({ "metadata": metadata }))
}

/// Returns the claims of the received logout token.
fn logout_token(server: &Server, arrived: &Arrived) -> Value {
    assert!(arrived.line.starts_with("POST /out "), "{arrived:?}");
    assert_eq!(arrived.headers["content-type"], "application/x-www-form-urlencoded");
    let token = arrived.body.strip_prefix("logout_token=").unwrap();
    assert_eq!(decode_header(token).unwrap().typ.as_deref(), Some("logout+jwt"));
    claims_of(server, token)
}

/// Returns the session in a notification, under any address of the server.
fn sid_of(arrived: &Arrived) -> Value {
    let payload =
        data_encoding::BASE64URL_NOPAD.decode(arrived.body.split('.').nth(1).unwrap().as_bytes()).unwrap();
    serde_json::from_slice::<Value>(&payload).unwrap()["sid"].clone()
}

pub fn sign_out(browser: &Browser) -> Ended {
    let page = browser.open("/tokens");
    browser.send(&page, "/signout", &[])
}

on_both_engines! {
    /// Signing out notifies every client of the session with a token of its own.
    fn applications_are_told(server: &mut Server) {
        let (one, other, none) = (Told::listen(), Told::listen(), Told::listen());
        let board = board(server, "board", &one, &json!({}));
        let desk = self::board(server, "desk", &other, &json!({ "subject_type": "pairwise" }));
        self::board(server, "unused", &none, &json!({}));
        let browser = Browser::of(server, &server.world().user);
        let known = id_token(server, &server.tokens(&Asking::of(&board, "openid read"), &browser));
        let paired = id_token(server, &server.tokens(&Asking::of(&desk, "openid read"), &browser));
        let without = server.tokens(&Asking::of(&server.world().applications.web, "read"), &browser);
        assert!(without["id_token"].is_null());
        assert_eq!(sign_out(&browser).page().path, "/");
        for (told, client, id_token) in [(&one, "board", &known), (&other, "desk", &paired)] {
            let claims = logout_token(server, &told.next());
            assert_eq!(claims["aud"], client);
            assert_eq!((&claims["sub"], &claims["sid"]), (&id_token["sub"], &id_token["sid"]));
            assert_eq!(claims["events"], json!({ EVENT: {} }));
            // The reference has exactly these claims.
            let described: Value = server.get("/asyncapi.json", None).send().unwrap().json().unwrap();
            let described = &described["channels"]["backchannelLogout"]["messages"]["backchannelLogout"]["x-claims"]["properties"];
            let names = |claims: &Value| claims.as_object().unwrap().keys().cloned().collect::<std::collections::BTreeSet<_>>();
            assert_eq!(names(described), names(&claims));
            assert!(claims["jti"].is_string() && claims.get("nonce").is_none());
            let (issued, expires) = (claims["iat"].as_u64().unwrap(), claims["exp"].as_u64().unwrap());
            assert!(issued <= now() && expires <= now() + 120, "{claims}");
        }
        assert_ne!(known["sub"], paired["sub"]);
        assert_eq!(known["sid"], paired["sid"]);
        server.wait_for_sign_outs(0);
        for told in [&one, &other, &none] {
            told.got_nothing();
        }
    }

    /// Clients are notified however a session ends: by a client, from another browser, by a new password, by
    /// an administrator.
    fn however_a_session_ends(server: &mut Server) {
        let told = Told::listen();
        let (board, world) = (board(server, "board", &told, &json!({})), server.world());
        let signed_in = || {
            let browser = Browser::of(server, &world.user);
            let tokens = server.tokens(&Asking::of(&board, "openid read"), &browser);
            (browser, tokens)
        };
        let ended = |tokens: &Value| {
            let claims = logout_token(server, &told.next());
            assert_eq!(claims["sid"], id_token(server, tokens)["sid"]);
            assert!(!server.accepts(tokens["access_token"].as_str().unwrap()));
        };
        let (browser, tokens) = signed_in();
        let hint = tokens["id_token"].as_str().unwrap();
        assert!(browser.visit(&format!("/id/connect/endsession?id_token_hint={hint}")).page().has("You are signed out"));
        ended(&tokens);

        let (_elsewhere, tokens) = signed_in();
        let here = Browser::of(server, &world.user);
        here.submit(&here.open("/account"), "/account/sessions/end", &[("session", "others")]);
        ended(&tokens);

        let (_elsewhere, tokens) = signed_in();
        let (current, new) = (world.user.password.as_str(), "another long pass phrase of mine");
        let entered = [("current", current), ("password", new), ("password_again", new)];
        let page = here.open("/account/password");
        let done = here.submit(&page, "/account/password", &entered);
        assert_eq!(done.status, 200, "{}", done.body);
        ended(&tokens);

        let browser = Browser::new(server);
        browser.sign_in(&world.user.login, new);
        let tokens = server.tokens(&Asking::of(&board, "openid read"), &browser);
        let page = browser.open("/signin?again=1");
        browser.submit(&page, "/signin", &[("login", &world.admin.login), ("password", &world.admin.password)]);
        ended(&tokens);

        let browser = Browser::new(server);
        browser.sign_in(&world.user.login, new);
        let tokens = server.tokens(&Asking::of(&board, "openid read"), &browser);
        let document = "mutation($login: String!) { userSignOut(input: { login: $login }) { sessionCount } }";
        let variables = json!({ "login": world.user.login });
        let (_, refused) = server.graphql(document, &variables, &world.user.pat);
        assert_eq!(refused["errors"][0]["extensions"]["code"], "FORBIDDEN");
        let (_, answer) = server.graphql(document, &variables, &world.admin.pat);
        assert!(answer["data"]["userSignOut"]["sessionCount"].as_u64() >= Some(1), "{answer}");
        ended(&tokens);
        assert!(browser.open("/tokens").path.starts_with("/signin"));
    }

    /// An idle session notifies no client, because the user may be working in an application. When its
    /// lifetime is over, clients are notified, and grants that require the user's presence are revoked.
    fn a_session_whose_time_is_over(server: &mut Server) {
        let told = Told::listen();
        let (board, world) = (board(server, "board", &told, &json!({})), server.world());
        let browser = Browser::of(server, &world.user);
        let tokens = server.tokens(&Asking::of(&board, "openid read"), &browser);
        let (sid, access) = (id_token(server, &tokens)["sid"].clone(), tokens["access_token"].as_str().unwrap());
        // The session of another user expires at the same time: its notification shows that the expiry was handled.
        let other = Told::listen();
        let desk = self::board(server, "desk", &other, &json!({}));
        server.tokens(&Asking::of(&desk, "openid"), &Browser::of(server, &world.admin));
        let let_pass = |server: &mut Server, statement: &str| {
            server.kill();
            server.change(statement);
            server.run();
        };
        let expire = "UPDATE grantor_sessions SET expires_at = 1 WHERE user_id";
        let ben = "(SELECT id FROM \"Sec_Users\" WHERE login = 'ben')";
        let_pass(server, &format!("UPDATE grantor_sessions SET last_seen_at = 1; {expire} <> {ben}"));
        let cookie = format!("grantor={}", browser.cookie("grantor").unwrap());
        let page = server.get("/tokens", None).header("cookie", cookie).send().unwrap();
        assert_eq!(page.headers()["location"], "/signin?return_to=%2Ftokens", "the session is idle");
        other.next();
        server.wait_for_sign_outs(0);
        told.got_nothing();
        assert!(server.accepts(access));
        let_pass(server, &format!("{expire} = {ben}"));
        assert_eq!(sid_of(&told.next()), sid);
        assert!(!server.accepts(access));
        let event = "Systems_Security_AuditEvents?$filter=Type eq 'SignedOut'&$select=Data,ActorUser";
        let events = server.rows(event, &world.admin.pat);
        assert!(events.iter().any(|event| event["Data"] == r#"{"reason":"expired"}"#), "{events:?}");
        server.wait_for_sign_outs(0);
        told.got_nothing();
    }

    /// Grants for offline access remain valid; a code that was not exchanged does not.
    fn what_ends_with_a_session(server: &mut Server) {
        let told = Told::listen();
        let (board, world) = (board(server, "board", &told, &json!({})), server.world());
        let browser = Browser::of(server, &world.user);
        let attended = server.tokens(&Asking::of(&board, "openid read"), &browser);
        let unattended = server.tokens(&Asking::of(&board, "openid read offline_access"), &browser);
        let code = Asking::of(&board, "openid read offline_access").code(&browser);
        sign_out(&browser);
        logout_token(server, &told.next());
        assert!(!server.accepts(attended["access_token"].as_str().unwrap()));
        assert!(server.accepts(unattended["access_token"].as_str().unwrap()));
        assert_eq!(server.refresh(&board, unattended["refresh_token"].as_str().unwrap()).0, 200);
        assert_eq!(server.exchange_code(&board, &code).1["error"], "invalid_grant");
        server.wait_for_sign_outs(0);
        told.got_nothing();
    }

    /// A failed notification is retried, even by a restarted program; a refused one is not.
    fn it_is_told_later(server: &mut Server) {
        let (down, refusing) = (Told::listen(), Told::listen());
        let board = board(server, "board", &down, &json!({}));
        let desk = self::board(server, "desk", &refusing, &json!({}));
        down.answer_with(503);
        refusing.answer_with(400);
        let browser = Browser::of(server, &server.world().user);
        for application in [&board, &desk] {
            server.tokens(&Asking::of(application, "openid"), &browser);
        }
        sign_out(&browser);
        let first = logout_token(server, &down.next());
        logout_token(server, &refusing.next());
        server.wait_for_sign_outs(1);
        server.wait_for_log("503");
        server.kill();
        down.answer_with(204);
        server.run();
        // The server now has another address, and therefore another issuer.
        let arrived = down.next();
        let token = arrived.body.strip_prefix("logout_token=").unwrap();
        let payload = data_encoding::BASE64URL_NOPAD.decode(token.split('.').nth(1).unwrap().as_bytes()).unwrap();
        let second: Value = serde_json::from_slice(&payload).unwrap();
        assert_eq!((&second["sid"], &second["sub"]), (&first["sid"], &first["sub"]));
        assert_ne!(second["jti"], first["jti"], "each attempt has its own jti");
        server.wait_for_sign_outs(0);
        down.got_nothing();
        refusing.got_nothing();
        assert!(server.log().contains("a client refused a logout token"));
        assert!(!server.log().contains(token), "no token in the log");
    }

    /// A notification follows no redirects, and an untrusted client is not called on private networks.
    fn calls_lead_nowhere_else(server: &mut Server) {
        server.restart_with("GRANTOR_DYNAMIC_REGISTRATION", "open");
        let (told, victim) = (Told::listen(), Told::listen());
        let board = board(server, "board", &told, &json!({}));
        told.send_to(&format!("{}/out", victim.url));
        let world = server.world();
        let members = json!({
            "redirect_uris": [world.applications.web.redirect_uri],
            "scope": "openid",
            "backchannel_logout_uri": format!("{}/out", victim.url),
        });
        let registered: Value =
            server.http.post(format!("{}/id/connect/register", server.url)).json(&members).send().unwrap().json().unwrap();
        let stranger = Application {
            client_id: registered["client_id"].as_str().unwrap().to_owned(),
            client_secret: registered["client_secret"].as_str().map(str::to_owned),
            redirect_uri: world.applications.web.redirect_uri.clone(),
        };
        let browser = Browser::of(server, &world.user);
        server.tokens(&Asking::of(&board, "openid"), &browser);
        let code = Asking::of(&stranger, "openid").code(&browser);
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", &stranger.redirect_uri),
            ("code_verifier", crate::support::VERIFIER),
        ];
        let exchanged = server.post("/id/connect/token", &form);
        let exchanged = exchanged.basic_auth(&stranger.client_id, stranger.client_secret.as_ref()).send().unwrap();
        assert_eq!(exchanged.status(), 200);
        sign_out(&browser);
        logout_token(server, &told.next());
        server.wait_for_sign_outs(0);
        victim.got_nothing();
        told.got_nothing();
        assert!(server.log().contains("requests to this address are not allowed"), "{}", server.log());
    }
}

/// Several programs on one database notify each client once, and so does a race to end the same session.
#[test]
fn several_programs_tell_once() {
    let server = Server::demo(crate::support::Engine::Postgres);
    let beside: Vec<_> = (0..2).map(|_| server.beside()).collect();
    let told = Told::listen();
    let board = board(&server, "board", &told, &json!({}));
    let browsers: Vec<_> = (0..6)
        .map(|_| {
            let browser = Browser::of(&server, &server.world().user);
            server.tokens(&Asking::of(&board, "openid"), &browser);
            ["grantor", "grantor-form"]
                .map(|name| format!("{name}={}", browser.cookie(name).unwrap()))
                .join("; ")
        })
        .collect();
    let page = |server: &Server, cookie: &str| {
        server.get("/tokens", None).header("cookie", cookie).send().unwrap().text().unwrap()
    };
    std::thread::scope(|scope| {
        for (number, cookie) in browsers.iter().enumerate() {
            let csrf = page(&server, cookie);
            let csrf =
                csrf.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
            for other in [&server, &beside[number % 2]] {
                let csrf = csrf.clone();
                scope.spawn(move || {
                    let form = [("csrf", csrf.as_str())];
                    other.post("/signout", &form).header("cookie", cookie).send().unwrap();
                });
            }
        }
    });
    let mut seen: Vec<String> =
        (0..browsers.len()).map(|_| sid_of(&told.next()).as_str().unwrap().to_owned()).collect();
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), browsers.len(), "each session once");
    server.wait_for_sign_outs(0);
    told.got_nothing();
}
