//! Changing tokens and clients; one-time operations happen once.

use serde_json::{Value, json};

use crate::support::Server;

const CREATE: &str = "mutation($input: APIAccessTokenCreateMutationInput!) {
    apiAccessTokenCreate(input: $input) { secret apiAccessToken { id } userErrors { code message field } } }";
const ROTATE: &str = "mutation($input: APIAccessTokenRotateMutationInput!) { apiAccessTokenRotate(input: $input) {
    secret apiAccessToken { id description scopes expiresAt } userErrors { code message field } clientMutationId } }";
const UPDATE: &str =
    "mutation($input: APIAccessTokenUpdateMutationInput!) { apiAccessTokenUpdate(input: $input) {
    apiAccessToken { description expiresAt allowedIPAddresses } userErrors { code field } } }";
const REVOKE: &str =
    "mutation($input: APIAccessTokensRevokeMutationInput!) { apiAccessTokensRevoke(input: $input) {
    count ids confirmation revokedCount userErrors { code field } } }";

fn run(server: &Server, document: &str, input: &Value, token: &str) -> Value {
    let (status, mut answer) = server.graphql(document, &json!({ "input": input }), token);
    assert_eq!((status, &answer["errors"]), (200, &Value::Null), "{input}: {answer}");
    let data = answer["data"].as_object_mut().unwrap();
    data.values_mut().next().unwrap().take()
}

/// Returns the first error code of the response.
fn refusal(server: &Server, document: &str, input: &Value, token: &str) -> Value {
    let (_, mut answer) = server.graphql(document, &json!({ "input": input }), token);
    answer["errors"][0]["extensions"]["code"].take()
}

/// Returns the secret and the global id of a new token.
fn new_token(server: &Server, description: &str, scopes: &[&str], token: &str) -> (String, String) {
    let input = json!({ "kind": "PERSONAL_ACCESS_TOKEN", "clientId": "demo-web", "description": description, "scopes": scopes });
    let created = run(server, CREATE, &input, token);
    let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("{created}")).to_owned();
    (text(&created["secret"]), text(&created["apiAccessToken"]["id"]))
}

on_both_engines! {
    fn a_token_gets_one_successor(server: &mut Server) {
        let user = server.world().user.pat;
        let (secret, id) = new_token(server, "nightly", &["read"], &user);
        let input = json!({ "id": id, "clientMutationId": "m" });
        let answers: Vec<Value> = std::thread::scope(|scope| {
            let rotate = || run(server, ROTATE, &input, &user);
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(rotate)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let (won, lost): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer["secret"].is_string());
        assert_eq!(won.len(), 1, "{answers:?}");
        assert!(lost.iter().all(|answer| answer["userErrors"][0]["code"] == "CONFLICT" && answer["clientMutationId"] == "m"), "{lost:?}");
        assert_eq!(won[0]["apiAccessToken"]["description"], "nightly");
        assert_eq!(won[0]["apiAccessToken"]["scopes"], json!(["read"]));
        assert!(!server.accepts(&secret), "the former secret is invalid");
        assert!(server.accepts(won[0]["secret"].as_str().unwrap()));
    }

    fn two_secrets_overlap_where_that_is_asked(server: &mut Server) {
        let user = server.world().user.pat;
        let (secret, id) = new_token(server, "slow", &["read"], &user);
        let rotated = run(server, ROTATE, &json!({ "id": id, "overlap": 600 }), &user);
        assert!(server.accepts(&secret) && server.accepts(rotated["secret"].as_str().unwrap()));
        let again = run(server, ROTATE, &json!({ "id": id, "overlap": 600 }), &user);
        assert_eq!(again["userErrors"][0]["code"], "CONFLICT", "it has a successor");
        let until = run(server, UPDATE, &json!({ "id": id, "description": "old" }), &user);
        assert!(until["apiAccessToken"]["expiresAt"].is_string(), "it expires: {until}");
        let too_long = run(server, ROTATE, &json!({ "id": rotated["apiAccessToken"]["id"], "overlap": 99_999_999 }), &user);
        assert_eq!(too_long["userErrors"][0]["field"], "overlap");
    }

    /// No user gets a secret with more rights than they have, or that acts as another user.
    fn a_rotation_gives_nothing_away(server: &mut Server) {
        let (admin, user) = (server.world().admin.pat, server.world().user.pat);
        let (strong, id) = new_token(server, "strong", &["read", "update"], &user);
        let (weak, _) = new_token(server, "weak", &["update"], &user);
        assert_eq!(refusal(server, ROTATE, &json!({ "id": id }), &weak), "FORBIDDEN");
        assert_eq!(refusal(server, ROTATE, &json!({ "id": id }), &admin), "FORBIDDEN");
        let (_, foreign) = new_token(server, "admin's", &["read"], &admin);
        let (_, answer) = server.graphql(ROTATE, &json!({ "input": { "id": foreign } }), &user);
        assert_eq!(answer["data"]["apiAccessTokenRotate"]["userErrors"][0]["code"], "NOT_FOUND", "{answer}");
        assert!(server.accepts(&strong));
    }

    fn a_token_is_changed_to_less_only(server: &mut Server) {
        let user = server.world().user.pat;
        let (secret, id) = new_token(server, "mine", &["read"], &user);
        let input = json!({ "id": id, "description": "yours", "expiresAt": "2030-01-01T00:00:00Z", "allowedIPAddresses": ["127.0.0.0/8"] });
        let changed = run(server, UPDATE, &input, &user);
        let expected = json!({ "description": "yours", "expiresAt": "2030-01-01T00:00:00Z", "allowedIPAddresses": ["127.0.0.0/8"] });
        assert_eq!(changed["apiAccessToken"], expected);
        for (change, field) in [
            (json!({ "expiresAt": "2031-01-01T00:00:00Z" }), "expiresAt"),
            (json!({ "expiresAt": "2001-01-01T00:00:00Z" }), "expiresAt"),
            (json!({ "description": "x".repeat(200) }), "description"),
        ] {
            let mut input = change;
            input["id"] = json!(id);
            assert_eq!(run(server, UPDATE, &input, &user)["userErrors"][0]["field"], field);
        }
        let wider = json!({ "id": id, "allowedIPAddresses": ["10.0.0.0/8"] });
        assert_eq!(refusal(server, UPDATE, &wider, &user), "FORBIDDEN");
        assert!(server.accepts(&secret));
        run(server, UPDATE, &json!({ "id": id, "allowedIPAddresses": ["127.9.0.0/16"] }), &user);
        assert!(!server.accepts(&secret), "at once");
    }

    fn many_tokens_end_in_one_step_and_no_others(server: &mut Server) {
        let user = server.world().user.pat;
        let tokens: Vec<_> = (0..3).map(|n| new_token(server, &format!("batch {n}"), &["update"], &user)).collect();
        let created = "query($id: ID!) { node(id: $id) { ... on APIAccessToken { createdAt } } }";
        let (_, first) = server.graphql(created, &json!({ "id": tokens[0].1 }), &user);
        // Tokens that can write and were not used lately; the demonstration data has others, which are older.
        let filter = json!({
            "grantedScopes": { "any": { "scope": { "eq": "update" } } },
            "createdAt": { "ge": first["data"]["node"]["createdAt"] },
            "lastAccessedAt": { "leOrNull": "2026-01-01T00:00:00Z" },
            "application": { "clientId": { "eq": "demo-web" } },
        });
        let shown = run(server, REVOKE, &json!({ "filter": filter, "dryRun": true }), &user);
        assert_eq!((&shown["count"], &shown["revokedCount"]), (&json!(3), &json!(0)), "{shown}");
        assert!(tokens.iter().all(|(secret, id)| {
            shown["ids"].as_array().unwrap().contains(&json!(id)) && secret.starts_with("grt_pat_")
        }));
        let blind = run(server, REVOKE, &json!({ "filter": filter, "dryRun": false }), &user);
        assert_eq!(blind["userErrors"][0]["field"], "confirmation");
        let (one_more, _) = new_token(server, "batch 4", &["update"], &user);
        let input = json!({ "filter": filter, "dryRun": false, "confirmation": shown["confirmation"] });
        assert_eq!(run(server, REVOKE, &input, &user)["userErrors"][0]["code"], "CONFLICT", "the filter matches other tokens now");
        let shown = run(server, REVOKE, &json!({ "filter": filter }), &user);
        assert_eq!(shown["count"], 4, "nothing was revoked");
        let admin = server.world().admin.pat;
        let input = json!({ "filter": filter, "dryRun": false, "confirmation": shown["confirmation"] });
        assert_eq!(run(server, REVOKE, &input, &admin)["userErrors"][0]["code"], "CONFLICT", "it belongs to the user");
        let revoked = run(server, REVOKE, &input, &user);
        assert_eq!((&revoked["count"], &revoked["revokedCount"]), (&json!(4), &json!(4)));
        for secret in tokens.iter().map(|(secret, _)| secret).chain([&one_more]) {
            assert!(!server.accepts(secret));
        }
    }

    fn an_application_is_changed_by_administrators(server: &mut Server) {
        let (admin, user) = (server.world().admin.pat, server.world().user.pat);
        let update = "mutation($input: APIApplicationUpdateMutationInput!) { apiApplicationUpdate(input: $input) {
            apiApplication { name scopes redirectUris isEnabled } userErrors { code field } } }";
        let (_, answer) = server.graphql("{ apiApplications(filter: { clientId: { eq: \"demo-web\" } }) { nodes { id } } }", &json!({}), &admin);
        let id = &answer["data"]["apiApplications"]["nodes"][0]["id"];
        let input = json!({ "id": id, "name": "Renamed", "scopes": ["read"], "redirectUris": ["https://x.example/cb"] });
        let changed = run(server, update, &input, &admin);
        let expected = json!({ "name": "Renamed", "scopes": ["read"], "redirectUris": ["https://x.example/cb"], "isEnabled": true });
        assert_eq!(changed["apiApplication"], expected);
        assert_eq!(refusal(server, update, &input, &user), "FORBIDDEN");
        for (change, field) in [(json!({ "redirectUris": ["javascript:1"] }), "redirectUris"), (json!({ "scopes": [] }), "scopes"), (json!({ "name": "" }), "name")] {
            let mut input = change;
            input["id"] = id.clone();
            assert_eq!(run(server, update, &input, &admin)["userErrors"][0]["field"], field);
        }
        let (secret, _) = new_token(server, "to be refused", &["read"], &user);
        assert!(server.accepts(&secret));
        run(server, update, &json!({ "id": id, "isEnabled": false }), &admin);
        assert!(!server.accepts(&secret), "its tokens are refused at once");
    }

    /// With `userErrors` in the document, every mutation returns problems with the input as data. Only the
    /// payload of the authorizing mutation always contains its code instead.
    fn every_change_reports_what_is_wrong(server: &mut Server) {
        let (admin, user) = (server.world().admin.pat, server.world().user.pat);
        let missing = "0198c5f2-7f3a-7c44-9d2f-3b1f0a5e6c7d";
        let wrong = [
            ("apiScopeCreate", json!({ "name": "read" }), "CONFLICT", Value::Null),
            ("apiScopeUpdate", json!({ "name": "nothing" }), "NOT_FOUND", Value::Null),
            ("apiResourceCreate", json!({ "identifier": "no address", "name": "x" }), "BAD_USER_INPUT", json!("identifier")),
            ("apiResourceUpdate", json!({ "identifier": "https://nowhere.example" }), "NOT_FOUND", Value::Null),
            ("apiApplicationRotateSecret", json!({ "clientId": "unknown" }), "NOT_FOUND", Value::Null),
            ("apiAccessTokenNarrow", json!({ "id": missing }), "NOT_FOUND", Value::Null),
            ("apiAccessTokenRevoke", json!({ "id": "x" }), "BAD_USER_INPUT", json!("id")),
            ("apiAccessTokenCodeDeny", json!({ "id": "x" }), "BAD_USER_INPUT", json!("id")),
            ("userSignOut", json!({ "login": "unknown" }), "NOT_FOUND", Value::Null),
            ("userUnlock", json!({ "login": "unknown" }), "NOT_FOUND", Value::Null),
            ("userSecondFactorReset", json!({ "login": "unknown" }), "NOT_FOUND", Value::Null),
        ];
        let ask = |document: &str| server.graphql(document, &json!({}), &admin).1["data"].take();
        let schema = ask("{ __schema { mutationType { fields { name args { type { ofType { name } } } type { name } } } } }");
        let fields = schema["__schema"]["mutationType"]["fields"].as_array().unwrap();
        let input_of = |name: &str| fields.iter().find(|field| field["name"] == name).unwrap()["args"][0]["type"]["ofType"]["name"].as_str().unwrap();
        for (name, mut input, code, field) in wrong {
            input["clientMutationId"] = json!("m");
            let kind = input_of(name);
            let document = format!("mutation($input: {kind}!) {{ {name}(input: $input) {{ clientMutationId userErrors {{ code field message }} }} }}");
            let told = run(server, &document, &input, &admin);
            let error = &told["userErrors"][0];
            assert_eq!((&error["code"], &error["field"]), (&json!(code), &field), "{name}: {told}");
            assert!(error["message"].as_str().is_some_and(|text| text.len() > 5) && told["clientMutationId"] == "m", "{name}: {told}");
            let silent = format!("mutation($input: {kind}!) {{ {name}(input: $input) {{ clientMutationId }} }}");
            assert_eq!(refusal(server, &silent, &input, &admin), code, "{name}: the refusal is missing in errors");
            if ["apiScope", "apiResource", "user"].iter().any(|start| name.starts_with(start)) {
                assert_eq!(refusal(server, &document, &input, &user), "FORBIDDEN", "{name}: a missing permission is not a userError");
            }
        }
        for field in fields {
            let payload = ask(&format!("{{ __type(name: {}) {{ fields {{ name }} }} }}", field["type"]["name"]));
            let has = |name: &str| payload["__type"]["fields"].as_array().unwrap().iter().any(|one| one["name"] == name);
            assert!(has("clientMutationId"), "{field}");
            assert_eq!(has("userErrors"), field["name"] != "apiAccessTokenCodeAuthorize", "{field}");
        }
    }

    /// The device authorization endpoint through GraphQL: without a token, and for nothing else.
    fn an_application_asks_for_a_code_without_a_token(server: &mut Server) {
        let create = "mutation($input: APIAccessTokenCodeCreateMutationInput!) { apiAccessTokenCodeCreate(input: $input) {
            apiAccessTokenCode { code description application { clientId } } deviceCode verificationUri interval userErrors { code message } } }";
        let ask = |document: &str, input: Value| {
            let body = json!({ "query": document, "variables": { "input": input } });
            let response = server.http.post(format!("{}/graphql", server.url)).json(&body).send().unwrap();
            (response.status().as_u16(), response.json::<Value>().unwrap())
        };
        let (status, answer) = ask(create, json!({ "clientId": "demo-native", "description": "desk", "scopes": ["read"] }));
        assert_eq!((status, &answer["errors"]), (200, &Value::Null), "{answer}");
        let payload = &answer["data"]["apiAccessTokenCodeCreate"];
        assert_eq!(payload["apiAccessTokenCode"]["application"]["clientId"], "demo-native");
        assert_eq!(payload["apiAccessTokenCode"]["description"], "desk");
        let exchange = [("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("device_code", payload["deviceCode"].as_str().unwrap()), ("client_id", "demo-native")];
        let pending = server.http.post(format!("{}/id/connect/token", server.url)).form(&exchange).send().unwrap();
        assert_eq!(pending.json::<Value>().unwrap()["error"], "authorization_pending");
        let (_, wrong) = ask(create, json!({ "clientId": "demo-web", "clientSecret": "wrong" }));
        assert_eq!(wrong["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{wrong}");
        let two = create.replace("userErrors { code message } } }", "userErrors { code } } userCreate(input: { login: \"x\", name: \"x\" }) { user { id } } }");
        for document in [two.as_str(), "{ viewer { id } }", "{ __schema { types { name } } }", "mutation { __typename }"] {
            assert_eq!(ask(document, json!({ "clientId": "demo-native" })).0, 401, "{document}");
        }
        // Like clients that query `__typename`, use fragments, and accept every media type.
        let variables = "mutation($input: APIAccessTokenCodeCreateMutationInput!)";
        let spread = format!("{variables} {{ __typename ...Begin }} fragment Begin on Mutation {{ __typename apiAccessTokenCodeCreate(input: $input) {{
            __typename apiAccessTokenCode {{ __typename id application {{ __typename id name description }} }} }} }}");
        for accept in ["*/*", "text/event-stream", "application/graphql-response+json, application/json, text/event-stream, multipart/mixed"] {
            let body = json!({ "query": spread, "variables": { "input": { "clientId": "demo-native" } } });
            let request = server.http.post(format!("{}/graphql", server.url)).header("accept", accept);
            let response = request.json(&body).send().unwrap();
            assert_eq!(response.status(), 200, "{accept}");
            let text = response.text().unwrap();
            assert!(text.contains("\"__typename\":\"APIApplication\"") && !text.contains("errors"), "{accept}: {text}");
        }
        // Of the client, only the properties that the deciding user will see.
        for field in ["redirectUris", "scopes", "referenceTokens", "uuid", "grants { totalCount }", "systemUser { id }"] {
            let told = spread.replace("description }", &format!("description ... on APIApplication {{ {field} }} }}"));
            let (status, answer) = ask(&told, json!({ "clientId": "demo-native" }));
            assert_eq!((status, answer.get("data")), (401, None), "{field}: {answer}");
        }
    }
}
