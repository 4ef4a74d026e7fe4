use authority::clients::COMMAND_LINE;
use authority::{ClientCredentials, ClientProof, Params};
use flows::device;
use serde_json::{Value, json};

use super::world::{ADDRESS, World, code};

const BY_CODE: &str = "query($code: ID!) { apiAccessTokenCode(code: $code) {
    application { name clientId } authorizedAt authorizedIPAddress code description expiresAt id } }";
const BY_ID: &str = "query($id: ID!) { node(id: $id) { ... on APIAccessTokenCode { authorizedAt } } }";
const AUTHORIZE: &str = "mutation($id: ID!) {
    apiAccessTokenCodeAuthorize(input: { id: $id, clientMutationId: \"m1\" }) {
        clientMutationId apiAccessTokenCode { id authorizedAt authorizedIPAddress } } }";

/// A device asks; the code that it shows.
async fn start(world: &World) -> String {
    let credentials = ClientCredentials { client_id: COMMAND_LINE.to_owned(), proof: ClientProof::Nothing };
    let params = Params::new(vec![("description".to_owned(), "on my desk".to_owned())]).unwrap();
    device::start(&world.ctx, &credentials, &params).await.unwrap().user_code.to_string()
}

async fn find(world: &World, code: &str) -> Value {
    let caller = world.with_token(&world.user).await;
    world.data(&caller, BY_CODE, json!({ "code": code })).await["apiAccessTokenCode"].take()
}

#[tokio::test]
async fn a_caller_with_the_code_can_read_it() {
    let world = World::make().await;
    let shown = start(&world).await;
    let mut found = find(&world, &shown.to_lowercase().replace('-', " ")).await;
    let id = found["id"].take();
    let expected = json!({
        "application": { "name": "Grantor command line", "clientId": "grantor-cli" },
        "authorizedAt": null, "authorizedIPAddress": null, "code": shown, "description": "on my desk",
        "expiresAt": "2026-08-01T00:10:00Z", "id": null,
    });
    assert_eq!(found, expected);
    assert_eq!(find(&world, "BBBB-BBBB").await, Value::Null);
    assert_eq!(find(&world, "no code").await, Value::Null);

    let (admin, user) = (world.with_token(&world.admin).await, world.at_page(&world.user).await);
    assert_eq!(world.data(&user, BY_ID, json!({ "id": id })).await, json!({ "node": null }));
    let node = json!({ "node": { "authorizedAt": null } });
    assert_eq!(world.data(&admin, BY_ID, json!({ "id": id })).await, node);
}

#[tokio::test]
async fn only_a_session_of_the_pages_authorizes() {
    let world = World::make().await;
    let shown = start(&world).await;
    let id = find(&world, &shown).await["id"].take();
    for person in [&world.user, &world.admin] {
        let caller = world.with_token(person).await;
        assert_eq!(world.refusal(&caller, AUTHORIZE, json!({ "id": id })).await, code("FORBIDDEN"));
    }
    let user = world.at_page(&world.user).await;
    let authorized = world.data(&user, AUTHORIZE, json!({ "id": id })).await;
    let payload = json!({ "clientMutationId": "m1", "apiAccessTokenCode": {
        "id": id, "authorizedAt": "2026-08-01T00:00:00Z", "authorizedIPAddress": ADDRESS } });
    assert_eq!(authorized, json!({ "apiAccessTokenCodeAuthorize": payload }));

    assert_eq!(world.refusal(&user, AUTHORIZE, json!({ "id": id })).await, code("CONFLICT"));
    let admin = world.at_page(&world.admin).await;
    assert_eq!(world.refusal(&admin, AUTHORIZE, json!({ "id": id })).await, code("CONFLICT"));
    assert_eq!(find(&world, &shown).await, Value::Null, "it does not wait any more");
    let node = json!({ "node": { "authorizedAt": "2026-08-01T00:00:00Z" } });
    assert_eq!(world.data(&user, BY_ID, json!({ "id": id })).await, node);
}

#[tokio::test]
async fn a_code_of_another_user_is_not_found() {
    let world = World::make().await;
    let id = find(&world, &start(&world).await).await["id"].take();
    world.data(&world.at_page(&world.admin).await, AUTHORIZE, json!({ "id": id })).await;
    let user = world.at_page(&world.user).await;
    assert_eq!(world.refusal(&user, AUTHORIZE, json!({ "id": id })).await, code("NOT_FOUND"));
    assert_eq!(world.data(&user, BY_ID, json!({ "id": id })).await, json!({ "node": null }));
    let token = world.token_id(&world.with_token(&world.user).await).await;
    let refusal = json!({ "code": "BAD_USER_INPUT", "field": "id" });
    assert_eq!(world.refusal(&user, AUTHORIZE, json!({ "id": token })).await, refusal);
}
