//! A client that registered itself cannot impersonate one of the organization.

use serde_json::{Value, json};

use super::change;
use crate::support::{Application, Asking, Browser, Server};

fn register(server: &Server, name: &str, redirect_uri: &str) -> Value {
    let body =
        json!({ "client_name": name, "redirect_uris": [redirect_uri], "token_endpoint_auth_method": "none" });
    let response =
        server.http.post(format!("{}/id/connect/register", server.url)).json(&body).send().unwrap();
    response.json().unwrap()
}

const ADDRESS: &str = "http://127.0.0.1:8765/callback";
const MARK: &str = "This is not the application Team board of your organisation";

on_both_engines! {
    /// A name that looks like a known one is marked where users decide, whichever was registered first.
    fn an_imitation_is_marked(server: &mut Server) {
        server.restart_with("GRANTOR_DYNAMIC_REGISTRATION", "open");
        let refused = register(server, "Notes\u{202e} ecafruoy", ADDRESS);
        assert!(refused["error_description"].as_str().unwrap().contains("U+202E"), "{refused}");
        let page = |made: &Value| {
            let application = Application {
                client_id: made["client_id"].as_str().unwrap().to_owned(),
                client_secret: None,
                redirect_uri: ADDRESS.to_owned(),
            };
            let browser = Browser::of(server, &server.world().user);
            let consent = browser.visit(&Asking::of(&application, "openid read").path()).page();
            let started = server.start_device(&application.client_id, "read");
            let approval = browser.open(&format!("/device?user_code={}", started.user_code));
            assert_eq!(consent.has("This is not the application"), approval.has("This is not the application"));
            consent
        };
        for name in ["Team board", "team  BOARD!", "Te\u{430}m b\u{43e}ard", "The Team board", "T\u{e9}am b\u{f6}ard"] {
            let consent = page(&register(server, name, ADDRESS));
            assert!(consent.has(MARK), "{name}: {}", consent.body);
        }
        for name in ["Grantor", "The Gr\u{e4}ntor sign-in"] {
            let consent = page(&register(server, name, ADDRESS));
            assert!(consent.has("This is not the application Grantor"), "{name}: {}", consent.body);
        }
        let own = register(server, "Weather", ADDRESS);
        assert!(!page(&own).has("This is not the application"));
        let input = json!({ "clientId": "weather", "name": "W\u{435}ather", "clientType": "PUBLIC", "scopes": ["read"] });
        change(server, "apiApplicationCreate", "APIApplicationCreateMutationInput", &input, "apiApplication { id }").unwrap();
        assert!(page(&own).has("This is not the application"), "a later client counts as well");
        let web = server.world().applications.web;
        let known = Browser::of(server, &server.world().user).visit(&Asking::of(&web, "openid").with("prompt", "consent").path()).page();
        assert!(known.has("Team board") && !known.has("This is not"), "{}", known.body);
    }

    /// No new client id can be confused with an existing one.
    fn client_ids_do_not_look_alike(server: &mut Server) {
        let create = |client_id: &str| {
            let input = json!({ "clientId": client_id, "name": "x", "clientType": "PUBLIC", "scopes": ["read"] });
            change(server, "apiApplicationCreate", "APIApplicationCreateMutationInput", &input, "apiApplication { id }")
        };
        assert!(create("App-1").is_ok());
        for other in ["App-1", "app-1", "APP-l", "app-I"] {
            assert!(create(other).unwrap_err().contains("client id"), "{other}");
        }
        assert!(create("app-2").is_ok());
    }
}
