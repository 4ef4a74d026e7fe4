//! Attacks across surfaces: on every form, on every page, with thousands of concurrent requests, and by
//! timing.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Barrier;

use serde_json::{Value, json};

use crate::support::{Asking, Browser, Engine, Server, html};

/// Returns the action paths of all forms, from the templates, with placeholders for the variable parts.
pub fn posted_to() -> BTreeSet<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../pages/templates");
    let mut actions = BTreeSet::new();
    let mut folders = vec![std::path::PathBuf::from(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                folders.push(entry);
                continue;
            }
            let text = std::fs::read_to_string(&entry).unwrap();
            let found = text.split(" action=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
            actions.extend(found.map(filled_in));
        }
    }
    actions
}

/// Returns a path with a value for each placeholder.
fn filled_in(action: &str) -> String {
    let mut parts = action.split("{{");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |action, part| {
        format!("{action}{}{}", uuid::Uuid::nil(), part.split_once("}}").map_or("", |(_, rest)| rest))
    })
}

fn csrf(page: &str) -> String {
    page.split_once("name=\"csrf\" value=\"").unwrap().1.split('"').next().unwrap().to_owned()
}

on_both_engines! {
    /// A form from another site has no effect: without the anti-forgery value of the session, with that of
    /// another session, or with a foreign origin.
    fn every_form_of_every_page_is_protected(server: &mut Server) {
        let world = server.world();
        let (browser, other) = (Browser::of(server, &world.admin), Browser::of(server, &world.user));
        let (own, foreign) = (csrf(&browser.open("/account").body), csrf(&other.open("/account").body));
        let actions = posted_to();
        // A response to a client is posted to the client.
        let ours: Vec<_> = actions.iter().filter(|action| action.starts_with('/')).collect();
        assert!(ours.len() >= 20, "{ours:?}");
        for action in ours {
            for (value, headers) in [
                ("", &[][..]),
                (foreign.as_str(), &[]),
                (own.as_str(), &[("origin", "https://evil.example")]),
                (own.as_str(), &[("sec-fetch-site", "cross-site")]),
                (own.as_str(), &[("origin", "null")]),
            ] {
                let sent = browser.send_with(action, &[("csrf", value), ("confirm", "yes"), ("decision", "allow")], headers);
                // The link of the first start was used: there is no page left to protect.
                let expected = if action.starts_with("/setup/") { [403, 404] } else { [403, 403] };
                assert!(expected.contains(&sent.status), "{action} {headers:?}: {}", sent.status);
            }
        }
        assert_eq!(browser.open("/tokens").path, "/tokens", "the session ended");
    }

    /// No page that is linked from another one can be framed or cached, or loads foreign content.
    fn every_page_is_protected_against_framing(server: &mut Server) {
        let world = server.world();
        let browser = Browser::of(server, &world.admin);
        let mut waiting = VecDeque::from(["/".to_owned(), "/account/password".into(), "/signin".into(), "/setup/x".into()]);
        let (mut seen, mut pages) = (BTreeSet::new(), 0);
        while let Some(path) = waiting.pop_front() {
            if !seen.insert(path.clone()) || seen.len() > 80 {
                continue;
            }
            let (headers, body) = browser.look(&path);
            let is_page = headers.get("content-type").is_some_and(|kind| kind.to_str().unwrap().starts_with("text/html"));
            if !is_page {
                continue;
            }
            pages += 1;
            assert_eq!(headers["x-frame-options"], "DENY", "{path}");
            let policy = headers["content-security-policy"].to_str().unwrap();
            assert!(policy.contains("frame-ancestors 'none'") && policy.contains("default-src 'none'"), "{path}: {policy}");
            assert!(!policy.contains("unsafe-"), "{path}: {policy}");
            assert_eq!(headers["cache-control"], "no-store", "{path}");
            assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
            let links = body.split(" href=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
            waiting.extend(links.filter(|link| link.starts_with('/') && !link.starts_with("/static/")).map(|link| link.replace("&#38;", "&")));
        }
        assert!(pages >= 10, "only {pages} pages: {seen:?}");
        let web = server.new_application("board", &json!({}));
        let (headers, body) = browser.look(&Asking::of(&web, "openid read").path());
        assert!(body.contains("asks to act") && headers["x-frame-options"] == "DENY", "the consent page too");
        assert!(html::forms(&body).iter().any(|form| form.action.ends_with("/decide")));
    }

    /// If thousands of requests present one refresh token, a few get the same successor. Then the family is
    /// revoked, and no token is left.
    fn thousands_race_for_a_family(server: &mut Server) {
        let board = server.new_application("board", &json!({}));
        let browser = Browser::of(server, &server.world().user);
        let tokens = server.tokens(&Asking::of(&board, "openid read offline_access"), &browser);
        let first = tokens["refresh_token"].as_str().unwrap().to_owned();
        let race = |token: &str, each: usize| -> Vec<(u16, Value)> {
            let (start, shared, board) = (Barrier::new(32), &*server, &board);
            std::thread::scope(|scope| {
                let start = &start;
                let run = move || {
                    start.wait();
                    (0..each).map(|_| shared.refresh(board, token)).collect::<Vec<_>>()
                };
                let racers: Vec<_> = (0..32).map(|_| scope.spawn(run)).collect();
                racers.into_iter().flat_map(|racer| racer.join().unwrap()).collect()
            })
        };
        let answers = race(&first, 64);
        assert_eq!(answers.len(), 2048);
        let successors: Vec<_> = answers.iter().filter(|(status, _)| *status == 200).map(|(_, answer)| {
            answer["refresh_token"].as_str().unwrap().to_owned()
        }).collect();
        assert!((1..=4).contains(&successors.len()), "one refresh and three repeats: {}", successors.len());
        assert_eq!(successors.iter().collect::<BTreeSet<_>>().len(), 1);
        assert!(answers.iter().all(|(status, answer)| *status == 200 || answer["error"] == "invalid_grant"));
        assert_eq!(server.refresh(&board, &successors[0]).0, 400, "the family is not revoked");
        let alive = "Systems_Security_AccessTokens?$filter=Client eq 'board' and Kind in ('ReferenceToken','RefreshToken') \
            and not (RevokedTimestamp ge 2000-01-01T00:00:00Z)";
        assert_eq!(server.count(alive, &server.world().admin.pat), 0);
    }
}

/// Returns how often the log contains a text.
fn said(server: &Server, what: &str) -> usize {
    server.log().matches(what).count()
}

/// An unknown user costs the same work as a known one: one password hash. (The crate `token` tests this for
/// signatures.)
#[test]
fn who_does_not_exist_costs_the_same_work() {
    let mut server = Server::demo(Engine::Sqlite);
    server.restart_with("GRANTOR_LOG_FILTER", "info,authority=debug");
    let world = server.world();
    let hashes = |login: &str, password: &str| {
        let before = said(&server, "a password is verified");
        assert_eq!(Browser::new(&server).sign_in(login, password).status, 401);
        said(&server, "a password is verified") - before
    };
    for (login, password) in [
        (world.admin.login.as_str(), "wrong"),
        ("no-such-user", "wrong"),
        // A user that never has a password.
        ("nightly-export", "wrong"),
        (&world.user.login, "wrong"),
    ] {
        assert_eq!(hashes(login, password), 1, "{login}");
    }
    // After too many wrong passwords, none is verified, whether or not the user exists.
    for login in ["no-such-user", &world.user.login] {
        let refused = |_: &i32| Browser::new(&server).sign_in(login, "wrong").status == 429;
        assert!((0..20).any(|number| refused(&number)), "{login}");
        let before = said(&server, "a password is verified");
        assert_eq!(Browser::new(&server).sign_in(login, "wrong").status, 429);
        assert_eq!(said(&server, "a password is verified"), before);
    }
}
