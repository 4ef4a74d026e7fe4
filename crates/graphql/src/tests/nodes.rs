use serde_json::json;

use super::world::{World, code};
use crate::id::NodeType;

const NODE: &str = "query($id: ID!) { node(id: $id) { __typename id
    ... on APIAccessToken { kind scopes description application { clientId } owner { login } }
    ... on APIApplication { name clientType isEnabled }
    ... on User { login isAdmin } } }";

#[tokio::test]
async fn the_viewer_is_the_caller() {
    let world = World::make().await;
    let query = "{ viewer { id user { login isAdmin active } scopes token { uuid kind owner { login } } } }";
    let caller = world.with_token(&world.user).await;
    let data = world.data(&caller, query, json!({})).await;
    let uuid = caller.token().unwrap().grant.id;
    let viewer = json!({
        "id": super::super::id::encode("Viewer", uuid).0,
        "user": { "login": "ben", "isAdmin": false, "active": true },
        "scopes": ["read", "update"],
        "token": { "uuid": uuid, "kind": "PERSONAL_ACCESS_TOKEN", "owner": { "login": "ben" } },
    });
    assert_eq!(data, json!({ "viewer": viewer }));

    let query = "{ viewer { user { login } scopes token { id } } }";
    let data = world.data(&world.at_page(&world.admin).await, query, json!({})).await;
    let viewer = json!({ "user": { "login": "ada" }, "scopes": ["read", "update", "sec"], "token": null });
    assert_eq!(data, json!({ "viewer": viewer }));
}

#[tokio::test]
async fn a_node_is_found_by_callers_that_may_see_it() {
    let world = World::make().await;
    let (admin, user) = (world.with_token(&world.admin).await, world.with_token(&world.user).await);
    let id = world.token_id(&user).await;
    let token = json!({
        "__typename": "APIAccessToken", "id": id, "kind": "PERSONAL_ACCESS_TOKEN", "scopes": ["read", "update"],
        "description": "Token of the demonstration", "application": { "clientId": "grantor-cli" },
        "owner": { "login": "ben" },
    });
    for caller in [&user, &admin] {
        assert_eq!(world.data(caller, NODE, json!({ "id": id })).await, json!({ "node": token }));
    }
    let foreign = world.token_id(&admin).await;
    assert_eq!(world.data(&user, NODE, json!({ "id": foreign })).await, json!({ "node": null }));
    let someone = NodeType::User.id(admin.user.id);
    assert_eq!(world.data(&user, NODE, json!({ "id": someone })).await, json!({ "node": null }));
    let himself = world.data(&user, NODE, json!({ "id": NodeType::User.id(user.user.id) })).await;
    assert_eq!(himself["node"]["login"], "ben");
    let application = NodeType::Application.id(user.token().unwrap().grant.trusted_application_id.unwrap());
    let found = world.data(&user, NODE, json!({ "id": application })).await;
    let expected = json!({
        "__typename": "APIApplication", "id": application, "name": "Grantor command line",
        "clientType": "PUBLIC", "isEnabled": true,
    });
    assert_eq!(found["node"], expected);
    let lesser = world.limited_to(&world.admin, "read update").await;
    let ben = NodeType::User.id(user.user.id);
    assert_eq!(world.data(&lesser, NODE, json!({ "id": ben })).await, json!({ "node": null }), "without sec");
}

#[tokio::test]
async fn what_fails_leaves_the_rest_of_the_answer() {
    let world = World::make().await;
    let user = world.with_token(&world.user).await;
    let answer = world.ask(&user, "{ node(id: \"x\") { id } viewer { user { login } } }", json!({})).await;
    assert_eq!(answer["data"], json!({ "node": null, "viewer": { "user": { "login": "ben" } } }));
    assert_eq!(answer["errors"][0]["path"], json!(["node"]));
    assert_eq!(answer["errors"][0]["message"], "id: this is not an id that this API gave");
    let refusal = json!({ "code": "BAD_USER_INPUT", "field": "id" });
    assert_eq!(answer["errors"][0]["extensions"], refusal);
}

#[tokio::test]
async fn reading_needs_the_scope() {
    let world = World::make().await;
    let caller = world.limited_to(&world.user, "update").await;
    let id = NodeType::User.id(caller.user.id);
    let refusal = json!({ "code": "INSUFFICIENT_SCOPE", "scope": "read" });
    for query in [
        "{ apiAccessTokenCode(code: \"BCDF-GHJK\") { id } }".to_owned(),
        format!("{{ node(id: \"{}\") {{ id }} }}", id.0),
    ] {
        assert_eq!(world.refusal(&caller, &query, json!({})).await, refusal, "{query}");
    }
}

#[tokio::test]
async fn a_document_that_does_not_fit_is_not_executed() {
    let world = World::make().await;
    let user = world.with_token(&world.user).await;
    for (query, expected) in [
        ("{ viewer { id }", "GRAPHQL_PARSE_FAILED"),
        ("{ viewer { password } }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ viewer { user { user { id } } } }", "GRAPHQL_VALIDATION_FAILED"),
        ("query($id: ID!) { node(id: $id) { id } }", "BAD_USER_INPUT"),
    ] {
        let answer = world.ask(&user, query, json!({})).await;
        assert_eq!(answer["errors"][0]["extensions"], code(expected), "{query}: {answer}");
        assert!(answer["data"].is_null() || answer["data"] == json!({ "node": null }), "{answer}");
    }
}
