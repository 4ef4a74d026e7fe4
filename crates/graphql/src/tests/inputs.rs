//! Input values are checked before a query runs: no mistake makes an answer wider.

use serde_json::{Value, json};

use super::world::World;

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
    let without_owner = "query($o: UserFilter) { apiAccessTokens(filter: {owner: $o}) { totalCount } }";
    assert!(tokens(world.data(&admin, without_owner, json!({ "o": null })).await) < all);
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
