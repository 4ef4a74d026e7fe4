//! Input values of mutations are checked before anything runs: a refused document has changed nothing.

use serde_json::{Value, json};

use super::world::World;

const COUNT: &str = "{ grants(first: 0) { totalCount } }";

/// A forgotten operator must not select every token of the registry.
#[tokio::test]
async fn an_empty_filter_revokes_nothing() {
    let world = World::make().await;
    let admin = world.with_token(&world.admin).await;
    let revoke = "mutation($input: APIAccessTokensRevokeMutationInput!) {
        apiAccessTokensRevoke(input: $input) { count confirmation revokedCount } }";
    let live = "{ apiAccessTokens(first: 0, filter: {revokedAt: {leOrNull: \"1970-01-01T00:00:00Z\"}}) { totalCount } }";
    let before = world.data(&admin, live, json!({})).await;
    for (filter, expected) in [
        (json!({ "owner": { "active": false }, "kind": "PERSONAL_ACCESS_TOKEN" }), "operators such as"),
        (json!({}), "'filter' is empty"),
        (json!({ "owner": {} }), "'filter.owner' is empty"),
        (
            json!({ "owner": { "active": {} }, "kind": { "eq": "PERSONAL_ACCESS_TOKEN" } }),
            "'filter.owner.active' is empty",
        ),
        (json!({ "and": [] }), "'filter.and' is empty"),
        (json!({ "and": [{}] }), "'filter.and[0]' is empty"),
        (json!({ "not": { "or": [] } }), "'filter.not.or' is empty"),
        (json!({ "not": { "kind": { "in": [] } } }), "'filter.not.kind.in' is empty"),
        (json!({ "grantedScopes": { "all": {} } }), "'filter.grantedScopes.all' is empty"),
        (json!({ "grantedScopes": {} }), "'filter.grantedScopes' is empty"),
        (json!([]), "found a list"),
        (Value::Null, "found null"),
    ] {
        for dry_run in [true, false] {
            let input = json!({ "filter": filter, "dryRun": dry_run, "confirmation": "x" });
            let answer = world.ask(&admin, revoke, json!({ "input": input })).await;
            let message = answer["errors"][0]["message"].as_str().unwrap();
            assert!(message.contains(expected), "{filter}: {answer}");
            assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{answer}");
        }
    }
    // A part that a variable was to say, without the variable.
    let by_kind = "mutation($active: Boolean) { apiAccessTokensRevoke(input: {filter:
        {owner: {active: {eq: $active}}, kind: {eq: PERSONAL_ACCESS_TOKEN}}}) { count } }";
    let answer = world.ask(&admin, by_kind, json!({})).await;
    assert!(answer["errors"][0]["message"].as_str().unwrap().contains("is empty"), "{answer}");
    assert_eq!(world.data(&admin, live, json!({})).await, before);
    // What says something is found.
    for filter in
        [json!({ "grantedScopes": { "any": {} } }), json!({ "owner": { "active": { "eq": true } } })]
    {
        let data = world.data(&admin, revoke, json!({ "input": { "filter": filter } })).await;
        assert!(data["apiAccessTokensRevoke"]["count"].as_u64().unwrap() > 0, "{filter} {data}");
    }
}

/// Whatever is wrong with a later change of a document, the first is not made either.
#[tokio::test]
async fn no_change_of_a_document_runs_where_a_value_of_another_is_wrong() {
    let world = World::make().await;
    let admin = world.with_token(&world.admin).await;
    let create = "a: apiAccessTokenCreate(input: {kind: PERSONAL_ACCESS_TOKEN, clientId: \"demo-web\", scopes: [\"read\"]}) { secret }";
    let mine = world.token_id(&admin).await;
    let before = world.data(&admin, COUNT, json!({})).await;
    for (variables, second, given) in [
        ("($x: ID!)", "apiAccessTokenRevoke(input: {id: $x}) { revokedCount }", json!({})),
        ("($x: ID!)", "apiAccessTokenRevoke(input: {id: $x}) { revokedCount }", json!({ "x": null })),
        ("($x: ID!)", "apiAccessTokenRevoke(input: {id: $x}) { revokedCount }", json!({ "x": {} })),
        ("($x: ID)", "apiAccessTokenRevoke(input: {id: $x}) { revokedCount }", json!({ "x": mine })),
        ("", "apiAccessTokenRevoke(input: {id: $x}) { revokedCount }", json!({})),
        ("", "apiAccessTokenRevoke(input: {}) { revokedCount }", json!({})),
        (
            "",
            "apiAccessTokenUpdate(input: {id: \"MINE\", expiresAt: \"bogus\"}) { apiAccessToken { id } }",
            json!({}),
        ),
        (
            "($e: DateTime)",
            "apiAccessTokenUpdate(input: {id: \"MINE\", expiresAt: $e}) { apiAccessToken { id } }",
            json!({ "e": "bogus" }),
        ),
        ("", "apiAccessTokenRotate(input: {id: \"MINE\", overlap: 99999999999}) { secret }", json!({})),
        (
            "($o: Int)",
            "apiAccessTokenRotate(input: {id: \"MINE\", overlap: $o}) { secret }",
            json!({ "o": 99_999_999_999_u64 }),
        ),
        (
            "($o: Int)",
            "apiAccessTokenRotate(input: {id: \"MINE\", overlap: $o}) { secret }",
            json!({ "o": 1.5 }),
        ),
        (
            "($i: APIAccessTokenRotateMutationInput!)",
            "apiAccessTokenRotate(input: $i) { secret }",
            json!({ "i": { "id": "MINE", "overlap": "1" } }),
        ),
        (
            "($i: APIAccessTokenRotateMutationInput!)",
            "apiAccessTokenRotate(input: $i) { secret }",
            json!({ "i": { "overlap": 1 } }),
        ),
        ("", "apiAccessTokensRevoke(input: {filter: {id: {eq: \"bogus\"}}}) { count }", json!({})),
        (
            "($f: GrantFilter!)",
            "apiAccessTokensRevoke(input: {filter: $f}) { count }",
            json!({ "f": { "owner": { "id": { "eq": "bogus" } } } }),
        ),
        (
            "($d: Boolean)",
            "apiAccessTokensRevoke(input: {filter: {kind: {eq: CONSENT}}, dryRun: $d}) { count }",
            json!({ "d": null }),
        ),
        ("", "apiApplicationUpdate(input: {id: \"MINE\", metadata: 7}) { apiApplication { id } }", json!({})),
        ("", "apiAccessTokenRevoke(input: {id: \"MINE\", id: \"MINE\"}) { revokedCount }", json!({})),
        ("", "apiAccessTokenRevoke(input: {id: \"MINE\"}) { revokedCount { nothing } }", json!({})),
    ] {
        let second = second.replace("MINE", &mine);
        let given = serde_json::from_str(&given.to_string().replace("MINE", &mine)).unwrap();
        let document = format!("mutation{variables} {{ {create} b: {second} }}");
        let answer = world.ask(&admin, &document, given).await;
        assert!(answer["errors"][0]["message"].is_string(), "{document}: {answer}");
        assert_eq!(answer.get("data").cloned().unwrap_or_default(), Value::Null, "{document}: {answer}");
    }
    assert_eq!(world.data(&admin, COUNT, json!({})).await, before, "a token was made");
    world.data(&admin, &format!("mutation {{ {create} }}"), json!({})).await;
    assert_ne!(world.data(&admin, COUNT, json!({})).await, before, "the first change alone is made");
}

/// Null in a change could mean "leave it" or "remove it": it means neither.
#[tokio::test]
async fn null_changes_nothing_silently() {
    let world = World::make().await;
    let admin = world.with_token(&world.admin).await;
    let id = world.token_id(&admin).await;
    for field in ["description", "expiresAt", "allowedIPAddresses"] {
        let document = format!(
            "mutation {{ apiAccessTokenUpdate(input: {{id: \"{id}\", {field}: null}}) {{ apiAccessToken {{ id }} }} }}"
        );
        let refusal = world.refusal(&admin, &document, json!({})).await;
        assert_eq!(refusal, json!({ "code": "BAD_USER_INPUT", "field": field }), "{field}");
    }
}

/// `scopes: []` could mean none or all: it is refused in every change, with the field.
#[tokio::test]
async fn an_empty_list_of_scopes_is_refused_everywhere() {
    let world = World::make().await;
    let admin = world.at_page(&world.admin).await;
    let id = world.token_id(&world.with_token(&world.admin).await).await;
    let application = world.data(&admin, "{ apiApplications(first: 1) { nodes { id } } }", json!({})).await;
    let application = application["apiApplications"]["nodes"][0]["id"].as_str().unwrap().to_owned();
    for (name, input, payload) in [
        ("apiAccessTokenCreate", "kind: PERSONAL_ACCESS_TOKEN, clientId: \"demo-web\"", "secret"),
        ("apiAccessTokenCodeCreate", "clientId: \"demo-native\"", "deviceCode"),
        ("apiAccessTokenNarrow", &format!("id: \"{id}\""), "scopes"),
        ("apiApplicationCreate", "clientId: \"x\", name: \"x\", clientType: PUBLIC", "clientSecret"),
        ("apiApplicationUpdate", &format!("id: \"{application}\""), "apiApplication { id }"),
        ("apiResourceCreate", "identifier: \"https://x.example\", name: \"x\"", "apiResource { name }"),
        ("apiResourceUpdate", "identifier: \"https://x.example\"", "apiResource { name }"),
    ] {
        for scopes in ["[]", "[\"read update\"]", "[\"\"]"] {
            let document = format!(
                "mutation {{ {name}(input: {{{input}, scopes: {scopes}}}) {{ {payload} userErrors {{ code field }} }} }}"
            );
            let data = world.data(&admin, &document, json!({})).await;
            let expected = json!([{ "code": "BAD_USER_INPUT", "field": "scopes" }]);
            assert_eq!(data[name]["userErrors"], expected, "{document}");
        }
    }
    let mutations = crate::document::schema().get_object("Mutation").unwrap();
    let takes_scopes = mutations.fields.values().filter(|field| {
        let input = field.arguments.first().map(|argument| argument.ty.inner_named_type());
        let input = input.and_then(|name| crate::document::schema().get_input_object(name));
        input.is_some_and(|input| input.fields.contains_key("scopes"))
    });
    assert_eq!(takes_scopes.count(), 7, "the list above has every change that takes scopes");
}
