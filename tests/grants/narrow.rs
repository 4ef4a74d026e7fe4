//! Removing unused scopes from a token.

use serde_json::{Value, json};

use crate::support::{Browser, Server};

const NARROW: &str = "mutation($input: APIAccessTokenNarrowMutationInput!) {
    apiAccessTokenNarrow(input: $input) { scopes } }";

/// Returns the remaining scopes, or the error code.
fn narrow(server: &Server, id: &str, scopes: Option<&[&str]>, token: &str) -> Result<Vec<String>, String> {
    let mut input = json!({ "id": id });
    if let Some(scopes) = scopes {
        input["scopes"] = json!(scopes);
    }
    let answer = server.graphql(NARROW, &json!({ "input": input }), token).1;
    match answer["errors"][0]["extensions"]["code"].as_str() {
        Some(code) => Err(code.to_owned()),
        None => Ok(serde_json::from_value(answer["data"]["apiAccessTokenNarrow"]["scopes"].clone()).unwrap()),
    }
}

fn scopes(server: &Server, secret: &str) -> Value {
    server.grant(secret, &server.world().admin.pat)["Scopes"].clone()
}

/// Exchanges a token of the client for one with these scopes; returns the response.
fn exchanged(server: &Server, token: &str, scope: &str) -> Value {
    let grant_type = "urn:ietf:params:oauth:grant-type:token-exchange";
    let subject = "urn:ietf:params:oauth:token-type:access_token";
    let form = [
        ("grant_type", grant_type),
        ("subject_token", token),
        ("subject_token_type", subject),
        ("scope", scope),
    ];
    server.oauth("token", &exchanger(server), &form).1
}

fn exchanger(server: &Server) -> crate::support::Application {
    let path = server.folder().join("exchanger.json");
    let (client_id, secret) = match std::fs::read_to_string(&path) {
        Ok(secret) => ("exchanger".to_owned(), secret),
        Err(_) => {
            let more = json!({
                "scopes": ["read", "update", "openid"], "referenceTokens": "AUTHENTICATED_USERS",
                "metadata": { "token_exchange": {} },
            });
            let made = server.new_application("exchanger", &more);
            let secret = made.client_secret.unwrap();
            std::fs::write(&path, &secret).unwrap();
            (made.client_id, secret)
        }
    };
    crate::support::Application { client_id, client_secret: Some(secret), redirect_uri: String::new() }
}

on_both_engines! {
    /// A token keeps the scopes that any surface required, and loses the others at once.
    fn a_token_keeps_what_it_has_used(server: &mut Server) {
        let world = server.world();
        let browser = Browser::of(server, &world.user);
        for (used, left) in [("odata", "read"), ("graphql", "read"), ("gate", "update")] {
            let token = browser.token("demo-web", &["read", "update", "openid"], &[]);
            let id = server.grant_id(&token, &world.admin.pat);
            assert_eq!(narrow(server, &id, None, &world.user.pat), Err("CONFLICT".to_owned()), "nothing was used");
            match used {
                "odata" => assert_eq!(server.odata("Systems_Security_AccessTokens?$top=1", &token).status(), 200),
                "graphql" => assert_eq!(server.graphql("{ apiAccessTokens(first: 1) { totalCount } }", &json!({}), &token).0, 200),
                _ => assert_eq!(server.get("/verify?scope=update", Some(&token)).send().unwrap().status(), 200),
            }
            assert_eq!(narrow(server, &id, None, &world.user.pat).unwrap(), [left], "{used}: at once, not when it was written");
            assert_eq!(scopes(server, &token), left);
            let rows = server.rows(&format!("Systems_Security_AccessTokens({id})/GrantedScopes"), &world.admin.pat);
            assert_eq!(rows.len(), 1);
            let other = if left == "read" { "update" } else { "read" };
            let status = |scope| server.get(&format!("/verify?scope={scope}"), Some(&token)).send().unwrap().status().as_u16();
            assert_eq!((status(left), status(other)), (200, 403), "{used}");
        }
        // Reading all rows requires an administrator's rights.
        let admin = Browser::of(server, &world.admin);
        let token = admin.token("grantor-cli", &["read", "update", "sec"], &[]);
        server.rows("Systems_Security_Users", &token);
        let id = server.grant_id(&token, &world.admin.pat);
        assert_eq!(narrow(server, &id, None, &world.admin.pat).unwrap(), ["read", "sec"]);
    }

    /// Only the owner of a token can reduce its scopes, and never extend them.
    fn who_may_narrow_and_to_what(server: &mut Server) {
        let world = server.world();
        let token = Browser::of(server, &world.user).token("demo-web", &["read", "update"], &[]);
        let id = server.grant_id(&token, &world.admin.pat);
        let other = server.grant_id(&world.admin.pat, &world.admin.pat);
        assert_eq!(narrow(server, &other, Some(&["read"]), &world.user.pat), Err("NOT_FOUND".to_owned()));
        assert_eq!(narrow(server, &id, Some(&["read", "openid"]), &world.user.pat), Err("BAD_USER_INPUT".to_owned()));
        assert_eq!(narrow(server, &id, Some(&[]), &world.user.pat), Err("BAD_USER_INPUT".to_owned()));
        assert_eq!(scopes(server, &token), "read update", "a refusal changes nothing");
        assert_eq!(narrow(server, &id, Some(&["read"]), &world.admin.pat).unwrap(), ["read"]);
        assert_eq!(narrow(server, &id, Some(&["read", "update"]), &world.user.pat), Err("BAD_USER_INPUT".to_owned()));
        assert_eq!(narrow(server, &id, Some(&["read"]), &token), Err("INSUFFICIENT_SCOPE".to_owned()));
        assert_eq!(server.revoke(&world.applications.web, &token), 200);
        assert_eq!(narrow(server, &id, Some(&["read"]), &world.user.pat), Err("CONFLICT".to_owned()));
        let cli = server.cli(&["token", "narrow", &id], Some(&world.user.pat)).unwrap_err();
        assert!(cli.contains("only an access token that is valid can be narrowed"), "{cli}");
    }

    /// Descendants of a token lose the scopes too, and an exchange counts as a use.
    fn what_came_from_it_is_narrowed_too(server: &mut Server) {
        let world = server.world();
        exchanger(server);
        let token = Browser::of(server, &world.user).token("exchanger", &["read", "update", "openid"], &[]);
        let child = exchanged(server, &token, "read update")["access_token"].as_str().unwrap().to_owned();
        let id = server.grant_id(&token, &world.admin.pat);
        let kept = server.cli(&["token", "narrow", &id], Some(&world.user.pat)).unwrap();
        assert_eq!(kept.trim(), "read update", "the exchanged token used them");
        assert_eq!(narrow(server, &id, Some(&["read"]), &world.user.pat).unwrap(), ["read"]);
        assert_eq!(scopes(server, &child), "read");
        assert_eq!(server.get("/verify?scope=update", Some(&child)).send().unwrap().status(), 403);
        assert_eq!(exchanged(server, &token, "update")["error"], "invalid_scope");
    }

    /// The page shows used and unused scopes, and removes the unchecked ones.
    fn a_person_narrows_on_the_page(server: &mut Server) {
        let world = server.world();
        let browser = Browser::of(server, &world.user);
        let token = browser.token("demo-web", &["read", "update"], &[("description", "Too much")]);
        server.rows("Systems_Security_AccessTokens?$top=1", &token);
        let id = server.grant_id(&token, &world.admin.pat);
        let action = format!("/tokens/{id}/narrow");
        let page = browser.submit(&browser.open("/tokens"), &action, &[]);
        assert!(page.has("Too much") && page.has("last used") && page.has("never used"), "{}", page.body);
        assert!(page.has("value=\"read\" checked") && !page.has("value=\"update\" checked"));
        let nothing = browser.submit(&page, &action, &[]);
        assert!(nothing.status == 400 && nothing.has("Choose at least one."), "{}", nothing.body);
        assert!(!nothing.has("\" checked") && scopes(server, &token) == "read update");
        let done = browser.submit(&nothing, &action, &[("scope", "read")]);
        assert!(done.path.starts_with("/tokens?") && done.has("The token was narrowed."), "{}", done.body);
        assert_eq!(scopes(server, &token), "read");
        assert!(!done.has(&format!("action=\"{action}\"")), "no unused scope is left");
    }
}
