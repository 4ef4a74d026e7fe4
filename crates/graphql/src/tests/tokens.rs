use authority::Caller;
use serde_json::{Value, json};

use super::world::{World, code};

const CREATE: &str = "mutation($input: APIAccessTokenCreateMutationInput!) {
    apiAccessTokenCreate(input: $input) { secret clientMutationId
        apiAccessToken { uuid kind description expiresAt revokedAt scopes } } }";
const REVOKE: &str = "mutation($id: ID!) { apiAccessTokenRevoke(input: { id: $id }) { revokedCount } }";
const REVOKE_AND_SHOW: &str =
    "mutation($id: ID!) { apiAccessTokenRevoke(input: { id: $id }) { apiAccessToken { revokedAt } } }";

fn personal(change: &Value) -> Value {
    let mut input = json!({ "kind": "PERSONAL_ACCESS_TOKEN", "clientId": "demo-web", "description": "mine" });
    input.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    json!({ "input": input })
}

#[tokio::test]
async fn a_token_is_created_and_works() {
    let world = World::make().await;
    let user = world.with_token(&world.user).await;
    let asked = personal(&json!({
        "scopes": ["read"], "expiresAt": "2026-09-01T02:00:00+02:00", "clientMutationId": "m1",
        "allowedIPAddresses": ["203.0.113.0/24", "::1"],
    }));
    let mut created = world.data(&user, CREATE, asked).await["apiAccessTokenCreate"].take();
    let secret = created["secret"].take();
    created["apiAccessToken"]["uuid"].take();
    let token = json!({
        "uuid": null, "kind": "PERSONAL_ACCESS_TOKEN", "description": "mine",
        "expiresAt": "2026-09-01T00:00:00Z", "revokedAt": null, "scopes": ["read"],
    });
    assert_eq!(created, json!({ "secret": null, "clientMutationId": "m1", "apiAccessToken": token }));
    let caller = Caller::from_token(&world.ctx, secret.as_str().unwrap()).await.unwrap();
    assert_eq!(caller.user.login, "ben");
    assert_eq!(caller.token().unwrap().grant.allowed_ip_addresses.as_deref(), Some("203.0.113.0/24 ::1/128"));
}

#[tokio::test]
async fn an_administrator_creates_a_service_token() {
    let world = World::make().await;
    let input = json!({ "input": { "kind": "SERVICE_ACCESS_TOKEN", "clientId": "demo-service" } });
    let admin = world.at_page(&world.admin).await;
    let created = world.data(&admin, CREATE, input.clone()).await["apiAccessTokenCreate"].take();
    assert!(created["secret"].as_str().unwrap().starts_with("grt_sat_"), "{}", created["secret"]);
    assert_eq!(created["apiAccessToken"]["expiresAt"], Value::Null);
    let user = world.at_page(&world.user).await;
    assert_eq!(world.refusal(&user, CREATE, input).await, code("FORBIDDEN"));
}

#[tokio::test]
async fn a_token_that_cannot_be_is_refused_with_the_field() {
    let world = World::make().await;
    let user = world.with_token(&world.user).await;
    for (change, field) in [
        (json!({ "kind": "DEVICE_CODE" }), "kind"),
        (json!({ "scopes": [] }), "scopes"),
        (json!({ "expiresAt": "2026-07-31T23:59:59Z" }), "expiresAt"),
        (json!({ "allowedIPAddresses": ["office"] }), "allowedIPAddresses"),
        (json!({ "clientId": "nobody" }), "clientId"),
        (json!({ "description": "x".repeat(129) }), "description"),
    ] {
        let answer = world.ask(&user, CREATE, personal(&change)).await;
        let refusal = json!({ "code": "BAD_USER_INPUT", "field": field });
        assert_eq!(answer["errors"][0]["extensions"], refusal, "{answer}");
        assert!(answer["errors"][0]["message"].as_str().unwrap().starts_with(field), "{answer}");
        assert_eq!(answer["data"], json!({ "apiAccessTokenCreate": null }));
    }
    for (change, expected) in [
        (json!({ "expiresAt": "tomorrow" }), "BAD_USER_INPUT"),
        (json!({ "clientId": "demo-native" }), "FORBIDDEN"),
        (json!({ "clientId": "demo-service" }), "FORBIDDEN"),
    ] {
        assert_eq!(world.refusal(&user, CREATE, personal(&change)).await, code(expected), "{change}");
    }
    let refusal = json!({ "code": "BAD_USER_INPUT", "field": "scopes" });
    for scopes in [["sec"], ["read update"], [""]] {
        let asked = personal(&json!({ "scopes": scopes }));
        assert_eq!(world.refusal(&user, CREATE, asked).await, refusal, "{scopes:?}");
    }
    let reader = world.limited_to(&world.user, "read").await;
    let refusal = json!({ "code": "INSUFFICIENT_SCOPE", "scope": "update" });
    assert_eq!(world.refusal(&reader, CREATE, personal(&json!({}))).await, refusal);
}

#[tokio::test]
async fn a_revoked_token_is_refused_at_once() {
    let world = World::make().await;
    let user = world.with_token(&world.user).await;
    let secret = world.new_token(&world.user, "read").await;
    let other = Caller::from_token(&world.ctx, &secret).await.unwrap();
    let id = world.token_id(&other).await;
    let revoked = world.data(&user, REVOKE_AND_SHOW, json!({ "id": id })).await;
    let token = json!({ "apiAccessToken": { "revokedAt": "2026-08-01T00:00:00Z" } });
    assert_eq!(revoked, json!({ "apiAccessTokenRevoke": token }));
    assert!(Caller::from_token(&world.ctx, &secret).await.is_err());
    let by_uuid = json!({ "id": other.token().unwrap().grant.id });
    let again = world.data(&user, REVOKE, by_uuid).await;
    assert_eq!(again, json!({ "apiAccessTokenRevoke": { "revokedCount": 0 } }));
}

#[tokio::test]
async fn what_may_not_be_revoked_stays() {
    let world = World::make().await;
    let admin = world.with_token(&world.admin).await;
    let user = world.with_token(&world.user).await;
    let id = world.token_id(&admin).await;
    assert_eq!(world.refusal(&user, REVOKE, json!({ "id": id })).await, code("NOT_FOUND"));
    let reader = world.limited_to(&world.admin, "read sec").await;
    let refusal = json!({ "code": "INSUFFICIENT_SCOPE", "scope": "update" });
    assert_eq!(world.refusal(&reader, REVOKE, json!({ "id": id })).await, refusal);
    let writer = world.limited_to(&world.admin, "update sec").await;
    let refusal = json!({ "code": "INSUFFICIENT_SCOPE", "scope": "read" });
    assert_eq!(world.refusal(&writer, REVOKE_AND_SHOW, json!({ "id": id })).await, refusal);
    Caller::from_token(&world.ctx, world.admin.pat.expose()).await.unwrap();
    let revoked = world.data(&writer, REVOKE, json!({ "id": id })).await;
    assert_eq!(revoked, json!({ "apiAccessTokenRevoke": { "revokedCount": 1 } }));
}
