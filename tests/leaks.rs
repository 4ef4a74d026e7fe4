//! Leaked secrets.

use serde_json::{Value, json};

use crate::bad_input::Watch;
use crate::support::{Asking, Browser, Server};

/// Sends a report without credentials; returns the status and the response.
fn report(server: &Server, body: &Value) -> (u16, Value) {
    let response = server.http.post(format!("{}/leaks", server.url)).json(body).send().unwrap();
    assert_eq!(response.headers()["cache-control"], "no-store");
    (response.status().as_u16(), response.json().unwrap())
}

/// Returns the result for one secret.
fn outcome(server: &Server, secret: &str) -> String {
    let (status, answer) = report(server, &json!({"secrets": [{"secret": secret}]}));
    assert_eq!((status, &answer["received"]), (200, &json!(1)), "{answer}");
    assert_eq!(answer["revoked"], u64::from(answer["results"][0] == "revoked"));
    answer["results"][0].as_str().unwrap().to_owned()
}

const BANNER: &str = "Found where it does not belong";

on_both_engines! {
    /// A leaked token is revoked at once; its owner sees where it was found, and no other user does.
    fn a_found_token_is_revoked(server: &mut Server) {
        let world = server.world();
        let browser = Browser::of(server, &world.user);
        let token = browser.token("demo-web", &["read"], &[]);
        assert!(server.accepts(&token) && !browser.open("/tokens").has(BANNER));
        let url = format!("https://example.org/<b>?t={token}");
        let found = json!([
            {"token": token, "type": "grantor_token", "url": url, "source": "commit"},
            {"token": token, "type": "grantor_token", "url": "again", "source": "commit"},
            {"token": "grt_pat_mistyped", "type": "grantor_token"},
        ]);
        let (status, answer) = report(server, &found);
        assert_eq!(status, 200);
        assert_eq!(answer, json!({"received": 3, "revoked": 1, "results": ["revoked", "inactive", "not_ours"]}));
        assert!(!server.accepts(&token));
        assert_eq!(server.grant(&token, &world.admin.pat)["RevocationReason"], "Leaked");
        let page = browser.open("/tokens?show=all");
        assert!(page.has(BANNER) && page.has("commit") && page.has("127.0.0.1") && page.has("revoked: leaked"), "{page:?}");
        assert!(page.has("https://example.org/&#60;b&#62;?t=grt_pat_") && !page.has(&token), "{page:?}");
        assert!(!page.has("again"), "an earlier revocation is not reported");
        assert!(!Browser::of(server, &world.admin).open("/tokens").has(BANNER));
        assert!(!String::from_utf8_lossy(&server.everything_kept()).contains(&token));
        assert!(server.log().contains("a leaked secret was reported") && !server.log().contains(&token));
    }

    /// Descendants of a secret are revoked too; for a refresh token, the whole sign-in, even if it was
    /// already used.
    fn what_came_from_it_ends_too(server: &mut Server) {
        let world = server.world();
        let (web, browser) = (&world.applications.web, Browser::of(server, &world.user));
        let asking = Asking::of(web, "openid read offline_access");
        let answer = server.tokens(&asking, &browser);
        let text = |answer: &Value, name: &str| answer[name].as_str().unwrap().to_owned();
        let (access, refresh) = (text(&answer, "access_token"), text(&answer, "refresh_token"));
        assert_eq!(outcome(server, &refresh), "revoked");
        assert!(!server.accepts(&access));
        assert_eq!(server.refresh(web, &refresh).1["error"], "invalid_grant");

        let first = text(&server.tokens(&asking, &browser), "refresh_token");
        let (_, second) = server.refresh(web, &first);
        assert_eq!(outcome(server, &first), "revoked", "its response can still be repeated");
        assert_eq!(server.refresh(web, &text(&second, "refresh_token")).1["error"], "invalid_grant");
        assert!(!server.accepts(&text(&second, "access_token")));
        assert_eq!(outcome(server, &first), "inactive");
    }

    /// A code is revoked before it is exchanged; afterwards, it is harmless and found in many logs.
    fn codes_end_too(server: &mut Server) {
        let world = server.world();
        let (web, browser) = (&world.applications.web, Browser::of(server, &world.user));
        let asking = Asking::of(web, "openid read");
        let code = asking.code(&browser);
        assert_eq!(outcome(server, &code), "revoked");
        assert_eq!(server.exchange_code(web, &code).1["error"], "invalid_grant");
        let code = asking.code(&browser);
        let token = server.exchange_code(web, &code).1["access_token"].as_str().unwrap().to_owned();
        assert_eq!(outcome(server, &code), "inactive");
        assert!(server.accepts(&token), "an exchanged code revokes nothing");
        let started = server.start_device("demo-native", "read");
        assert_eq!(outcome(server, &started.device_code), "revoked");
        assert!(server.redeem(&started).is_err());
        let signed = server.register("signed", "JWT", &json!({})).unwrap();
        let token = server.client_credentials(&signed);
        assert!(token.starts_with("eyJ") && server.accepts(&token));
        assert_eq!(outcome(server, &token), "revoked");
        assert!(!server.accepts(&token));
    }

    /// A leaked client secret is removed with the tokens that the client obtained for itself; administrators
    /// see it.
    fn client_secrets_end_too(server: &mut Server) {
        let world = server.world();
        let service = &world.applications.service;
        let token = server.client_credentials(service);
        let secret = service.client_secret.clone().unwrap();
        let last = if secret.ends_with('x') { 'y' } else { 'x' };
        let other = format!("{}{last}", &secret[..secret.len() - 1]);
        assert_eq!(outcome(server, &other), "inactive");
        assert!(server.accepts(&token));
        assert_eq!(outcome(server, &secret), "revoked");
        assert!(!server.accepts(&token));
        let (status, answer) = server.oauth("token", service, &[("grant_type", "client_credentials")]);
        assert_eq!((status, answer["error"].as_str()), (401, Some("invalid_client")));
        assert_eq!(outcome(server, &secret), "inactive");
        let events = "Systems_Security_AuditEvents?$filter=Type eq 'LeakReported'&$expand=TrustedApplication($select=ApplicationUri)";
        let events = server.rows(events, &world.admin.pat);
        assert_eq!(events.len(), 1, "an earlier revocation records no event: {events:?}");
        assert_eq!((&events[0]["Subject"], &events[0]["TrustedApplication"]["ApplicationUri"]), (&json!("Application"), &json!(service.client_id)));
        assert!(!events[0].to_string().contains(&secret));
        let page = Browser::of(server, &world.admin).open("/tokens");
        assert!(page.has(BANNER) && page.has("Nightly export"), "{page:?}");
        assert!(!Browser::of(server, &world.user).open("/tokens").has(BANNER));
    }

    /// Passwords and other words are not our secrets, and an invalid report is refused.
    fn what_is_no_report_changes_nothing(server: &mut Server) {
        let world = server.world();
        let watch = Watch::new(server);
        for word in ["", "x", &world.user.password, &world.user.pat[1..], &world.user.pat.to_uppercase(), &"x".repeat(20_000)] {
            assert_eq!(outcome(server, word), "not_ours", "{word}");
        }
        let pat = json!({"secret": world.user.pat});
        for (what, body) in [
            ("too many", json!(vec![pat.clone(); 101])),
            ("no list", pat.clone()),
            ("a word", json!("x")),
            ("texts", json!([world.user.pat])),
            ("no text", json!([{"secret": 1}])),
            ("an address that is none", json!([{"secret": world.user.pat, "url": {}}])),
        ] {
            let (status, answer) = report(server, &body);
            assert_eq!((status, answer["error"]["code"].as_str()), (400, Some("BAD_USER_INPUT")), "{what}");
            watch.saw(what, status, &answer.to_string());
        }
        let post = || server.http.post(format!("{}/leaks", server.url));
        let list = json!([pat]).to_string();
        for (what, request, expected) in [
            ("another type", post().header("content-type", "text/plain").body(list.clone()), 400),
            ("no type", post().body(list), 400),
            ("a form", post().form(&[("secret", &world.user.pat)]), 400),
            ("no JSON", post().header("content-type", "application/json").body("[{"), 400),
            ("too long", post().json(&json!([{"secret": "x".repeat(300_000)}])), 413),
            ("read", server.get("/leaks", None), 405),
        ] {
            let response = request.send().unwrap();
            assert_eq!(response.status(), expected, "{what}");
            watch.saw(what, expected, &response.text().unwrap());
        }
        assert!(server.accepts(&world.user.pat));
        assert_eq!(report(server, &json!([])), (200, json!({"received": 0, "revoked": 0, "results": []})));
        watch.done();
    }

    /// If several reports contain the same secret, one revokes it.
    fn a_race_of_finders(server: &mut Server) {
        let world = server.world();
        let browser = Browser::of(server, &world.user);
        let token = browser.token("demo-web", &["read"], &[]);
        let shared: &Server = server;
        let outcomes = std::thread::scope(|scope| {
            let finders: Vec<_> = (0..8).map(|_| scope.spawn(|| outcome(shared, &token))).collect();
            finders.into_iter().map(|finder| finder.join().unwrap()).collect::<Vec<_>>()
        });
        assert_eq!(outcomes.iter().filter(|outcome| *outcome == "revoked").count(), 1, "{outcomes:?}");
        assert_eq!(browser.open("/tokens").body.matches(BANNER).count(), 1);
    }

    /// Reports are rate-limited; unreported secrets stay valid.
    fn reports_are_limited(server: &mut Server) {
        let pat = server.world().user.pat;
        let statuses: Vec<_> = (0..100).map(|_| report(server, &json!([])).0).collect();
        assert!(statuses.iter().all(|status| *status == 200), "{statuses:?}");
        let url = format!("{}/leaks", server.url);
        // One more is allowed for every six seconds that the first hundred took.
        let mut more = (0..50).map(|_| server.http.post(&url).json(&json!([])).send().unwrap());
        more.find(|response| response.status() == 429).expect("the limit is reached");
        let response = server.http.post(&url).json(&json!([{"secret": pat}])).send().unwrap();
        assert_eq!(response.status(), 429);
        let wait: u64 = response.headers()["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((1..=600).contains(&wait) && server.accepts(&pat));
    }
}
