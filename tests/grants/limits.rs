//! Limits of token creation: a token cannot pass on more than it has.

use serde_json::{Value, json};

use crate::support::{Browser, Server};

const CREATE: &str =
    "mutation($input: APIAccessTokenCreateMutationInput!) { apiAccessTokenCreate(input: $input) {
    secret apiAccessToken { uuid scopes expiresAt description } } }";

/// Creates a personal access token with a token; returns its secret and scopes, or the error code.
pub fn make(server: &Server, with: &str, input: &Value) -> Result<(String, Vec<String>), String> {
    let mut whole = json!({ "kind": "PERSONAL_ACCESS_TOKEN" });
    whole.as_object_mut().unwrap().extend(input.as_object().unwrap().clone());
    let (_, answer) = server.graphql(CREATE, &json!({ "input": whole }), with);
    let made = &answer["data"]["apiAccessTokenCreate"];
    match made["secret"].as_str() {
        Some(secret) => {
            let scopes = made["apiAccessToken"]["scopes"].as_array().unwrap().iter();
            Ok((secret.to_owned(), scopes.map(|scope| scope.as_str().unwrap().to_owned()).collect()))
        }
        None => Err(answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default().to_owned()),
    }
}

on_both_engines! {
    /// Without requested scopes, the new token has the scopes of both the client and the presented token.
    fn a_token_makes_no_stronger_one(server: &mut Server) {
        let world = server.world();
        let cli = |scopes: &[&str]| json!({ "clientId": "grantor-cli", "scopes": scopes });
        let (token, scopes) = make(server, &world.user.pat, &json!({ "clientId": "grantor-cli" })).unwrap();
        assert_eq!(scopes, ["read", "update"], "the application has more");
        assert!(server.accepts(&token));
        assert_eq!(make(server, &world.user.pat, &cli(&["read", "sec"])), Err("FORBIDDEN".to_owned()));
        let (reader, scopes) = make(server, &world.user.pat, &cli(&["read"])).unwrap();
        assert_eq!(scopes, ["read"]);
        assert_eq!(make(server, &reader, &cli(&["read"])), Err("INSUFFICIENT_SCOPE".to_owned()));
        let beyond = json!({ "clientId": "demo-web", "scopes": ["sec"] });
        assert!(make(server, &world.admin.pat, &beyond).is_err(), "the application has no such scope");
        let (whole, _) = make(server, &world.admin.pat, &cli(&["read", "update", "sec"])).unwrap();
        assert_eq!(server.grant(&whole, &world.admin.pat)["Scopes"], "read update sec");
    }

    /// An expiry in the past, or that is no time, is refused.
    fn the_past_is_refused(server: &mut Server) {
        let pat = server.world().user.pat;
        let with = |expires: &str| json!({ "clientId": "demo-web", "expiresAt": expires });
        assert_eq!(make(server, &pat, &with("2020-01-01T00:00:00Z")), Err("BAD_USER_INPUT".to_owned()));
        assert!(make(server, &pat, &with("tomorrow")).is_err());
    }

    /// A date is the start of that day in UTC, as the page announces.
    fn a_date_is_the_beginning_of_its_day(server: &mut Server) {
        let world = server.world();
        let browser = Browser::of(server, &world.user);
        let date = [("expiry", "date"), ("expires_on", "2099-12-31")];
        let token = browser.token("demo-web", &["read"], &date);
        assert_eq!(server.grant(&token, &world.user.pat)["ExpireTimestamp"], "2099-12-31T00:00:00Z");
    }
}
