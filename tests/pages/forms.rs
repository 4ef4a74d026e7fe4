//! Forms are accepted only from our own pages, complete and well formed.

use reqwest::blocking::RequestBuilder;
use reqwest::header::CONTENT_TYPE;

use super::visitor::credentials;
use super::{Answer, Visitor};
use crate::support::Server;

/// A form of the page `from` that would change or show something.
struct Sent {
    path: String,
    fields: Vec<(&'static str, String)>,
}

fn sent(path: &str, fields: &[(&'static str, &str)]) -> Sent {
    let fields = fields.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    Sent { path: path.to_owned(), fields }
}

impl Sent {
    fn with<'a>(&'a self, csrf: &'a str) -> Vec<(&'a str, &'a str)> {
        let fields = self.fields.iter().map(|(name, value)| (*name, value.as_str()));
        fields.chain([("csrf", csrf)]).collect()
    }
}

/// Returns every form that a signed-in user can send.
fn forms(token: &str, user_code: &str) -> Vec<Sent> {
    let made =
        [("client_id", "grantor-cli"), ("description", "Forged"), ("scope", "read"), ("expiry", "never")];
    vec![
        sent("/tokens", &made),
        sent(&format!("/tokens/{token}/revoke"), &[("confirm", "yes")]),
        sent(&format!("/tokens/{token}/revoke"), &[]),
        sent(&format!("/tokens/{token}/narrow"), &[("confirm", "yes"), ("scope", "read")]),
        sent(&format!("/tokens/{token}/hand-over"), &[("login", "ada"), ("confirm", "yes")]),
        sent("/device", &[("user_code", user_code)]),
        sent("/device/decide", &[("user_code", user_code), ("decision", "approve")]),
        sent("/device/decide", &[("user_code", user_code), ("decision", "deny")]),
        sent("/account/password", &[("current", "x"), ("password", "y"), ("password_again", "y")]),
        sent("/account/authenticator", &[]),
        sent("/account/authenticator/confirm", &[("code", "123456")]),
        sent("/account/authenticator/remove", &[]),
        sent("/account/recovery-codes", &[]),
        sent("/account/passkeys", &[("challenge", "x")]),
        sent("/account/passkeys/remove", &[("passkey", "x")]),
        sent("/account/sessions/end", &[("session", "others")]),
        sent("/account/email", &[("email", "eve@example.org")]),
        sent("/account/email/send", &[]),
        sent("/account/providers/unlink", &[("account", "x")]),
        sent("/requests/decide", &[("request", "x"), ("decision", "approve")]),
        sent("/signout", &[]),
    ]
}

/// Targets of forged forms: Ben's tokens, a pending request, and his session.
struct World<'a> {
    server: &'a Server,
    ben: Visitor<'a>,
    token: String,
    user_code: String,
    before: String,
}

impl<'a> World<'a> {
    fn new(server: &'a Server) -> Self {
        let ben = Visitor::signed_in(server, &server.world().user);
        let before = ben.get("/tokens?show=all");
        let token = before.text.split_once("/tokens/0").unwrap().1.split_once('/').unwrap().0;
        let asked = server.post("/id/connect/deviceauthorization", &[("client_id", "grantor-cli")]);
        let asked: serde_json::Value = asked.send().unwrap().json().unwrap();
        let user_code = asked["user_code"].as_str().unwrap().to_owned();
        Self { server, ben, token: format!("0{token}"), user_code, before: before.text }
    }

    fn forms(&self) -> Vec<Sent> {
        forms(&self.token, &self.user_code)
    }

    fn assert_unchanged(&self) {
        let now = self.ben.get("/tokens?show=all");
        assert_eq!(now.status, 200, "the session ended");
        assert_eq!(now.text, self.before, "the tokens changed");
        let waits = self.ben.get(&format!("/device?user_code={}", self.user_code));
        assert!(waits.text.contains("value=\"approve\""), "the request was decided:\n{}", waits.text);
    }
}

fn assert_forged(answer: &Answer, what: &str) {
    assert_eq!(answer.status, 403, "{what}: {}", answer.text);
    assert!(answer.main().contains("This form is no longer valid"), "{what}");
}

on_both_engines! {
    /// Without the anti-forgery value of the same session, a form changes nothing.
    fn forms_from_elsewhere_change_nothing(server: &mut Server) {
        let world = World::new(server);
        let foreign = Visitor::signed_in(server, &server.world().admin).csrf("/tokens");
        let nobodys = Visitor::new(server).csrf("/signin");
        let own = world.ben.csrf("/tokens");
        for form in world.forms() {
            let fields: Vec<_> = form.fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            assert_forged(&world.ben.post(&form.path, &fields), &form.path);
            for value in ["", &foreign, &nobodys, &own[1..], &own.to_uppercase(), &format!("{own} ")] {
                assert_forged(&world.ben.post(&form.path, &form.with(value)), &format!("{} {value}", form.path));
            }
        }
        world.assert_unchanged();
    }

    /// If the browser reports another site as the origin of a form, the right value does not help.
    fn forms_of_other_sites_change_nothing(server: &mut Server) {
        let world = World::new(server);
        let csrf = world.ben.csrf("/tokens");
        let host = server.url.strip_prefix("http://").unwrap();
        let origins = [
            "https://evil.example".to_owned(), "null".to_owned(), String::new(), host.to_owned(),
            format!("http://{host}.evil.example"), format!("http://evil.example#{host}"), format!("ftp://{host}"),
        ];
        let sites = ["cross-site", "same-site", "", "Same-Origin"];
        let headers = origins.iter().map(|origin| ("Origin", origin.as_str()));
        let headers: Vec<_> = headers.chain(sites.map(|site| ("Sec-Fetch-Site", site))).collect();
        for form in world.forms() {
            for (name, value) in &headers {
                let request = server.post(&form.path, &form.with(&csrf)).header(*name, *value);
                assert_forged(&world.ben.send(request), &format!("{} with {name}: {value}", form.path));
            }
        }
        world.assert_unchanged();
        let look_up = sent("/device", &[("user_code", &world.user_code)]);
        for (name, value) in [("Origin", server.url.as_str()), ("Sec-Fetch-Site", "same-origin")] {
            let request = server.post("/device", &look_up.with(&csrf)).header(name, value);
            assert_eq!(world.ben.send(request).status, 200, "{name}: {value}");
        }
    }

    /// A form from another site signs no user in.
    fn signing_in_is_protected_too(server: &mut Server) {
        let world = server.world();
        let fields = credentials(&world.user);
        let visitor = Visitor::new(server);
        let foreign = Visitor::new(server).csrf("/signin");
        assert_forged(&visitor.post("/signin", &fields), "without a cookie");
        let own = visitor.csrf("/signin");
        for value in ["", foreign.as_str()] {
            assert_forged(&visitor.post("/signin", &[&fields[..], &[("csrf", value)]].concat()), value);
        }
        let right = [&fields[..], &[("csrf", own.as_str())]].concat();
        assert_forged(&Visitor::new(server).post("/signin", &right), "only the value");
        assert_forged(&visitor.send(server.post("/signin", &right).header("Origin", "https://evil.example")), "Origin");
        assert_eq!(visitor.get("/tokens").status, 303, "no user is signed in");
        assert_eq!(visitor.post("/signin", &right).status, 303);
        assert_eq!(visitor.get("/tokens").status, 200);
    }

    /// Forms that are too long, truncated or not forms are refused with the right status.
    fn unreadable_forms_are_refused(server: &mut Server) {
        let world = World::new(server);
        let csrf = world.ben.csrf("/tokens");
        for form in world.forms() {
            for (request, status) in unreadable(server, &form, &csrf) {
                let answer = world.ben.send(request);
                assert_eq!(answer.status, status, "{}: {}", form.path, answer.text);
                assert!(answer.main().contains("Nothing was changed."));
            }
        }
        world.assert_unchanged();
        assert_eq!(world.server.get("/health/live", None).send().unwrap().status(), 200);
    }
}

fn unreadable(server: &Server, form: &Sent, csrf: &str) -> Vec<(RequestBuilder, u16)> {
    const FORM: &str = "application/x-www-form-urlencoded";
    let fields = form.with(csrf);
    let encoded: Vec<_> = fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let encoded = encoded.join("&");
    let json =
        serde_json::to_string(&fields.into_iter().collect::<std::collections::BTreeMap<_, _>>()).unwrap();
    let post = |body: Vec<u8>, kind: &str| {
        server.http.post(format!("{}{}", server.url, form.path)).header(CONTENT_TYPE, kind).body(body)
    };
    let with = |more: &[u8]| [encoded.as_bytes(), more].concat();
    vec![
        (post(with(&[b"&x=".as_slice(), &vec![b'a'; 300_000]].concat()), FORM), 413),
        (post(with(b"&x=%ff"), FORM), 400),
        (post(with(b"&x=\xff\xfe"), FORM), 400),
        (post(with(b"&%c3%28=x"), FORM), 400),
        (post(with(b"&x=%00"), FORM), 400),
        (post(with(&b"&x=".repeat(200)), FORM), 400),
        (post(json.into_bytes(), "application/json"), 400),
        (post(with(b""), "text/plain"), 400),
        (post(with(b""), "multipart/form-data; boundary=x"), 400),
        (server.http.post(format!("{}{}", server.url, form.path)).body(encoded.clone()), 400),
    ]
}
