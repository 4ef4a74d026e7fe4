//! Pushed authorization requests (RFC 9126).

use serde_json::json;

use crate::support::{Asking, Browser, Ended};

on_both_engines! {
    /// A pushed request is used once, and only by the client that pushed it.
    fn a_request_is_pushed_ahead(server: &mut Server) {
        let world = server.world();
        let web = &server.new_application("board", &json!({}));
        let browser = Browser::of(server, &world.user);
        let asking = Asking::of(web, "openid read");
        let form: Vec<_> = asking.parameters().into_iter().filter(|(name, _)| *name != "client_id").collect();
        let (status, pushed) = server.oauth("par", web, &form);
        assert_eq!(status, 201, "{pushed}");
        assert!(pushed["expires_in"].as_i64().unwrap() < 600);
        let uri = pushed["request_uri"].as_str().unwrap();
        let path = |client: &str| {
            format!("/id/connect/authorize?client_id={client}&request_uri={}", uri.replace(':', "%3A"))
        };
        assert_eq!(browser.visit(&path("demo-native")).page().status, 400, "another client's");
        let page = browser.visit(&path("board")).page();
        assert!(page.has("asks to act in your name"), "{}", page.body);
        let entered = [("scope", "read"), ("decision", "allow")];
        let answer = browser.send(&page, "/id/connect/authorize/decide", &entered).answer();
        assert_eq!(server.exchange_code(web, &answer["code"]).0, 200);
        let Ended::Here(again) = browser.visit(&path("board")) else { panic!("used twice") };
        assert_eq!(again.status, 400);
    }

    /// Errors are reported when the request is pushed.
    fn a_pushed_request_is_checked(server: &mut Server) {
        let world = server.world();
        let web = &world.applications.web;
        let push = |name, value: &str| {
            let asking = Asking::of(web, "read").with(name, value);
            let form: Vec<_> = asking.parameters().into_iter().filter(|(name, _)| *name != "client_id").collect();
            server.oauth("par", web, &form)
        };
        for (name, value, expected) in [
            ("redirect_uri", "https://evil.example", "invalid_request"),
            ("scope", "sec", "invalid_scope"),
            ("code_challenge", "", "invalid_request"),
            ("request_uri", "urn:ietf:params:oauth:request_uri:x", "invalid_request"),
            ("response_type", "token", "unsupported_response_type"),
        ] {
            let (status, answer) = push(name, value);
            assert_eq!((status, answer["error"].as_str()), (400, Some(expected)), "{name}: {answer}");
        }
        let stranger = crate::support::Application { client_secret: Some("wrong".to_owned()), ..web.clone() };
        assert_eq!(server.oauth("par", &stranger, &Asking::of(web, "read").parameters()[1..]).0, 401);
        assert_eq!(server.get("/id/connect/par", None).send().unwrap().status(), 405);
    }

    /// The registry cannot be filled with requests: their size is limited, and so is their number per network
    /// for clients that do not authenticate.
    fn pushing_is_limited(server: &mut Server) {
        let world = server.world();
        let native = &world.applications.native;
        let push = |name: &str, value: &str| {
            let asking = Asking::of(native, "openid read");
            let form: Vec<_> = asking.parameters().into_iter().chain([(name, value)]).collect();
            server.post("/id/connect/par", &form).send().unwrap()
        };
        let before = server.settled_metric("grantor_store_transactions_total");
        for (name, length) in [("login_hint", 1025), ("ui_locales", 2000), ("login_hint", 20_000), ("claims_locales", 1025), ("unknown", 5000)] {
            let refused = push(name, &"x".repeat(length));
            assert_eq!(refused.status(), 400, "{name}");
            assert!(refused.text().unwrap().contains(name));
        }
        assert_eq!(push(&"x".repeat(65), "y").status(), 400);
        let many = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q"];
        let long = "x".repeat(1024);
        let asking = Asking::of(native, "openid read");
        let form: Vec<_> = asking.parameters().into_iter().chain(many.map(|name| (name, long.as_str()))).collect();
        assert_eq!(server.post("/id/connect/par", &form).send().unwrap().status(), 400, "altogether");
        assert_eq!(server.metric("grantor_store_transactions_total"), before, "nothing was written");
        // One more per second is allowed in the meantime.
        let answers: Vec<_> = (0..3000).map(|_| push("login_hint", "ben")).scan(false, |refused, answer| {
            let goes_on = !*refused;
            *refused = answer.status() == 429;
            goes_on.then_some(answer)
        }).collect();
        let (last, taken) = answers.split_last().unwrap();
        assert!(taken.len() >= 600 && taken.iter().all(|answer| answer.status() == 201), "{}", taken.len());
        assert_eq!(last.status(), 429);
        assert!(last.headers()["retry-after"].to_str().unwrap().parse::<u32>().unwrap() >= 1);
        // A client that authenticates is not limited.
        let web = &world.applications.web;
        let asking = Asking::of(web, "openid read");
        let form: Vec<_> = asking.parameters().into_iter().filter(|(name, _)| *name != "client_id").collect();
        assert_eq!(server.oauth("par", web, &form).0, 201);
    }
}
