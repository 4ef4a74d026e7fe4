//! Every form of every page, in every state in which a browser can send it.

use super::{Answer, Visitor};
use crate::attacks::posted_to;
use crate::support::Person;

/// The user for whom a form acts, and the result if it can no longer act for that user.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    /// It identifies its user itself.
    Enters,
    /// It acts for the user who opened it.
    Acts,
    /// It answers a request, which can be shown again.
    Answers,
    /// It requests the content of a page again.
    Code,
    /// It ends the session.
    SignsOut,
}

/// Returns the kind of each form; an unknown form fails the test.
fn kind(action: &str) -> Kind {
    match action.trim_start_matches('/').split('/').collect::<Vec<_>>()[..] {
        ["signin"] | ["signin", "passkey" | "forgot"] | ["mail", ..] | ["setup", _] => Kind::Enters,
        ["signin", "code"] => Kind::Code,
        ["signout"] => Kind::SignsOut,
        ["device"] | ["device", "decide"] | ["id", "connect", ..] => Kind::Answers,
        ["tokens" | "account" | "users" | "catalogue" | "requests", ..] => Kind::Acts,
        _ => panic!("what is {action}?"),
    }
}

/// What happened in the browser since the form was shown.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Since {
    SamePersonSignedIn,
    OtherPersonSignedIn,
    SignedOut,
    SessionOver,
    CookiesLost,
    OtherBrowserCookie,
}

const SINCE: [Since; 6] = [
    Since::SamePersonSignedIn,
    Since::OtherPersonSignedIn,
    Since::SignedOut,
    Since::SessionOver,
    Since::CookiesLost,
    Since::OtherBrowserCookie,
];

impl Since {
    fn happens(self, visitor: &Visitor<'_>, person: &Person, other: &Person) {
        match self {
            Self::SamePersonSignedIn => sign_in(visitor, person),
            Self::OtherPersonSignedIn => sign_in(visitor, other),
            Self::SignedOut => assert_eq!(visitor.post_after("/tokens", "/signout", &[]).status, 303),
            // The browser keeps the cookie, but the server no longer knows the session.
            Self::SessionOver => {
                visitor.cookies.set("grantor", &visitor.cookies.get("grantor-form").unwrap());
            }
            Self::CookiesLost => {
                ["grantor", "grantor-form"].into_iter().for_each(|name| visitor.cookies.forget(name));
            }
            Self::OtherBrowserCookie => {
                visitor.cookies.forget("grantor-form");
                visitor.get("/signin?again=1");
            }
        }
    }
}

pub fn sign_in(visitor: &Visitor<'_>, person: &Person) {
    let fields = super::visitor::credentials(person);
    assert_eq!(visitor.post_after("/signin?again=1", "/signin", &fields).status, 303);
}

/// The fields of each kind of form, in addition to its anti-forgery value.
const FIELDS: [(&str, &str); 6] = [
    ("return_to", "/device"),
    ("request", "client_id=unknown"),
    ("user_code", "BCDF-GHJK"),
    ("decision", "allow"),
    ("confirm", "yes"),
    ("session", "others"),
];

fn assert_answer(kind: Kind, since: Since, by_browser: bool, answer: &Answer, what: &str) {
    let (status, location) = (answer.status, answer.header("location"));
    let forged = status == 403 && answer.text.contains("This form is no longer valid");
    let other = status == 403 && answer.text.contains("Another person is signed in now");
    let way_on = answer.text.contains("Open the page again");
    let is_led = status == 303 && !location.is_empty();
    let good = match (kind, since) {
        (_, Since::SamePersonSignedIn) => !forged && !other,
        // Forms that lost their browser cookie are accepted if the browser reports this site as their origin.
        (Kind::Enters, Since::CookiesLost | Since::OtherBrowserCookie) => {
            if by_browser {
                is_led || status == 404
            } else {
                forged && way_on
            }
        }
        (Kind::Enters, _) => !forged && !other,
        (Kind::Acts | Kind::SignsOut, Since::OtherPersonSignedIn) => other && way_on,
        (Kind::Acts | Kind::SignsOut, Since::OtherBrowserCookie) => forged && way_on,
        (Kind::Acts, _) => is_led && location.starts_with("/signin?return_to=%2F"),
        (Kind::SignsOut, _) => is_led && location == "/",
        (Kind::Answers | Kind::Code, Since::CookiesLost | Since::OtherBrowserCookie) if !by_browser => {
            (forged && way_on) || (is_led && location.starts_with("/signin?return_to=%2Fdevice"))
        }
        (Kind::Answers | Kind::Code, _) => is_led || answer.text.contains("You are signed out"),
    };
    assert!(good, "{what}: {status} {location}\n{}", answer.text);
}

on_both_engines! {
    /// A late form continues: it acts for the user who opened it or for no user, and leads to the next page.
    fn every_form_leads_on(server: &mut Server) {
        let world = server.world();
        let mut actions = posted_to();
        actions.retain(|action| action.starts_with('/'));
        assert!(actions.len() >= 20, "{actions:?}");
        // Their secrets are part of the URL.
        actions.extend(["/setup/x", "/mail/confirm/x", "/mail/reset/x"].map(str::to_owned));
        let mut actions: Vec<_> = actions.into_iter().collect();
        // Forms that sign out are last, because they end what the others need.
        actions.sort_by_key(|action| (action.contains("endsession"), action == "/signout"));
        for since in SINCE {
            for by_browser in [false, true] {
                let visitor = Visitor::signed_in(server, &world.admin);
                let csrf = visitor.csrf("/tokens");
                since.happens(&visitor, &world.admin, &world.user);
                let fields: Vec<_> = FIELDS.into_iter().chain([("csrf", csrf.as_str())]).collect();
                for action in &actions {
                    let request = server.post(action, &fields);
                    let request = if by_browser { request.header("sec-fetch-site", "same-origin") } else { request };
                    let answer = visitor.send(request);
                    let what = format!("{action} {since:?} {by_browser}");
                    assert_answer(kind(action), since, by_browser, &answer, &what);
                }
            }
        }
    }
}
