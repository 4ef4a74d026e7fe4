//! A recent and strong sign-in for administrators (RFC 9470).

use reqwest::blocking::Response;
use serde_json::{Value, json};

use crate::support::{Browser, Server};

const CREATE: &str =
    "mutation($login: String!) { userCreate(input: { login: $login, name: \"New\" }) { user { login } } }";

/// Requests to add a user.
fn create(server: &Server, token: &str, login: &str) -> Response {
    let body = json!({ "query": CREATE, "variables": { "login": login } });
    server.http.post(format!("{}/graphql", server.url)).bearer_auth(token).json(&body).send().unwrap()
}

fn is_there(server: &Server, login: &str, reader: &str) -> bool {
    server.count(&format!("Systems_Security_Users?$filter=Login eq '{login}'"), reader) == 1
}

/// Returns the challenge of a refusal.
fn challenge(response: &Response) -> String {
    response.headers()["www-authenticate"].to_str().unwrap().to_owned()
}

/// Returns a token of the command line, the only client with `sec`, for the user of the browser.
fn by_command_line(server: &Server, browser: &Browser) -> String {
    let started = server.start_device("grantor-cli", "read update sec");
    let page = browser.open(&format!("/device?user_code={}", started.user_code));
    browser.submit(&page, "/device/decide", &[("decision", "approve")]);
    server.redeem(&started).unwrap()
}

on_both_engines! {
    /// A token without a sign-in is refused for administration, with a challenge; one with a recent sign-in is
    /// accepted. The age itself is tested in the core (`administration.rs`).
    fn administrators_sign_in_again(server: &mut Server) {
        server.restart_with("GRANTOR_ADMINISTRATION_MAX_AGE", "3600");
        let world = server.world();
        let browser = Browser::of(server, &world.admin);
        let token = &by_command_line(server, &browser);
        let created: Value = create(server, token, "first").json().unwrap();
        assert_eq!(created["data"]["userCreate"]["user"]["login"], "first", "{created}");
        let own = server.grant_id(&world.user.pat, &world.admin.pat);
        let refused = create(server, &world.admin.pat, "second");
        assert_eq!(refused.status(), 401);
        let said = challenge(&refused);
        assert!(said.contains("error=\"insufficient_user_authentication\", max_age=\"3600\""), "{said}");
        let body: Value = refused.json().unwrap();
        assert_eq!(body["errors"][0]["extensions"]["code"], "INSUFFICIENT_USER_AUTHENTICATION", "{body}");
        assert!(body.get("data").is_none(), "{body}");
        let why = server.cli(&["token", "revoke", &own, "--yes"], Some(&world.admin.pat)).unwrap_err();
        assert!(why.contains("a more recent or stronger sign-in is needed"), "{why}");
        assert!(!is_there(server, "second", &world.admin.pat), "nothing was changed");
        assert!(server.accepts(&world.user.pat));
        // Managing one's own grants is not administration, and reading changes nothing.
        let mine = server.grant_id(token, token);
        assert_eq!(create(server, token, "second").status(), 200);
        assert!(is_there(server, "second", &world.admin.pat));
        server.cli(&["token", "revoke", &mine, "--yes"], Some(&world.admin.pat)).unwrap();
    }

    /// The level is checked as well; a page leads to the sign-in, and a client that acts for itself is
    /// exempt.
    fn administrators_sign_in_more_strongly(server: &mut Server) {
        let service = server.register("robot", "REFERENCE", &json!({})).unwrap();
        server.restart_with("GRANTOR_ADMINISTRATION_ACR", "urn:grantor:acr:2");
        let world = server.world();
        let browser = Browser::of(server, &world.admin);
        let refused = create(server, &world.admin.pat, "third");
        assert_eq!(refused.status(), 401);
        let said = challenge(&refused);
        assert!(said.contains("acr_values=\"urn:grantor:acr:2\"") && !said.contains("max_age"), "{said}");
        let other = server.grant_id(&world.user.pat, &world.admin.pat);
        let page = browser.open("/tokens");
        let csrf = page.body.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let form = [("csrf", csrf.as_str()), ("confirm", "yes")];
        let led = browser.send_form(&format!("/tokens/{other}/revoke"), &form);
        assert!(led.path.starts_with("/signin?return_to=%2Ftokens"), "{led:?}");
        assert!(server.accepts(&world.user.pat), "nothing was changed");
        let token = server.client_credentials(&service);
        let refused: Value = create(server, &token, "fourth").json().unwrap();
        assert_eq!(refused["errors"][0]["extensions"]["code"], "INSUFFICIENT_SCOPE", "{refused}");
    }

    /// A mutation that was partly executed before the refusal reports it.
    fn what_was_done_is_told(server: &mut Server) {
        server.restart_with("GRANTOR_ADMINISTRATION_MAX_AGE", "60");
        let world = server.world();
        let document = "mutation($id: ID!) {
            revoked: apiAccessTokenRevoke(input: { id: $id }) { revokedCount }
            user: userCreate(input: { login: \"x\", name: \"X\" }) { user { login } }
        }";
        let token = Browser::of(server, &world.admin).token("demo-web", &["read"], &[]);
        let id = server.grant_id(&token, &world.admin.pat);
        let (status, answer) = server.graphql(document, &json!({ "id": id }), &world.admin.pat);
        assert_eq!((status, &answer["data"]["revoked"]["revokedCount"]), (200, &json!(1)), "{answer}");
        assert_eq!(answer["errors"][0]["extensions"]["maxAge"], 60);
    }

    /// A login at the command line carries the sign-in of its user.
    fn a_device_login_shows_a_sign_in(server: &mut Server) {
        let started = server.start_device("grantor-cli", "read update sec");
        let browser = Browser::of(server, &server.world().admin);
        assert_eq!(browser.decide(&started.user_code, "approve").status, 200);
        let token = server.redeem(&started).unwrap();
        let service = server.world().applications.service;
        let (_, told) = server.oauth("introspect", &service, &[("token", &token)]);
        assert_eq!(told["acr"], "urn:grantor:acr:1", "{told}");
        assert!(told["auth_time"].is_i64());
        server.restart_with("GRANTOR_ADMINISTRATION_MAX_AGE", "600");
        assert_eq!(create(server, &token, "fifth").status(), 200);
    }
}
