//! After signing in, a user returns to the original page, and never to another site.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::Visitor;
use crate::support::{Person, Server};

const ELSEWHERE: [&str; 16] = [
    "https://evil.example",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "evil.example",
    "javascript:alert(1)",
    "https:/evil.example",
    "@evil.example",
    "",
    "/\u{202e}x",
    "/x\r\nSet-Cookie: grantor=x",
];

fn goes_to(server: &Server, person: &Person, return_to: &str) -> String {
    let visitor = Visitor::new(server);
    let fields = [("login", person.login.as_str()), ("password", &person.password), ("return_to", return_to)];
    let entered = visitor.post_after("/signin", "/signin", &fields);
    assert_eq!(entered.status, 303, "{return_to}");
    entered.header("location").to_owned()
}

on_both_engines! {
    /// A hostile link cannot redirect a user elsewhere, neither during the sign-in nor with an existing
    /// session.
    fn nobody_is_sent_elsewhere(server: &mut Server) {
        let ben = server.world().user;
        let signed_in = Visitor::signed_in(server, &ben);
        for place in ELSEWHERE {
            assert_eq!(goes_to(server, &ben, place), "/tokens", "{place:?}");
            let encoded = utf8_percent_encode(place, NON_ALPHANUMERIC);
            let path = &format!("/signin?return_to={encoded}");
            let answer = signed_in.get(path);
            assert_eq!((answer.status, answer.header("location")), (303, "/tokens"), "{place:?}");
            let form = Visitor::new(server).get(path);
            assert_eq!((form.status, form.hidden("return_to")), (200, "/tokens"), "{place:?}");
        }
        assert_eq!(goes_to(server, &ben, "/device?user_code=BCDF-GHJK"), "/device?user_code=BCDF-GHJK");
    }

    /// A user whose session has ended is led to a page, not to an address that accepts only forms.
    fn a_form_leads_back_to_its_page(server: &mut Server) {
        let anonymous = Visitor::new(server);
        let device = "/device?user_code=BCDF-GHJK";
        for (path, page, status) in [
            ("/tokens", "/tokens/new", 200), ("/tokens/x/revoke", "/tokens", 200), ("/device", device, 404), ("/device/decide", device, 404),
        ] {
            let answer = anonymous.post(path, &[("user_code", "BCDF-GHJK")]);
            let encoded = page.replace('/', "%2F").replace('?', "%3F").replace('=', "%3D");
            assert_eq!((answer.status, answer.header("location")), (303, format!("/signin?return_to={encoded}").as_str()));
            assert_eq!(Visitor::signed_in(server, &server.world().user).get(page).status, status, "{page}");
        }
    }
}
