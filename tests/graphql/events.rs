//! Events are visible to the users whom they concern, in both APIs.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::{Browser, Server};

const EVENTS: &str = "{ auditEvents(first: 100, orderBy: { field: TIME, direction: DESC }) { totalCount nodes { type subjectType time data
    actor { login } subjectUser { login } application { clientId } subject { __typename id } context { ipAddress userAgent } } } }";

fn events(server: &Server, token: &str) -> Vec<Value> {
    let (status, mut answer) = server.graphql(EVENTS, &json!({}), token);
    assert_eq!((status, &answer["errors"]), (200, &Value::Null), "{answer}");
    let Value::Array(nodes) = answer["data"]["auditEvents"]["nodes"].take() else { panic!("{answer}") };
    nodes
}

const ACTORS: &str = "$expand=ActorGrant($select=Id),ActorApplication($select=ApplicationUri),ActorUser($select=Login)&$top=200";

/// Returns the identifiers of the events so far.
fn newest(server: &Server) -> BTreeSet<String> {
    let rows = server.rows("Systems_Security_AuditEvents?$select=Id&$top=1000", &server.world().admin.pat);
    rows.iter().map(|row| row["Id"].as_str().unwrap().to_owned()).collect()
}

/// Returns the later events with their actors.
fn since(server: &Server, before: &BTreeSet<String>) -> Vec<Value> {
    let query = format!("Systems_Security_AuditEvents?$select=Id,Type&$orderby=TimeUtc desc&{ACTORS}");
    let mut rows = server.rows(&query, &server.world().admin.pat);
    rows.retain(|row| !before.contains(row["Id"].as_str().unwrap()));
    rows
}

on_both_engines! {
    fn changes_leave_events(server: &mut Server) {
        let (admin, user) = (server.world().admin.pat, server.world().user.pat);
        let create = "mutation { apiAccessTokenCreate(input: { kind: PERSONAL_ACCESS_TOKEN, clientId: \"demo-web\", description: \"seen\", scopes: [\"read\"] }) { secret apiAccessToken { id } } }";
        let (_, created) = server.graphql(create, &json!({}), &user);
        let created = &created["data"]["apiAccessTokenCreate"];
        let (secret, id) = (created["secret"].as_str().unwrap(), &created["apiAccessToken"]["id"]);
        let event = events(server, &user).into_iter().find(|event| event["type"] == "TOKEN_CREATED").unwrap();
        assert_eq!(event["actor"]["login"], "ben");
        assert_eq!(event["subject"], json!({ "__typename": "APIAccessToken", "id": id }));
        assert_eq!(event["application"]["clientId"], "demo-web");
        assert_eq!(event["context"]["ipAddress"], "127.0.0.1");
        assert_eq!(event["data"]["description"], "seen");
        assert!(!event.to_string().contains(secret), "no secret");
        let revoke = "mutation($id: ID!) { apiAccessTokenRevoke(input: { id: $id }) { revokedCount } }";
        server.graphql(revoke, &json!({ "id": id }), &admin);
        let event = events(server, &user).into_iter().find(|event| event["type"] == "GRANT_REVOKED").unwrap();
        assert_eq!((&event["subjectUser"]["login"], &event["actor"]), (&json!("ben"), &Value::Null), "events of others are not visible");
        let event = events(server, &admin).into_iter().find(|event| event["type"] == "GRANT_REVOKED").unwrap();
        assert_eq!(event["actor"]["login"], "ada");
        // A refused change records no event.
        let before = server.count("Systems_Security_AuditEvents", &admin);
        server.graphql(revoke, &json!({ "id": "0198c5f2-7f3a-7c44-9d2f-3b1f0a5e6c7d" }), &admin);
        assert_eq!(server.count("Systems_Security_AuditEvents", &admin), before);
    }

    fn users_see_their_own_events(server: &mut Server) {
        let (admin, user) = (server.world().admin.pat, server.world().user.pat);
        let own = events(server, &user);
        assert!(!own.is_empty() && own.iter().all(|event| event["actor"]["login"] == "ben" || event["subjectUser"]["login"] == "ben"));
        let (all, mine) = (server.count("Systems_Security_AuditEvents", &admin), server.count("Systems_Security_AuditEvents", &user));
        assert!(mine < all, "{mine} of {all}");
        assert_eq!(usize::try_from(mine).unwrap(), own.len(), "both APIs return the same");
        let filtered = server.count("Systems_Security_AuditEvents?$filter=Type eq 'SignedIn'", &admin);
        let (_, answer) = server.graphql("{ auditEvents(filter: { type: { eq: SIGNED_IN } }) { totalCount } }", &json!({}), &admin);
        assert_eq!(answer["data"]["auditEvents"]["totalCount"], filtered);
    }

    /// Tokens that clients obtain are recorded only if the operator enables it.
    fn issuing_is_recorded_where_that_is_set(server: &mut Server) {
        let admin = server.world().admin.pat;
        let issued = |server: &Server| server.count("Systems_Security_AuditEvents?$filter=Type eq 'TokenIssued'", &admin);
        let obtain = |server: &Server| {
            let service = server.world().applications.service;
            let form = [("grant_type", "client_credentials"), ("client_id", &service.client_id), ("client_secret", service.client_secret.as_deref().unwrap())];
            let response = server.http.post(format!("{}/id/connect/token", server.url)).form(&form).send().unwrap();
            assert_eq!(response.status(), 200);
        };
        obtain(server);
        assert_eq!(issued(server), 0);
        server.restart_with("GRANTOR_AUDIT_ISSUED_TOKENS", "true");
        obtain(server);
        assert_eq!(issued(server), 1);
    }

    /// The event of every action with a token names the token and its client.
    fn events_name_the_token_by_which_it_was_done(server: &mut Server) {
        server.restart_with("GRANTOR_DYNAMIC_REGISTRATION", "token");
        server.restart_with("GRANTOR_AUDIT_ISSUED_TOKENS", "true");
        let world = server.world();
        let admin = Browser::of(server, &world.admin).token("grantor-cli", &["read", "update", "sec"], &[]);
        let token_id = server.grant_id(&admin, &world.admin.pat);
        let began = newest(server);
        let mut done = BTreeSet::new();
        let mut run = |mutation: &str, input: &Value, wanted: &str| -> Value {
            let name = mutation.strip_prefix("api").map_or_else(
                || format!("{}{}", mutation[..1].to_uppercase(), &mutation[1..]),
                |rest| format!("API{rest}"),
            );
            let document = format!("mutation($input: {name}MutationInput!) {{ {mutation}(input: $input) {{ {wanted} }} }}");
            let (status, mut answer) = server.graphql(&document, &json!({ "input": input }), &admin);
            assert_eq!((status, &answer["errors"]), (200, &Value::Null), "{mutation}: {answer}");
            done.insert(mutation.to_owned());
            answer["data"][mutation].take()
        };
        let create = json!({ "kind": "PERSONAL_ACCESS_TOKEN", "clientId": "grantor-cli", "scopes": ["read", "update"] });
        let token = |made: &Value| made["apiAccessToken"]["id"].clone();
        let one = token(&run("apiAccessTokenCreate", &create, "apiAccessToken { id }"));
        run("apiAccessTokenUpdate", &json!({ "id": one, "description": "changed" }), "apiAccessToken { id }");
        run("apiAccessTokenNarrow", &json!({ "id": one, "scopes": ["read"] }), "scopes");
        let next = token(&run("apiAccessTokenRotate", &json!({ "id": one }), "apiAccessToken { id }"));
        run("apiAccessTokenRevoke", &json!({ "id": next }), "revokedCount");
        let two = token(&run("apiAccessTokenCreate", &json!({ "kind": "SERVICE_ACCESS_TOKEN", "clientId": "demo-service", "description": "many" }), "apiAccessToken { id }"));
        run("apiAccessTokenHandOver", &json!({ "id": two, "login": "ada" }), "apiAccessToken { id }");
        let filter = json!({ "kind": { "eq": "SERVICE_ACCESS_TOKEN" }, "createdBy": { "login": { "eq": "ada" } } });
        let shown = run("apiAccessTokensRevoke", &json!({ "filter": filter, "dryRun": true }), "confirmation");
        run("apiAccessTokensRevoke", &json!({ "filter": filter, "dryRun": false, "confirmation": shown["confirmation"] }), "revokedCount");
        let application = json!({ "clientId": "walk", "name": "Walk", "clientType": "CONFIDENTIAL", "scopes": ["read"] });
        let application = run("apiApplicationCreate", &application, "apiApplication { id }")["apiApplication"]["id"].clone();
        run("apiApplicationUpdate", &json!({ "id": application, "name": "Walked" }), "apiApplication { id }");
        run("apiApplicationRotateSecret", &json!({ "clientId": "walk" }), "clientSecret");
        run("apiApplicationDelete", &json!({ "id": application }), "grantCount");
        run("apiApplicationRegistrationTokenCreate", &json!({ "uses": 1 }), "secret");
        run("apiScopeCreate", &json!({ "name": "walk", "displayName": "Walk" }), "apiScope { name }");
        run("apiScopeUpdate", &json!({ "name": "walk", "displayName": "Walk on" }), "apiScope { name }");
        run("apiResourceCreate", &json!({ "identifier": "https://walk.example/", "name": "Walk" }), "apiResource { identifier }");
        run("apiResourceUpdate", &json!({ "identifier": "https://walk.example/", "name": "Walk on" }), "apiResource { identifier }");
        run("userCreate", &json!({ "login": "walker", "name": "Walker", "password": "a long walk at night" }), "user { login }");
        run("userSecondFactorReset", &json!({ "login": "ben" }), "userErrors { code }");
        run("userInvite", &json!({ "login": "guest", "name": "A guest" }), "user { login }");
        run("userLinkCreate", &json!({ "login": "guest" }), "user { login }");
        let filter = json!({ "kind": { "eq": "AUTHORIZATION_CODE" } });
        // A preview changes nothing, and has no event.
        let preview = "mutation($filter: GrantFilter!) { revocationPreview(input: {filter: $filter}) { preview { revocation { uuid } } } }";
        let (_, preview) = server.graphql(preview, &json!({ "filter": filter }), &admin);
        let id = preview["data"]["revocationPreview"]["preview"]["revocation"]["uuid"].clone();
        run("revocationConfirm", &json!({ "id": id, "filter": filter }), "revocation { total }");
        run("userUpdate", &json!({ "login": "walker", "name": "A walker" }), "user { name }");
        run("userDisable", &json!({ "login": "walker" }), "userErrors { code }");
        run("userEnable", &json!({ "login": "walker" }), "user { login }");
        run("userDelete", &json!({ "login": "walker" }), "userErrors { code }");
        run("userUnlock", &json!({ "login": "ben" }), "wasLocked");
        Browser::of(server, &world.user);
        run("userSignOut", &json!({ "login": "ben" }), "userErrors { code }");
        run("viewerTokenRevoke", &json!({}), "revokedCount");

        // Actions without an event, or without a token.
        let others = ["apiAccessTokenCodeAuthorize", "apiAccessTokenCodeCreate", "apiAccessTokenCodeDeny", "revocationPreview"];
        let schema = "{ __schema { mutationType { fields { name } } } }";
        let (_, schema) = server.graphql(schema, &json!({}), &world.admin.pat);
        let all = schema["data"]["__schema"]["mutationType"]["fields"].as_array().unwrap().iter();
        let all: BTreeSet<_> = all.map(|field| field["name"].as_str().unwrap()).filter(|name| !others.contains(name)).collect();
        assert_eq!(done.iter().map(String::as_str).collect::<BTreeSet<_>>(), all, "this test covers every mutation");

        let events = since(server, &began);
        let by_token = |event: &&Value| event["Type"] != "SignedIn";
        assert!(events.iter().filter(by_token).count() >= done.len(), "{events:#?}");
        for event in events.iter().filter(by_token) {
            assert_eq!(event["ActorGrant"]["Id"], token_id.as_str(), "{event}");
            assert_eq!(event["ActorApplication"]["ApplicationUri"], "grantor-cli", "{event}");
            assert_eq!(event["ActorUser"]["Login"], "ada", "{event}");
        }

        let create = "mutation { apiApplicationRegistrationTokenCreate(input: { uses: 1 }) { secret } }";
        let (_, initial) = server.graphql(create, &json!({}), &world.admin.pat);
        let initial = &initial["data"]["apiApplicationRegistrationTokenCreate"]["secret"];
        let began = newest(server);
        let body = json!({ "redirect_uris": ["https://walk.example/cb"], "client_name": "Registered" });
        let register = server.http.post(format!("{}/id/connect/register", server.url)).json(&body).bearer_auth(initial.as_str().unwrap());
        let registered: Value = register.send().unwrap().json().unwrap();
        let token = registered["registration_access_token"].as_str().unwrap_or_else(|| panic!("{registered}"));
        let address = registered["registration_client_uri"].as_str().unwrap();
        assert_eq!(server.http.delete(address).bearer_auth(token).send().unwrap().status(), 204);
        let service = &world.applications.service;
        let obtained = server.client_credentials(service);
        assert_eq!(server.revoke(service, &obtained), 200);
        let events = since(server, &began);
        let actor = |event_type: &str| {
            let event = events.iter().find(|event| event["Type"] == event_type).unwrap_or_else(|| panic!("{event_type}: {events:#?}"));
            (event["ActorGrant"]["Id"].clone(), event["ActorApplication"]["ApplicationUri"].clone())
        };
        let id = |secret: &str| json!(server.grant_id(secret, &world.admin.pat));
        assert_eq!(actor("ApplicationCreated"), (id(initial.as_str().unwrap()), json!("grantor-cli")));
        assert_eq!(actor("ApplicationDeleted").0, id(token), "its client is deleted");
        assert_eq!(actor("TokenIssued"), (Value::Null, json!("demo-service")));
        assert_eq!(actor("GrantRevoked"), (Value::Null, json!("demo-service")));
        let shown = "{ auditEvents(first: 1, filter: { type: { eq: APPLICATION_CREATED } }, orderBy: { field: TIME, direction: DESC }) { nodes { actorGrant { __typename } actorApplication { clientId } } } }";
        let (_, shown) = server.graphql(shown, &json!({}), &world.admin.pat);
        assert_eq!(shown["data"]["auditEvents"]["nodes"][0], json!({ "actorGrant": { "__typename": "APIAccessToken" }, "actorApplication": { "clientId": "grantor-cli" } }));
    }
}
