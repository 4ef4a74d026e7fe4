use serde_json::json;

use super::world::{World, code, signed_in};

const APPLICATION: &str = "mutation($input: APIApplicationCreateMutationInput!) {
    apiApplicationCreate(input: $input) { clientSecret
        apiApplication { clientId name description clientType scopes isEnabled } } }";
const USER: &str = "mutation($input: UserCreateMutationInput!) {
    userCreate(input: $input) { user { login name email isAdmin active } } }";

#[tokio::test]
async fn an_administrator_registers_an_application() {
    let world = World::make().await;
    let admin = world.with_token(&world.admin).await;
    let input = json!({
        "clientId": "board", "name": "Board", "clientType": "CONFIDENTIAL", "scopes": ["read", "update"],
        "redirectUris": ["https://board.example/cb"], "systemUser": "nightly-export",
        "referenceTokens": "AUTHENTICATED_USERS", "accessTokenFormat": "JWT",
    });
    let created = world.data(&admin, APPLICATION, json!({ "input": input })).await;
    let created = &created["apiApplicationCreate"];
    assert!(created["clientSecret"].as_str().is_some_and(|secret| secret.len() > 30), "{created}");
    let expected = json!({
        "clientId": "board", "name": "Board", "description": "", "clientType": "CONFIDENTIAL",
        "scopes": ["read", "update"], "isEnabled": true,
    });
    assert_eq!(created["apiApplication"], expected);
    assert_eq!(world.refusal(&admin, APPLICATION, json!({ "input": input })).await, code("CONFLICT"));
    let wrong = json!({ "clientId": "with space", "name": "B", "clientType": "PUBLIC", "scopes": ["read"] });
    let refusal = json!({ "code": "BAD_USER_INPUT", "field": "clientId" });
    assert_eq!(world.refusal(&admin, APPLICATION, json!({ "input": wrong })).await, refusal);
    let public = json!({ "clientId": "desk", "name": "D", "clientType": "PUBLIC", "scopes": ["read"] });
    let created = world.data(&admin, APPLICATION, json!({ "input": public })).await;
    assert_eq!(created["apiApplicationCreate"]["clientSecret"], json!(null));
}

#[tokio::test]
async fn an_administrator_adds_a_user_who_can_sign_in() {
    let world = World::make().await;
    let admin = world.with_token(&world.admin).await;
    let input = json!({
        "login": "nora", "name": "Nora Berg", "email": "nora@example.com", "password": "correct horse", "isAdmin": true,
    });
    let created = world.data(&admin, USER, json!({ "input": input })).await;
    let user = json!({
        "login": "nora", "name": "Nora Berg", "email": "nora@example.com", "isAdmin": true, "active": true,
    });
    assert_eq!(created, json!({ "userCreate": { "user": user } }));
    signed_in(&world.ctx, "nora", &"correct horse".into()).await;
    assert_eq!(world.refusal(&admin, USER, json!({ "input": input })).await, code("CONFLICT"));
    let weak = json!({ "input": { "login": "otto", "name": "Otto", "password": "short" } });
    let refusal = json!({ "code": "BAD_USER_INPUT", "field": "password" });
    assert_eq!(world.refusal(&admin, USER, weak).await, refusal);
}

#[tokio::test]
async fn other_callers_do_not_either() {
    let world = World::make().await;
    let user = world.at_page(&world.user).await;
    let lesser = world.limited_to(&world.admin, "read update").await;
    let application =
        json!({ "input": { "clientId": "a", "name": "A", "clientType": "NONE", "scopes": ["read"] } });
    let person = json!({ "input": { "login": "nora", "name": "Nora" } });
    for (document, variables) in [(APPLICATION, application), (USER, person)] {
        assert_eq!(world.refusal(&user, document, variables.clone()).await, code("FORBIDDEN"));
        let refusal = json!({ "code": "INSUFFICIENT_SCOPE", "scope": "sec" });
        assert_eq!(world.refusal(&lesser, document, variables).await, refusal);
    }
}
