//! Text fields: characters that reverse or hide text are refused by name, and every other text is kept
//! unchanged.

use serde_json::{Value, json};

use super::{TURNING, change};
use crate::oauth::ciba::{ask, call_centre};
use crate::support::Server;

/// `(mutation, input type, input with TEXT at the position)`.
fn places(server: &Server) -> Vec<(&'static str, &'static str, Value)> {
    let application = |more: Value| {
        let mut input = json!({ "clientId": "turned", "name": "Turned", "clientType": "PUBLIC", "scopes": ["read"], "redirectUris": ["https://a.example/"] });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        input
    };
    let row = server
        .rows(
            "Systems_Security_TrustedApplications?$filter=ApplicationUri eq 'demo-web'&$select=Id",
            &server.world().admin.pat,
        )
        .remove(0);
    let token = json!({ "kind": "PERSONAL_ACCESS_TOKEN", "clientId": "grantor-cli", "description": "TEXT", "scopes": ["read"] });
    vec![
        ("userCreate", "UserCreateMutationInput", json!({ "login": "turned", "name": "TEXT" })),
        ("userCreate", "UserCreateMutationInput", json!({ "login": "TEXT", "name": "Turned" })),
        ("apiApplicationCreate", "APIApplicationCreateMutationInput", application(json!({ "name": "TEXT" }))),
        (
            "apiApplicationCreate",
            "APIApplicationCreateMutationInput",
            application(json!({ "description": "TEXT" })),
        ),
        (
            "apiApplicationCreate",
            "APIApplicationCreateMutationInput",
            application(json!({ "clientId": "TEXT" })),
        ),
        (
            "apiApplicationUpdate",
            "APIApplicationUpdateMutationInput",
            json!({ "id": row["Id"], "name": "TEXT" }),
        ),
        (
            "apiApplicationUpdate",
            "APIApplicationUpdateMutationInput",
            json!({ "id": row["Id"], "description": "TEXT" }),
        ),
        ("apiScopeCreate", "APIScopeCreateMutationInput", json!({ "name": "turned", "displayName": "TEXT" })),
        (
            "apiScopeCreate",
            "APIScopeCreateMutationInput",
            json!({ "name": "turned", "displayName": "x", "description": "TEXT" }),
        ),
        (
            "apiResourceCreate",
            "APIResourceCreateMutationInput",
            json!({ "identifier": "https://turned.example", "name": "TEXT" }),
        ),
        (
            "apiResourceCreate",
            "APIResourceCreateMutationInput",
            json!({ "identifier": "https://turned.example", "name": "x", "description": "TEXT" }),
        ),
        ("apiAccessTokenCreate", "APIAccessTokenCreateMutationInput", token),
    ]
}

fn with_text(input: &Value, text: &str) -> Value {
    let mut input = input.clone();
    for value in input.as_object_mut().unwrap().values_mut().filter(|value| **value == "TEXT") {
        *value = text.into();
    }
    input
}

on_both_engines! {
    /// Every field accepts names of all scripts, and names the character that it refuses.
    fn what_turns_text_is_refused_everywhere(server: &mut Server) {
        for (mutation, input_type, input) in places(server) {
            for hidden in [TURNING, '\u{200b}'] {
                let refused = change(server, mutation, input_type, &with_text(&input, &format!("a{hidden}b")), "clientMutationId");
                let refused = refused.expect_err(mutation);
                let named = format!("U+{:04X}", u32::from(hidden));
                let is_client_id = input["clientId"] == "TEXT" && refused.contains("visible ASCII");
                assert!(refused.contains(&named) || is_client_id, "{mutation} {input}: {refused}");
            }
        }
        let form = |description: &str| {
            let form = [("client_id", "grantor-cli"), ("scope", "read"), ("description", description)];
            let response = server.post("/id/connect/deviceauthorization", &form).send().unwrap();
            (response.status().as_u16(), response.text().unwrap())
        };
        let (status, body) = form("lamp\u{202e}");
        assert!(status == 400 && body.contains("U+202E"), "{body}");
        assert_eq!(form("Лампа 💡 می\u{200c}خواهم").0, 200);
        let centre = call_centre(server, "call-centre", &json!({}));
        for (message, status) in [("W4\u{200b}SCT", 400), ("W4\u{202e}SCT", 400), ("Überweisung 7 €", 200)] {
            let form = [("scope", "openid"), ("login_hint", "BEN"), ("binding_message", message)];
            let (answered, answer) = ask(server, &centre, &form);
            assert_eq!(answered, status, "{message:?}: {answer}");
            assert!(status == 200 || answer["error"] == "invalid_binding_message", "{answer}");
        }
    }

    /// Older stored text is kept and does not prevent other changes; a user who changes the text gets the
    /// error.
    fn text_of_before_goes_on(server: &mut Server) {
        assert!(server.stop());
        server.change(&format!("UPDATE \"Sec_Trusted_Applications\" SET name = 'Notes{TURNING}x' WHERE application_uri = 'demo-web'"));
        server.run();
        let row = server.rows("Systems_Security_TrustedApplications?$filter=ApplicationUri eq 'demo-web'&$select=Id", &server.world().admin.pat).remove(0);
        let update = |input: &Value| change(server, "apiApplicationUpdate", "APIApplicationUpdateMutationInput", input, "apiApplication { name }");
        assert!(update(&json!({ "id": row["Id"], "description": "Plain" })).is_ok());
        assert!(update(&json!({ "id": row["Id"], "name": "Notes\u{202e}y" })).unwrap_err().contains("U+202E"));
        assert_eq!(update(&json!({ "id": row["Id"], "name": " Plain\u{3000} notes " })).unwrap()["apiApplication"]["name"], "Plain notes");
    }
}
