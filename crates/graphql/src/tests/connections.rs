//! Pages of connections, forwards and backwards.

use authority::Caller;
use serde_json::{Value, json};

use super::world::World;

const GRANTS: &str =
    "query($first: Int, $after: String, $last: Int, $before: String, $order: [GrantOrder!]) {
    grants(first: $first, after: $after, last: $last, before: $before, orderBy: $order) {
        edges { cursor node { uuid } } nodes { uuid } totalCount
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }";

async fn page(world: &World, caller: &Caller, variables: Value) -> Value {
    world.data(caller, GRANTS, variables).await["grants"].take()
}

fn uuids(page: &Value) -> Vec<String> {
    let edges = page["edges"].as_array().unwrap();
    let uuids: Vec<_> = edges.iter().map(|edge| edge["node"]["uuid"].as_str().unwrap().to_owned()).collect();
    let nodes = page["nodes"].as_array().unwrap();
    assert_eq!(nodes.iter().map(|node| node["uuid"].as_str().unwrap()).collect::<Vec<_>>(), uuids);
    let info = &page["pageInfo"];
    assert_eq!(info["startCursor"], edges.first().map_or(Value::Null, |edge| edge["cursor"].clone()));
    assert_eq!(info["endCursor"], edges.last().map_or(Value::Null, |edge| edge["cursor"].clone()));
    uuids
}

#[tokio::test]
async fn pages_in_both_directions_have_every_row_once() {
    let world = World::make().await;
    let admin = world.with_token(&world.admin).await;
    for order in [
        json!(null),
        json!([{ "field": "CREATED_AT", "direction": "DESC" }]),
        json!([{ "field": "EXTERNAL_ID" }, { "field": "CREATED_AT" }]),
        json!({ "field": "UPDATED_AT", "direction": "DESC" }),
    ] {
        let all = uuids(&page(&world, &admin, json!({ "first": 500, "order": order })).await);
        assert!(all.len() > 300);
        let (mut forwards, mut after) = (Vec::new(), Value::Null);
        loop {
            let page = page(&world, &admin, json!({ "first": 120, "after": after, "order": order })).await;
            forwards.extend(uuids(&page));
            assert_eq!(page["totalCount"], all.len());
            assert_eq!(page["pageInfo"]["hasPreviousPage"], !after.is_null());
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
            after = page["pageInfo"]["endCursor"].clone();
        }
        assert_eq!(forwards, all, "{order}");
        let (mut backwards, mut before) = (Vec::new(), Value::Null);
        loop {
            let page = page(&world, &admin, json!({ "last": 120, "before": before, "order": order })).await;
            backwards = [uuids(&page), backwards].concat();
            assert_eq!(page["pageInfo"]["hasNextPage"], !before.is_null());
            if page["pageInfo"]["hasPreviousPage"] == false {
                break;
            }
            before = page["pageInfo"]["startCursor"].clone();
        }
        assert_eq!(backwards, all, "{order}");
        between_two_rows(&world, &admin, &order, &all).await;
    }
}

/// Both ends of a page can be cursors.
async fn between_two_rows(world: &World, caller: &Caller, order: &Value, all: &[String]) {
    let page_of = |paging: Value| {
        let mut variables = paging;
        variables["order"] = order.clone();
        page(world, caller, variables)
    };
    let first = page_of(json!({ "first": 10 })).await;
    let cursor = |number: usize| first["edges"][number]["cursor"].clone();
    for (paging, expected) in [
        (json!({ "first": 500, "after": cursor(2), "before": cursor(7) }), &all[3..7]),
        (json!({ "last": 500, "after": cursor(2), "before": cursor(7) }), &all[3..7]),
        (json!({ "first": 2, "after": cursor(2), "before": cursor(7) }), &all[3..5]),
        (json!({ "last": 2, "after": cursor(2), "before": cursor(7) }), &all[5..7]),
        (json!({ "first": 2, "before": cursor(7) }), &all[..2]),
    ] {
        assert_eq!(uuids(&page_of(paging.clone()).await), expected, "{paging}");
    }
}

#[tokio::test]
async fn pages_that_cannot_be_are_refused() {
    let world = World::make().await;
    let admin = world.with_token(&world.admin).await;
    let cursor = page(&world, &admin, json!({ "first": 1 })).await["pageInfo"]["endCursor"].take();
    let by_time = json!([{ "field": "CREATED_AT" }]);
    for (variables, field) in [
        (json!({ "first": 501 }), "first"),
        (json!({ "first": -1 }), "first"),
        (json!({ "last": 501 }), "last"),
        (json!({ "first": 1, "last": 1 }), "last"),
        (json!({ "after": "x" }), "after"),
        (json!({ "before": "" }), "before"),
        (json!({ "after": cursor, "order": by_time }), "after"),
    ] {
        let refusal = world.refusal(&admin, GRANTS, variables.clone()).await;
        assert_eq!(refusal, json!({ "code": "BAD_USER_INPUT", "field": field }), "{variables}");
    }
    let users = "query($after: String) { users(after: $after) { nodes { id } } }";
    let refusal = world.refusal(&admin, users, json!({ "after": cursor })).await;
    assert_eq!(refusal["field"], "after", "a cursor is one of its rows");
}

#[tokio::test]
async fn users_see_their_own_rows() {
    let world = World::make().await;
    let (admin, user) = (world.with_token(&world.admin).await, world.with_token(&world.user).await);
    let lists = "{ users { nodes { login } totalCount } apiApplications { nodes { clientId } }
        apiAccessTokens(first: 500) { nodes { kind owner { login } } }
        grants(first: 500) { nodes { __typename kind owner { login } } totalCount } }";
    let all = world.data(&admin, lists, json!({})).await;
    let own = world.data(&user, lists, json!({})).await;
    assert_eq!(own["users"], json!({ "nodes": [{ "login": "ben" }], "totalCount": 1 }));
    assert!(all["users"]["totalCount"].as_u64().unwrap() > 3);
    assert!(
        own["apiApplications"]["nodes"].as_array().unwrap().len()
            < all["apiApplications"]["nodes"].as_array().unwrap().len()
    );
    assert!(own["grants"]["totalCount"].as_u64().unwrap() < all["grants"]["totalCount"].as_u64().unwrap());
    for node in own["grants"]["nodes"].as_array().unwrap() {
        assert_eq!(node["owner"]["login"], "ben");
    }
    let types: std::collections::BTreeSet<_> = all["grants"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| node["__typename"].as_str().unwrap())
        .collect();
    let expected = [
        "APIAccessToken",
        "APIAuthorizationCode",
        "APIBackchannelRequest",
        "APIConsent",
        "APIDeviceCode",
        "APIRefreshToken",
    ];
    assert_eq!(types.into_iter().collect::<Vec<_>>(), expected, "every kind is there");
    for node in all["apiAccessTokens"]["nodes"].as_array().unwrap() {
        assert!(
            ["PERSONAL_ACCESS_TOKEN", "SERVICE_ACCESS_TOKEN", "REFERENCE_TOKEN"]
                .contains(&node["kind"].as_str().unwrap())
        );
    }
}

#[tokio::test]
async fn lineage_leads_up_and_down() {
    let world = World::make().await;
    let admin = world.with_token(&world.admin).await;
    let query = "{ grants(first: 40, filter: { parent: { kind: { in: [USER_CONSENT, REFRESH_TOKEN, DEVICE_CODE] } } }) { nodes {
        uuid parent { uuid children(first: 50) { totalCount nodes { uuid parent { uuid } } } } } } }";
    let data = world.data(&admin, query, json!({})).await;
    let nodes = data["grants"]["nodes"].as_array().unwrap();
    assert!(!nodes.is_empty());
    for node in nodes {
        let children = node["parent"]["children"]["nodes"].as_array().unwrap();
        assert!(children.iter().any(|child| child["uuid"] == node["uuid"]), "{node}");
        assert!(children.iter().all(|child| child["parent"]["uuid"] == node["parent"]["uuid"]), "{node}");
        assert_eq!(node["parent"]["children"]["totalCount"], children.len());
    }
}

#[tokio::test]
async fn pages_of_children_go_on() {
    let world = World::make().await;
    let admin = world.with_token(&world.admin).await;
    let query =
        "query($first: Int, $after: String, $last: Int, $before: String) { users(first: 20) { nodes { login
        grants(first: $first, after: $after, last: $last, before: $before, orderBy: { field: CREATED_AT }) {
            nodes { uuid } totalCount pageInfo { endCursor startCursor hasNextPage hasPreviousPage } } } } }";
    let of_ben = |data: &Value| {
        let nodes = data["users"]["nodes"].as_array().unwrap();
        nodes.iter().find(|node| node["login"] == "ben").unwrap()["grants"].clone()
    };
    let all = of_ben(&world.data(&admin, query, json!({ "first": 200 })).await);
    let all = all["nodes"].as_array().unwrap().clone();
    for (size, cursor, end, has_more) in
        [("first", "after", "endCursor", "hasNextPage"), ("last", "before", "startCursor", "hasPreviousPage")]
    {
        let (mut found, mut position): (Vec<Value>, _) = (Vec::new(), Value::Null);
        loop {
            let page = of_ben(&world.data(&admin, query, json!({ size: 7, cursor: position })).await);
            let nodes = page["nodes"].as_array().unwrap().clone();
            found = if size == "first" { [found, nodes].concat() } else { [nodes, found].concat() };
            assert_eq!(page["totalCount"], all.len());
            if page["pageInfo"][has_more] == false {
                break;
            }
            position = page["pageInfo"][end].clone();
        }
        assert_eq!(found, all, "{size}");
    }
}

#[tokio::test]
async fn counts_add_up() {
    let world = World::make().await;
    let admin = world.with_token(&world.admin).await;
    let query = "{ all: grantCounts(by: []) { count } byKind: grantCounts(by: [KIND], first: 500) { count kind }
        mixed: grantCounts(by: [KIND, APPLICATION, MONTH], first: 500) { count kind month application { clientId } }
        some: grantCounts(by: [OWNER], filter: { kind: { eq: REFRESH_TOKEN } }) { count owner { login } }
        refresh: grants(first: 0, filter: { kind: { eq: REFRESH_TOKEN } }) { totalCount }
        grants(first: 1) { totalCount } }";
    let data = world.data(&admin, query, json!({})).await;
    let total = data["grants"]["totalCount"].as_u64().unwrap();
    let sum = |name: &str| {
        data[name].as_array().unwrap().iter().map(|group| group["count"].as_u64().unwrap()).sum::<u64>()
    };
    for name in ["all", "byKind", "mixed"] {
        assert_eq!(sum(name), total, "{name}");
    }
    assert_eq!(sum("some"), data["refresh"]["totalCount"].as_u64().unwrap());
    let group = &data["mixed"][0];
    assert!(group["kind"].is_string() && group["month"].as_str().unwrap().starts_with("20"), "{group}");
    assert_eq!(group["month"].as_str().unwrap().len(), 7);
}
