//! Input values are checked before anything runs: what is refused has changed nothing, and no mistake widens an answer.

use serde_json::{Value, json};

use super::world::World;

const COUNT: &str = "{ grants(first: 0) { totalCount } }";

/// How many users a filter selects.
async fn users(world: &World, query: &str, variables: Value) -> Value {
    let admin = world.with_token(&world.admin).await;
    world.data(&admin, query, variables).await["users"]["totalCount"].take()
}

#[tokio::test]
async fn a_filter_of_another_shape_is_refused() {
    let world = World::make().await;
    let admin = world.with_token(&world.admin).await;
    let asked = "query($filter: UserFilter) { users(filter: $filter) { totalCount } }";
    for (literal, value) in [
        ("true", json!(true)),
        ("1", json!(1)),
        ("\"x\"", json!("x")),
        ("[[]]", json!([[]])),
        ("[{active: {eq: true}}]", json!([{ "active": { "eq": true } }])),
        ("{active: true}", json!({ "active": true })),
        ("{active: null}", json!({ "active": null })),
        ("{active: [true]}", json!({ "active": [true] })),
        ("{active: {eq: 1}}", json!({ "active": { "eq": 1 } })),
        ("{active: {is: true}}", json!({ "active": { "is": true } })),
        ("{and: null}", json!({ "and": null })),
        ("{or: null}", json!({ "or": null })),
        ("{not: null}", json!({ "not": null })),
        ("{not: true}", json!({ "not": true })),
        ("{mentions: null}", json!({ "mentions": null })),
        ("{mentions: 1}", json!({ "mentions": 1 })),
        ("{login: {in: null}}", json!({ "login": { "in": null } })),
        ("{login: {contains: null}}", json!({ "login": { "contains": null } })),
    ] {
        for (query, variables) in [
            (format!("{{ users(filter: {literal}) {{ totalCount }} }}"), json!({})),
            (asked.to_owned(), json!({ "filter": value })),
        ] {
            let answer = world.ask(&admin, &query, variables).await;
            assert!(answer["errors"][0]["message"].is_string(), "{literal}: {answer}");
            assert_eq!(answer.get("data").cloned().unwrap_or_default(), Value::Null, "{literal}: {answer}");
        }
    }
    let answer = world.ask(&admin, asked, json!({ "filter": { "active": true } })).await;
    let expected = "the variable '$filter.active': expected an object of the type BooleanEqualsFilter with operators such as {eq: …}, found true";
    assert_eq!(answer["errors"][0]["message"], expected);
    let answer = world.ask(&admin, "{ users(filter: {active: true}) { totalCount } }", json!({})).await;
    let expected =
        "expected an object of the type BooleanEqualsFilter with operators such as {eq: …}, found true";
    assert_eq!(answer["errors"][0]["message"], expected);
    assert_eq!(answer["errors"][0]["locations"], json!([{ "line": 1, "column": 26 }]));
}

/// The accident that the findings tell of: the forgotten operator, and then every token of the registry.
#[tokio::test]
async fn a_filter_that_says_nothing_revokes_nothing() {
    let world = World::make().await;
    let admin = world.with_token(&world.admin).await;
    let revoke = "mutation($input: APIAccessTokensRevokeMutationInput!) {
        apiAccessTokensRevoke(input: $input) { count confirmation revokedCount } }";
    let live = "{ apiAccessTokens(first: 0, filter: {revokedAt: {leOrNull: \"1970-01-01T00:00:00Z\"}}) { totalCount } }";
    let before = world.data(&admin, live, json!({})).await;
    for (filter, says) in [
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
            assert!(message.contains(says), "{filter}: {answer}");
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

/// GraphQL, section 3.10: a field whose variable is absent is not there; null is a value.
#[tokio::test]
async fn an_absent_variable_is_not_null() {
    let world = World::make().await;
    let all = users(&world, "{ users { totalCount } }", json!({})).await;
    let by_mail = "query($e: String) { users(filter: {email: {eq: $e}}) { totalCount } }";
    assert_eq!(users(&world, by_mail, json!({})).await, all);
    let without = users(&world, by_mail, json!({ "e": null })).await;
    assert!(without.as_u64() < all.as_u64(), "{without} of {all}");
    let with_default = "query($e: String = null) { users(filter: {email: {eq: $e}}) { totalCount } }";
    assert_eq!(users(&world, with_default, json!({})).await, without);
    for (query, given) in [
        ("query($f: UserFilter) { users(filter: $f) { totalCount } }", json!({})),
        ("query($f: UserFilter) { users(filter: $f) { totalCount } }", json!({ "f": null })),
        ("query($f: UserFilter) { users(filter: {not: {not: $f}}) { totalCount } }", json!({ "f": {} })),
        ("query($t: String) { users(filter: {mentions: $t}) { totalCount } }", json!({})),
        (
            "query($t: String!, $u: Int = 50) { users(filter: {login: {ne: $t}}, first: $u) { totalCount } }",
            json!({ "t": "" }),
        ),
    ] {
        assert_eq!(users(&world, query, given).await, all, "{query}");
    }
    let admin = world.with_token(&world.admin).await;
    let tokens = |data: Value| data["apiAccessTokens"]["totalCount"].as_u64().unwrap();
    let all = tokens(world.data(&admin, "{ apiAccessTokens { totalCount } }", json!({})).await);
    for query in [
        "query($o: UserFilter) { apiAccessTokens(filter: {owner: $o}) { totalCount } }",
        "query($d: DateTime) { apiAccessTokens(filter: {lastAccessedAt: {ge: $d}}) { totalCount } }",
    ] {
        assert_eq!(tokens(world.data(&admin, query, json!({})).await), all, "{query}");
    }
    let nobodys = "query($o: UserFilter) { apiAccessTokens(filter: {owner: $o}) { totalCount } }";
    assert!(tokens(world.data(&admin, nobodys, json!({ "o": null })).await) < all);
}

/// GraphQL, section 6.4.1: the default of an argument holds where its variable is absent.
#[tokio::test]
async fn defaults_hold_where_a_variable_is_absent() {
    let world = World::make().await;
    let admin = world.with_token(&world.admin).await;
    let counted = "query($f: Int) { grantCounts(by: [KIND], first: $f) { kind } }";
    let usual = world.data(&admin, "{ grantCounts(by: [KIND]) { kind } }", json!({})).await;
    assert_eq!(world.data(&admin, counted, json!({})).await, usual);
    assert_ne!(world.data(&admin, counted, json!({ "f": 1 })).await, usual);
    assert!(world.ask(&admin, counted, json!({ "f": null })).await["errors"].is_array());
    let dry = "mutation($d: Boolean) { apiAccessTokensRevoke(input: {filter: {kind: {eq: PERSONAL_ACCESS_TOKEN}}, dryRun: $d}) { revokedCount } }";
    assert_eq!(world.data(&admin, dry, json!({})).await["apiAccessTokensRevoke"]["revokedCount"], 0);
    let ordered = "query($d: OrderDirection) { users(orderBy: [{field: LOGIN, direction: DIRECTION}]) { nodes { login } } }";
    let ordered = |direction: &str| ordered.replace("DIRECTION", direction);
    let ascending =
        world.data(&admin, "{ users(orderBy: {field: LOGIN}) { nodes { login } } }", json!({})).await;
    assert_eq!(world.data(&admin, &ordered("$d"), json!({})).await, ascending);
    assert_ne!(world.data(&admin, &ordered("$d"), json!({ "d": "DESC" })).await, ascending);
}

#[tokio::test]
async fn documents_that_the_specification_refuses_are_refused() {
    let world = World::make().await;
    let admin = world.with_token(&world.admin).await;
    for (query, given) in [
        ("query($f: Int! = 2) { users(first: $f) { totalCount } }", json!({ "f": null })),
        ("query($i: ID) { node(id: $i) { id } }", json!({ "i": "x" })),
        ("query($s: Boolean) { viewer @skip(if: $s) { id } }", json!({ "s": true })),
        ("query($l: Int) { users(filter: {login: {eq: $l}}) { totalCount } }", json!({})),
        ("query($l: String) { users(filter: {id: {eq: $l}}) { totalCount } }", json!({})),
        ("{ users(filter: {login: {eq: \"a\", eq: \"b\"}}) { totalCount } }", json!({})),
        ("{ grantCounts(by: [\"KIND\"]) { count } }", json!({})),
        ("query($k: [GrantCountKey!]! = [\"KIND\"]) { grantCounts(by: $k) { count } }", json!({})),
        ("query() { viewer { id } }", json!({})),
        ("{ viewer { ...on } } fragment on on Viewer { id }", json!({})),
        ("query($a: Int @skip(if: true)) { users(first: $a) { totalCount } }", json!({})),
        ("{ viewer { user { id } } viewer { user { id: login } } }", json!({})),
        (
            "{ viewer { user { grants(first: 1) { totalCount } } user { grants(first: 3) { totalCount } } } }",
            json!({}),
        ),
        ("{ viewer { id } nothing: viewer { nothing } }", json!({})),
    ] {
        let answer = world.ask(&admin, query, given).await;
        assert!(answer["errors"][0]["message"].is_string(), "{query}: {answer}");
        assert_eq!(answer.get("data").cloned().unwrap_or_default(), Value::Null, "{query}: {answer}");
    }
}

#[tokio::test]
async fn documents_that_the_specification_permits_run() {
    let world = World::make().await;
    let admin = world.with_token(&world.admin).await;
    for (query, expected) in [
        ("\"Who am I?\" query Me { viewer { user { login } } }", "ada"),
        (
            "\"\"\"\nWho am I?\n\"\"\"\nquery Me { viewer { user { ...f } } } \"A name\" fragment f on User { login }",
            "ada",
        ),
        ("{ users(filter: {login: {eq: \"\\u0061\\u{64}a\"}}) { nodes { login } } }", "ada"),
        (
            "{ users(filter: {login: {ne: \"\\uD83D\\uDE00\"}}, orderBy: {field: LOGIN}, first: 1) { nodes { login } } }",
            "ada",
        ),
        (
            "{ users(filter: {login: {ne: \"\\u{1F600}\"}}, orderBy: {field: LOGIN}, first: 1) { nodes { login } } }",
            "ada",
        ),
    ] {
        let data = world.data(&admin, query, json!({})).await;
        assert!(data.to_string().contains(&format!("\"login\":\"{expected}\"")), "{query}: {data}");
    }
    let data = world.data(&admin, "{ users(first: -0) { nodes { id } } }", json!({})).await;
    assert_eq!(data, json!({ "users": { "nodes": [] } }));
    let by_name = json!({ "k": "KIND" });
    let data =
        world.data(&admin, "query($k: [GrantCountKey!]!) { grantCounts(by: $k) { kind } }", by_name).await;
    assert!(data["grantCounts"][0]["kind"].is_string(), "{data}");
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
