//! The same object by OData, by GraphQL and on the page: the rows are the same.

use serde_json::{Value, json};

use super::{APPLICATIONS, TOKENS, USERS, personal};
use crate::support::{Browser, Server};

/// Members that differ between two rows of the same content.
const OWN: [&str; 8] = [
    "@odata.id",
    "@odata.context",
    "@odata.etag",
    "Id",
    "AccessTokenKey",
    "CreationTimestamp",
    "CreationTimeUtc",
    "AuthorizedTimestamp",
];

fn run(server: &Server, document: &str, input: &Value, token: &str) {
    let (status, answer) = server.graphql(document, &json!({ "input": input }), token);
    assert_eq!((status, &answer["errors"]), (200, &Value::Null), "{input}: {answer}");
}

/// Returns the rows that a filter finds, without what is each row's own.
fn rows(server: &Server, set: &str, filter: &str, token: &str) -> Vec<Value> {
    let query = format!(
        "{set}?$select=default,Id,ObjectVersion,ExternalId,ExternalSystem&$filter={filter}&$orderby=Id"
    );
    let mut rows = server.rows(&query, token);
    for row in &mut rows {
        OWN.iter().for_each(|name| drop(row.as_object_mut().unwrap().remove(*name)));
    }
    rows
}

/// Returns the events of a type, without what is each event's own.
fn events(server: &Server, event_type: &str, token: &str) -> Vec<Value> {
    let mut found = rows(server, "Systems_Security_AuditEvents", &format!("Type eq '{event_type}'"), token);
    for row in &mut found {
        for name in ["TimeUtc", "Grant", "UserAgent", "SubjectUser", "TrustedApplication"] {
            row.as_object_mut().unwrap().remove(name);
        }
    }
    found
}

on_both_engines! {
    fn tokens_are_the_same(server: &mut Server) {
        let world = server.world();
        let pat = &world.user.pat;
        let mut body = personal("same");
        body["ExpireTimestamp"] = json!("2027-08-01T00:00:00Z");
        body["AllowedIPAddresses"] = json!("127.0.0.0/8");
        let since = server.count("Systems_Security_AuditEvents?$filter=Type eq 'TokenCreated'", pat);
        server.created(TOKENS, &body, pat);
        const CREATE: &str = "mutation($input: APIAccessTokenCreateMutationInput!) {
            apiAccessTokenCreate(input: $input) { secret } }";
        let input = json!({
            "kind": "PERSONAL_ACCESS_TOKEN", "clientId": "demo-web", "description": "same", "scopes": ["read", "update"],
            "expiresAt": "2027-08-01T00:00:00Z", "allowedIPAddresses": ["127.0.0.0/8"],
        });
        run(server, CREATE, &input, pat);
        let found = rows(server, TOKENS, "Client eq 'demo-web'", pat);
        let same: Vec<_> = found.iter().filter(|row| row["Description"] == "same").collect();
        assert_eq!(same.len(), 2);
        assert_eq!(same[0], same[1]);
        let events = events(server, "TokenCreated", pat);
        let own = &events[usize::try_from(since).unwrap()..];
        assert_eq!(own.len(), 2);
        assert_eq!(own[0], own[1]);
        // A page creates roots in a session, and has no networks and no end unless they are entered.
        let page = Browser::of(server, &world.user).make_token("demo-web", &["read", "update"], &[("description", "same")]);
        assert_eq!(page.status, 201);
        let found = rows(server, TOKENS, "Client eq 'demo-web'", pat);
        let mut all: Vec<_> = found.into_iter().filter(|row| row["Description"] == "same").collect();
        assert_eq!(all.len(), 3);
        for row in &mut all {
            for name in ["Parent", "Session", "ExpireTimestamp", "AllowedIPAddresses"] {
                row.as_object_mut().unwrap().remove(name);
            }
        }
        assert_eq!((&all[0], &all[1]), (&all[1], &all[2]));
    }

    fn users_and_applications_are_the_same(server: &mut Server) {
        let world = server.world();
        let admin = &world.admin.pat;
        let user = |login: &str| json!({ "Login": login, "Name": "Same", "Email": "same@example.com", "IsAdmin": true });
        server.created(USERS, &user("same.odata"), admin);
        const USER: &str = "mutation($input: UserCreateMutationInput!) { userCreate(input: $input) { user { id } } }";
        let input = json!({ "login": "same.graphql", "name": "Same", "email": "same@example.com", "isAdmin": true });
        run(server, USER, &input, admin);
        let mut found = rows(server, USERS, "Name eq 'Same'", admin);
        found.iter_mut().for_each(|row| drop(row.as_object_mut().unwrap().remove("Login")));
        assert_eq!(found.len(), 2);
        assert_eq!(found[0], found[1]);
        let body = json!({
            "ApplicationUri": "same-odata", "Name": "Same", "Scope": "read update", "Description": "d",
            "ImpersonateLoginUrl": "https://same.example/cb", "ReferenceTokens": "AuthenticatedUsers",
            "ImpersonateAsCommunityUserAllowed": true, "ImpersonateAsInternalUserAllowed": true,
        });
        server.created(APPLICATIONS, &body, admin);
        const CLIENT: &str = "mutation($input: APIApplicationCreateMutationInput!) {
            apiApplicationCreate(input: $input) { apiApplication { id } } }";
        let input = json!({
            "clientId": "same-graphql", "name": "Same", "scopes": ["read", "update"], "description": "d",
            "clientType": "CONFIDENTIAL", "redirectUris": ["https://same.example/cb"],
            "referenceTokens": "AUTHENTICATED_USERS",
        });
        run(server, CLIENT, &input, admin);
        let mut found = rows(server, APPLICATIONS, "Name eq 'Same'", admin);
        found.iter_mut().for_each(|row| drop(row.as_object_mut().unwrap().remove("ApplicationUri")));
        assert_eq!(found.len(), 2);
        assert_eq!(found[0], found[1]);
    }
}
