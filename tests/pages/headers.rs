//! Response headers of the pages.

use super::{Answer, Visitor};
use crate::support::{Engine, Server};

fn assert_protected(answer: &Answer, what: &str) {
    let policy = answer.header("content-security-policy");
    for rule in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"] {
        assert!(policy.contains(rule), "{what}: {rule} in {policy}");
    }
    assert!(!policy.contains("unsafe") && !policy.contains('*'), "{what}: {policy}");
    for (name, value) in [
        ("x-frame-options", "DENY"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cache-control", "no-store"),
    ] {
        assert_eq!(answer.header(name), value, "{what}: {name}");
    }
}

on_both_engines! {
    /// Pages, redirects and refusals cannot be framed or cached, and load no foreign content.
    fn every_answer_is_protected(server: &mut Server) {
        let world = server.world();
        let paths = [
            ("/", 200, 303), ("/signin", 200, 303), ("/tokens", 303, 200), ("/tokens?show=all", 303, 200),
            ("/tokens/new", 303, 200), ("/device", 303, 200), ("/device?user_code=BCDF-GHJK", 303, 404),
            ("/setup/unknown", 404, 404), ("/setup/%ff", 404, 404), ("/nowhere", 404, 404), ("/static/", 404, 404),
            ("/tokens/%ff/revoke", 405, 405), ("/signout", 405, 405), ("/device/decide", 405, 405),
        ];
        let (anonymous, ben) = (Visitor::new(server), Visitor::signed_in(server, &world.user));
        for (path, without, within) in paths {
            for (visitor, status) in [(&anonymous, without), (&ben, within)] {
                let answer = visitor.get(path);
                assert_eq!(answer.status, status, "{path}");
                assert_protected(&answer, path);
            }
        }
        for (path, status) in [("/tokens", 403), ("/tokens/new", 405), ("/", 405), ("/nowhere", 404), ("/signout", 403)] {
            let answer = ben.post(path, &[]);
            assert_eq!(answer.status, status, "POST {path}");
            assert_protected(&answer, path);
        }
    }

    /// Not found and method not allowed are pages.
    fn refusals_are_pages(server: &mut Server) {
        let anonymous = Visitor::new(server);
        let unknown = anonymous.get("/no/such%2fpage?x=<script>");
        assert_eq!((unknown.status, unknown.header("content-type")), (404, "text/html; charset=utf-8"));
        assert!(unknown.main().contains("There is no such page") && !unknown.text.contains("<script>"));
        for (path, allowed) in [("/signout", "POST"), ("/device/decide", "POST"), ("/tokens/x/revoke", "POST")] {
            let answer = anonymous.get(path);
            assert_eq!((answer.status, answer.header("allow")), (405, allowed), "{path}");
            assert!(answer.main().contains("This page cannot be opened in this way"), "{path}");
        }
    }
}

/// Over plain http, cookies cannot be `Secure`; everything else is the same.
#[test]
fn cookies_are_out_of_reach() {
    let server = Server::demo(Engine::Sqlite);
    let anonymous = Visitor::new(&server);
    let form = anonymous.get("/signin");
    assert_eq!(form.header("strict-transport-security"), "", "RFC 6797, section 7.2");
    assert_eq!(form.cookies().len(), 1);
    assert!(form.cookies()[0].starts_with("grantor-form="));
    let lasting = "; Path=/; HttpOnly; SameSite=Lax; Max-Age=34560000";
    assert!(form.cookies()[0].ends_with(lasting), "{:?}", form.cookies());
    let world = server.world();
    let fields = super::visitor::credentials(&world.user);
    let entered = anonymous.post_after("/signin", "/signin", &fields);
    assert!(entered.cookies()[0].starts_with("grantor="));
    assert!(entered.cookies()[0].ends_with("; Path=/; HttpOnly; SameSite=Lax"), "{:?}", entered.cookies());
    let left = anonymous.post_after("/tokens", "/signout", &[]);
    assert_eq!(left.cookies(), ["grantor=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"]);
}

/// Behind https, cookies belong to the host only, and forms come from the public address.
#[test]
fn cookies_are_the_hosts_alone_behind_https() {
    let server = Server::start(Engine::Sqlite, &["--demo", "--public-url", "https://id.example.test"]);
    let anonymous = Visitor::new(&server);
    let world = server.world();
    let fields = super::visitor::credentials(&world.user);
    let form = anonymous.get("/signin");
    let csrf = form.hidden("csrf").to_owned();
    let fields = [&fields[..], &[("csrf", csrf.as_str())]].concat();
    let foreign = server.post("/signin", &fields).header("Origin", "https://id.example.test.evil.example");
    assert_eq!(anonymous.send(foreign).status, 403);
    let entered = anonymous.send(server.post("/signin", &fields).header("Origin", "https://id.example.test"));
    assert_eq!(entered.status, 303);
    for (answer, name) in [(&form, "__Host-grantor-form="), (&entered, "__Host-grantor=")] {
        let cookies = answer.cookies();
        assert!(cookies.iter().any(|cookie| cookie.starts_with(name)), "{cookies:?}");
        for cookie in cookies {
            assert!(cookie.starts_with("__Host-"), "{cookie}");
            assert!(cookie.contains("; Path=/; HttpOnly; SameSite=Lax"), "{cookie}");
            assert!(cookie.split("; ").any(|part| part == "Secure"), "{cookie}");
            assert!(!cookie.contains("Domain"), "{cookie}");
        }
    }
    assert_eq!(anonymous.get("/tokens").status, 200);
    for path in
        ["/", "/health/live", "/id/.well-known/openid-configuration", "/api/domain/odata/", "/nowhere"]
    {
        assert_eq!(anonymous.get(path).header("strict-transport-security"), "max-age=31536000", "{path}");
    }
}

/// The files of the pages have their hash in their name and are cached permanently.
#[test]
fn files_are_kept_for_good() {
    let server = Server::demo(Engine::Sqlite);
    let visitor = Visitor::new(&server);
    let start = visitor.get("/");
    let files: Vec<_> = start.text.split('"').filter(|part| part.starts_with("/static/")).collect();
    assert!(files.len() >= 2, "{files:?}");
    for file in files {
        let answer = visitor.get(file);
        assert_eq!(
            (answer.status, answer.header("cache-control")),
            (200, "public, max-age=31536000, immutable")
        );
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert!(answer.cookies().is_empty());
    }
}
