//! Using several tabs.

use super::form_states::sign_in;
use super::visitor::credentials;
use super::{Answer, Visitor};
use crate::support::Asking;

const ALLOW: [(&str, &str); 2] = [("decision", "allow"), ("scope", "read")];

/// Submits the form of a page that was shown before.
fn send(visitor: &Visitor<'_>, page: &Answer, path: &str, fields: &[(&str, &str)]) -> Answer {
    let own = ["csrf", "request", "return_to"].map(|name| (name, hidden(page, name)));
    let own = own.iter().filter_map(|(name, value)| Some((*name, value.as_deref()?)));
    let fields: Vec<_> = own.chain(fields.iter().copied()).collect();
    visitor.send(visitor.server.post(path, &fields).header("sec-fetch-site", "same-origin"))
}

fn hidden(page: &Answer, name: &str) -> Option<String> {
    let form = page.main().contains(&format!("name=\"{name}\" value=\"")).then_some(page.main())?;
    let value = form.split_once(&format!("name=\"{name}\" value=\""))?.1.split_once('"')?.0;
    Some(value.replace("&#38;", "&"))
}

/// Follows redirects to our own pages.
fn follow(visitor: &Visitor<'_>, mut answer: Answer) -> Answer {
    while answer.status == 303 && answer.header("location").starts_with('/') {
        answer = visitor.get(answer.header("location"));
    }
    answer
}

/// Returns the address of the client to which the browser is sent.
fn leaves_for(answer: &Answer) -> String {
    let refresh = answer.header("refresh").strip_prefix("0; url=").unwrap_or_default();
    format!("{}{refresh}", answer.header("location"))
}

on_both_engines! {
    /// Each of two tabs with the sign-in page returns to its own origin, whichever user signs in first in the
    /// other one.
    fn two_tabs_sign_in(server: &mut Server) {
        let world = server.world();
        for (first, second) in [(&world.user, &world.user), (&world.user, &world.admin)] {
            let visitor = Visitor::new(server);
            let one = visitor.get("/signin?return_to=/device");
            let two = visitor.get("/signin?return_to=/account");
            for (page, to, person) in [(&two, "/account", first), (&one, "/device", second)] {
                let [login, password, _] = credentials(person);
                let entered = send(&visitor, page, "/signin", &[login, password]);
                assert_eq!((entered.status, entered.header("location")), (303, to), "{}", entered.text);
            }
            let page = visitor.get("/account");
            assert!(page.text.contains(&format!("<small>{}</small>", second.login)), "the user who signed in last");
        }
    }

    /// A new browser loads two pages at once, and keeps the cookie of one.
    fn two_tabs_of_a_new_browser(server: &mut Server) {
        let world = server.world();
        let visitor = Visitor::new(server);
        let one = visitor.get("/signin?return_to=/device");
        visitor.cookies.forget("grantor-form");
        let two = visitor.get("/signin?return_to=/account");
        let [login, password, _] = credentials(&world.user);
        assert_eq!(send(&visitor, &two, "/signin", &[login, password]).header("location"), "/account");
        let led = send(&visitor, &one, "/signin", &[login, password]);
        assert_eq!(led.header("location"), "/signin?return_to=%2Fdevice");
        let led = visitor.get(led.header("location"));
        assert_eq!((led.status, led.header("location")), (303, "/device"), "signed in: the request continues");
    }

    /// A consent page stays valid when the user signs in again, and is shown again to any other user.
    fn consent_in_another_tab(server: &mut Server) {
        let world = server.world();
        let board = server.new_application("board", &serde_json::json!({}));
        let path = Asking::of(&board, "read").path();
        let decide = "/id/connect/authorize/decide";

        let visitor = Visitor::signed_in(server, &world.user);
        let page = visitor.get(&path);
        sign_in(&visitor, &world.user);
        let allowed = send(&visitor, &page, decide, &ALLOW);
        assert!(leaves_for(&allowed).contains("code="), "{} {}", allowed.status, allowed.text);

        let page = visitor.get(&format!("{path}&prompt=consent"));
        sign_in(&visitor, &world.admin);
        let led = send(&visitor, &page, decide, &ALLOW);
        assert!(led.status == 303 && led.header("location").starts_with("/id/connect/authorize?"), "{}", led.text);
        let asked = follow(&visitor, led);
        let who = format!("You are <b>{}</b>", world.admin.login);
        assert!(asked.text.replace("<bdi>", "").replace("</bdi>", "").contains(&who), "{}", asked.text);

        visitor.cookies.forget("grantor");
        let led = follow(&visitor, send(&visitor, &asked, decide, &ALLOW));
        let [login, password, _] = credentials(&world.admin);
        let asked = follow(&visitor, send(&visitor, &led, "/signin", &[login, password]));
        let allowed = send(&visitor, &asked, decide, &ALLOW);
        assert!(leaves_for(&allowed).contains("code="), "{} {}", allowed.status, allowed.text);
    }

    /// Signing out in two tabs, and confirming it after the session ended, works.
    fn two_tabs_sign_out(server: &mut Server) {
        let world = server.world();
        let visitor = Visitor::signed_in(server, &world.user);
        let (one, two, question) = (visitor.get("/tokens"), visitor.get("/account"), visitor.get("/id/connect/endsession"));
        let csrf = one.hidden("csrf").to_owned();
        assert_eq!(csrf, two.hidden("csrf"));
        for _ in 0..2 {
            let left = visitor.post("/signout", &[("csrf", &csrf)]);
            assert_eq!((left.status, left.header("location")), (303, "/"));
        }
        let left = send(&visitor, &question, "/id/connect/endsession/confirm", &[]);
        assert!(left.status == 200 && left.text.contains("You are signed out"), "{} {}", left.status, left.text);
    }

    /// The page to approve a device is shown again after the session ended, with its code.
    fn a_device_is_approved_late(server: &mut Server) {
        let world = server.world();
        let started = server.start_device("demo-native", "read");
        let visitor = Visitor::signed_in(server, &world.user);
        let path = format!("/device?user_code={}", started.user_code);
        let page = visitor.get(&path);
        visitor.cookies.forget("grantor");
        let approve = [("user_code", started.user_code.as_str()), ("decision", "approve")];
        let led = follow(&visitor, send(&visitor, &page, "/device/decide", &approve));
        let [login, password, _] = credentials(&world.admin);
        let entered = send(&visitor, &led, "/signin", &[login, password]);
        assert_eq!(entered.header("location"), path);
        let led = send(&visitor, &page, "/device/decide", &approve);
        assert_eq!((led.status, led.header("location")), (303, path.as_str()), "the form was shown to another user");
        assert_eq!(server.redeem(&started), Err("authorization_pending".to_owned()), "nothing was decided");
        let approved = send(&visitor, &visitor.get(&path), "/device/decide", &approve);
        assert_eq!(approved.status, 200, "{}", approved.text);
    }

    /// A second-factor code is required of the user whose password was entered last, and of no other.
    fn codes_belong_to_a_person(server: &mut Server) {
        let world = server.world();
        let visitor = Visitor::signed_in(server, &world.user);
        let csrf = visitor.csrf("/tokens");
        sign_in(&visitor, &world.admin);
        let sent = [("csrf", csrf.as_str()), ("code", "123456"), ("return_to", "/device")];
        let led = visitor.post("/signin/code", &sent);
        assert_eq!((led.status, led.header("location")), (303, "/signin/code?return_to=%2Fdevice"));
    }
}
