//! Answers have the shape that the specification says (sections 6.4.3 and 7.1).

use serde_json::json;

use super::world::World;

/// The answer as it is written.
async fn text(world: &World, query: &str) -> String {
    let caller = world.with_token(&world.admin).await;
    serde_json::to_string(&world.answer(&caller, query, json!({})).await).unwrap()
}

#[tokio::test]
async fn members_come_in_the_order_of_the_request() {
    let world = World::make().await;
    let query = "{ z: viewer { scopes: __typename } y: users(first: 1) { nodes { login grants(first: 1) { __typename } name } }
        x: grantCounts(by: [KIND], first: 1) { kind } ... { w: viewer { __typename } } }";
    let text = text(&world, query).await;
    let place = |name: &str| text.find(&format!("\"{name}\":")).unwrap_or_else(|| panic!("{name}: {text}"));
    let order = ["z", "scopes", "y", "nodes", "login", "grants", "name", "x", "kind", "w"].map(place);
    assert!(order.is_sorted(), "{text}");
}

#[tokio::test]
async fn objects_of_which_nothing_is_selected_are_there() {
    let world = World::make().await;
    for (query, expected) in [
        (
            "{ grants(first: 2, filter: { kind: { eq: DEVICE_CODE } }) { nodes { ... on APIConsent { id } } } }",
            r#"{"data":{"grants":{"nodes":[{},{}]}}}"#,
        ),
        ("{ viewer { user { id @skip(if: true) } } }", r#"{"data":{"viewer":{"user":{}}}}"#),
        ("{ viewer @skip(if: true) { id } }", r#"{"data":{}}"#),
        ("{ __schema { queryType { name @skip(if: true) } } }", r#"{"data":{"__schema":{"queryType":{}}}}"#),
        (
            "{ viewer { user { login } user { name @include(if: false) } } viewer { user { isAdmin } } }",
            r#"{"data":{"viewer":{"user":{"login":"ada","isAdmin":true}}}}"#,
        ),
    ] {
        assert_eq!(text(&world, query).await, expected, "{query}");
    }
    let id = world.token_id(&world.with_token(&world.admin).await).await;
    let found = format!("{{ node(id: \"{id}\") {{ ... on User {{ login }} }} }}");
    assert_eq!(text(&world, &found).await, r#"{"data":{"node":{}}}"#);
    let missing = "{ node(id: \"User-00000000-0000-0000-0000-000000000000\") { id } }";
    assert!(text(&world, missing).await.contains(r#"{"node":null}"#));
}

/// A field that is selected twice is one field: a mutation changes something once.
#[tokio::test]
async fn a_mutation_that_is_selected_twice_is_made_once() {
    let world = World::make().await;
    let caller = world.at_page(&world.admin).await;
    let count = || async {
        let data = world.data(&caller, "{ apiAccessTokens { totalCount } }", json!({})).await;
        data["apiAccessTokens"]["totalCount"].as_u64().unwrap()
    };
    let before = count().await;
    let input = "input: { kind: PERSONAL_ACCESS_TOKEN, clientId: \"demo-web\", scopes: [\"read\"] }";
    let query = format!(
        "mutation {{ apiAccessTokenCreate({input}) {{ secret }} ...F }}
         fragment F on Mutation {{ apiAccessTokenCreate({input}) {{ apiAccessToken {{ id }} }} }}"
    );
    let data = world.data(&caller, &query, json!({})).await;
    assert!(
        data["apiAccessTokenCreate"]["secret"].is_string()
            && data["apiAccessTokenCreate"]["apiAccessToken"]["id"].is_string(),
        "{data}"
    );
    assert_eq!(count().await, before + 1);
}
