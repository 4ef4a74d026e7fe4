//! A device or command-line tool is signed in by a person in a browser (RFC 8628).

use std::cell::Cell;
use std::time::Duration;

use oauth2::{RequestTokenError, Scope, StandardDeviceAuthorizationResponse, TokenResponse as _};

use crate::support::{Browser, Server, http_client, oauth_client};

/// Asks for a code as the native application, through the crate.
fn ask(server: &Server) -> StandardDeviceAuthorizationResponse {
    oauth_client(server, &server.world().applications.native)
        .exchange_device_code()
        .add_scope(Scope::new("read".to_owned()))
        .add_extra_param("description", "Notes on <my> desk")
        .request(&http_client(server))
        .unwrap()
}

on_both_engines! {
    /// The device waits, the person compares and approves, the device has its token.
    fn a_device_is_signed_in(server: &mut Server) {
        let world = server.world();
        let (native, http) = (&world.applications.native, http_client(server));
        let (client, pending) = (oauth_client(server, native), ask(server));
        assert_eq!(pending.verification_uri().as_str(), format!("{}/device", server.url));
        let browser = Browser::of(server, &world.user);
        let waits = Cell::new(0);
        let answer = client.exchange_device_access_token(&pending).request(
            &http,
            |pause| {
                assert_eq!(pause, Duration::from_secs(5));
                waits.set(waits.get() + 1);
                let complete = pending.verification_uri_complete().unwrap().secret();
                let page = browser.open(complete.strip_prefix(&server.url).unwrap());
                for shown in [
                    pending.user_code().secret().as_str(),
                    "Desk notes",
                    "Notes on your own computer",
                    "Notes on &#60;my&#62; desk",
                    "127.0.0.1",
                    "by an administrator",
                ] {
                    assert!(page.has(shown), "{shown} in {}", page.body);
                }
                let done = browser.submit(&page, "/device/decide", &[("decision", "approve")]);
                assert!(done.status == 200 && done.has("Approved"), "{}", done.body);
            },
            None,
        );
        let answer = answer.unwrap();
        assert_eq!(waits.get(), 1, "it was pending once");
        assert_eq!(answer.expires_in(), Some(Duration::from_secs(30 * 86_400)));
        let token = answer.access_token().secret();
        assert!(server.accepts(token));
        let row = server.grant(token, &world.admin.pat);
        assert_eq!(row["Actor"], world.user.login.as_str());
        assert_eq!(row["Description"], "Notes on <my> desk");
        assert_eq!(row["AuthorizedIPAddress"], "127.0.0.1");
        let code = server.grant(pending.device_code().secret(), &world.admin.pat);
        assert_eq!(code["Kind"], "DeviceCode");
        assert!(code["ConsumedTimestamp"].is_string() && code["AuthorizedTimestamp"].is_string());
        let parent = row["Parent"]["@odata.id"].as_str().unwrap();
        assert!(parent.contains(code["Id"].as_str().unwrap()), "{parent}");
    }

    /// Typing the code finds the request as well, however it is written; a code is decided once.
    fn a_person_types_the_code(server: &mut Server) {
        let world = server.world();
        let started = server.start_device("demo-native", "read");
        let visitor = Browser::new(server);
        assert!(visitor.open("/device").path.starts_with("/signin?return_to="), "nobody decides unknown");
        let browser = Browser::of(server, &world.user);
        let typed = started.user_code.to_lowercase().replace('-', " ");
        let page = browser.submit(&browser.open("/device"), "/device", &[("user_code", &typed)]);
        assert!(page.has(&started.user_code), "{}", page.body);
        let denied = browser.submit(&page, "/device/decide", &[("decision", "deny")]);
        assert!(denied.status == 200 && denied.has("Denied"));
        assert_eq!(server.redeem(&started), Err("access_denied".to_owned()));
        let again = browser.submit(&page, "/device/decide", &[("decision", "approve")]);
        assert_eq!(again.status, 409);
        assert_eq!(server.redeem(&started), Err("access_denied".to_owned()));
        let unknown = browser.submit(&browser.open("/device"), "/device", &[("user_code", "BBBB-BBBB")]);
        assert!(unknown.status == 404 && unknown.has("not known"));
    }

    /// Whoever asks too often is slowed down; a code that was exchanged, or belongs to another, is refused.
    fn a_code_is_exchanged_once_by_its_owner(server: &mut Server) {
        let world = server.world();
        let started = server.start_device("demo-native", "read");
        assert_eq!(server.redeem(&started), Err("authorization_pending".to_owned()));
        assert_eq!(server.redeem(&started), Err("slow_down".to_owned()));
        let page = Browser::of(server, &world.user).decide(&started.user_code, "approve");
        assert_eq!(page.status, 200);
        let mut other = started.clone();
        other.client_id = "grantor-cli".to_owned();
        assert_eq!(server.redeem(&other), Err("invalid_grant".to_owned()));
        let token = server.redeem(&started).unwrap();
        assert_eq!(server.redeem(&started), Err("invalid_grant".to_owned()));
        assert!(server.accepts(&token), "a second try does not harm the first");
        assert!(!server.accepts(&started.device_code), "a code is no token");
    }

    /// A code that nobody decided on in time is over, for the device and for the person.
    fn a_code_expires(server: &mut Server) {
        server.restart_with("GRANTOR_DEVICE_CODE_LIFETIME", "2");
        let browser = Browser::of(server, &server.world().user);
        let (client, pending) = (oauth_client(server, &server.world().applications.native), ask(server));
        let page = browser.open(&format!("/device?user_code={}", pending.user_code().secret()));
        std::thread::sleep(Duration::from_millis(2100));
        let late = browser.submit(&page, "/device/decide", &[("decision", "approve")]);
        assert_eq!(late.status, 409, "{}", late.body);
        let asked = client.exchange_device_access_token(&pending);
        let timeout = Some(Duration::from_secs(60));
        let Err(RequestTokenError::ServerResponse(error)) =
            asked.request(&http_client(server), |_| panic!("no second question"), timeout)
        else {
            panic!("a token for an expired code")
        };
        assert_eq!(error.error().to_string(), "expired_token");
    }

    /// A form from elsewhere, or without the page's secret, decides nothing.
    fn a_forged_form_decides_nothing(server: &mut Server) {
        let started = server.start_device("demo-native", "read");
        let browser = Browser::of(server, &server.world().user);
        let cookie = format!("grantor={}", browser.cookie("grantor").unwrap());
        let decision = [("user_code", started.user_code.as_str()), ("decision", "approve")];
        let forged = server.post("/device/decide", &decision).header("cookie", &cookie).send().unwrap();
        assert_eq!(forged.status(), 403);
        let bearer = server.post("/device/decide", &decision).bearer_auth(&server.world().user.pat);
        let page = format!("/signin?return_to=%2Fdevice%3Fuser_code%3D{}", started.user_code);
        assert_eq!(bearer.send().unwrap().headers()["location"], page);
        assert_eq!(server.redeem(&started), Err("authorization_pending".to_owned()));
    }
}
