//! While no user is signed in, no redirect leads to a client that registered itself.

use serde_json::{Value, json};

use crate::support::{Application, Asking, Browser, Ended, Server};

const HOST: &str = "evil.example";

/// Registers a client as a stranger.
fn stranger(server: &Server) -> Application {
    let address = format!("https://{HOST}/phish");
    let body =
        json!({"redirect_uris": [address], "token_endpoint_auth_method": "none", "scope": "openid read"});
    let request = server.http.post(format!("{}/id/connect/register", server.url)).json(&body);
    let made: Value = request.send().unwrap().json().unwrap();
    let client_id = made["client_id"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned();
    Application { client_id, client_secret: None, redirect_uri: address }
}

/// Registers the same client as an administrator.
fn vouched(server: &Server) -> Application {
    let address = format!("https://{HOST}/phish");
    let more = json!({"clientType": "PUBLIC", "redirectUris": [address], "scopes": ["openid", "read"]});
    Application { redirect_uri: address, ..server.new_application("vouched", &more) }
}

/// Each invalid request, or request that requires a page, with its error.
const WRONG: [(&str, &str, &str); 10] = [
    ("scope", "nonsense", "invalid_scope"),
    ("scope", "sec", "invalid_scope"),
    ("response_type", "token", "unsupported_response_type"),
    ("code_challenge", "", "invalid_request"),
    ("claims", "[]", "invalid_request"),
    ("prompt", "maybe", "invalid_request"),
    ("prompt", "none", "login_required"),
    ("resource", "https://nosuch.example", "invalid_target"),
    ("request_uri", "https://evil.example/r", "request_uri_not_supported"),
    ("authorization_details", "x", "invalid_authorization_details"),
];
const MODES: [&str; 8] =
    ["", "query", "fragment", "form_post", "jwt", "query.jwt", "fragment.jwt", "form_post.jwt"];

/// Where the browser goes without a user action.
#[derive(Debug, PartialEq)]
enum Led {
    /// To the client, by a redirect or a posted form.
    Away,
    /// To a page of ours with the host and the error.
    Page,
}

fn led(browser: &Browser, path: &str, error: &str) -> Led {
    match browser.visit(path) {
        Ended::Elsewhere(location) => {
            assert!(location.starts_with(&format!("https://{HOST}/phish")), "{location}");
            Led::Away
        }
        // The page with the form that a script submits.
        Ended::Here(page) if page.status == 200 && page.has("id=\"answer\"") => Led::Away,
        Ended::Here(page) => {
            assert!(
                page.status == 400 && page.has(HOST) && page.has(error),
                "{error}: {} {}",
                page.status,
                page.body
            );
            assert!(page.has("not verified"), "{}", page.body);
            Led::Page
        }
    }
}

on_both_engines! {
    /// All combinations of registration, session, error and response mode.
    fn untrusted_clients_cause_no_redirect(server: &mut Server) {
        server.restart_with("GRANTOR_DYNAMIC_REGISTRATION", "open");
        let (stranger, vouched) = (stranger(server), vouched(server));
        let (signed_out, signed_in) = (Browser::new(server), Browser::of(server, &server.world().user));
        for (name, value, error) in WRONG {
            for mode in MODES {
                let path = |application: &Application| {
                    Asking::of(application, "openid read").with(name, value).with("response_mode", mode).path()
                };
                let what = format!("{name}={value} {mode}");
                assert_eq!(led(&signed_out, &path(&stranger), error), Led::Page, "{what}");
                assert_eq!(led(&signed_out, &path(&vouched), error), Led::Away, "{what}");
                if error != "login_required" {
                    assert_eq!(led(&signed_in, &path(&stranger), error), Led::Away, "{what}");
                    assert_eq!(led(&signed_in, &path(&vouched), error), Led::Away, "{what}");
                }
            }
        }
        let good = Asking::of(&stranger, "openid read").path();
        assert!(signed_out.visit(&good).page().path.starts_with("/signin?"), "a valid request leads to the sign-in page");
        // The user can continue, and the client then gets the same error as before.
        let page = signed_out.visit(&Asking::of(&stranger, "sec").path()).page();
        assert!(page.has("error=invalid_scope") && page.has("state=of"), "{}", page.body);
        let posted = signed_out.visit(&Asking::of(&stranger, "sec").with("response_mode", "form_post").path()).page();
        assert!(posted.has("value=\"invalid_scope\"") && posted.has("action=\"https://evil.example/phish\""), "{}", posted.body);
    }

    /// Nor after a sign-out that ended no session.
    fn untrusted_clients_cause_no_redirect_after_a_sign_out(server: &mut Server) {
        server.restart_with("GRANTOR_DYNAMIC_REGISTRATION", "open");
        let bye = format!("https://{HOST}/bye");
        let body = json!({"redirect_uris": [format!("https://{HOST}/phish")], "post_logout_redirect_uris": [bye]});
        let made: Value = server.http.post(format!("{}/id/connect/register", server.url)).json(&body).send().unwrap().json().unwrap();
        let path = |client_id: &str| {
            format!("/id/connect/endsession?client_id={client_id}&post_logout_redirect_uri=https%3A%2F%2F{HOST}%2Fbye")
        };
        let signed_out = Browser::new(server);
        let (headers, page) = signed_out.look(&path(made["client_id"].as_str().unwrap()));
        assert!(page.contains(&bye) && !headers.contains_key("location") && !headers.contains_key("refresh"), "{page}");
        let more = json!({"clientType": "PUBLIC", "redirectUris": [bye], "postLogoutRedirectUris": [bye]});
        server.new_application("vouched", &more);
        assert!(matches!(signed_out.visit(&path("vouched")), Ended::Elsewhere(_)));
    }
}
