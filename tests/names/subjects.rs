//! A client with pairwise subjects gets no identifiers that others know, and its subjects do not change.

use serde_json::{Value, json};

use super::change;
use crate::support::{Asking, Browser};

/// Whether a JSON value contains a text, at any depth.
fn stands_in(value: &Value, text: &str) -> bool {
    match value {
        Value::String(own) => own.contains(text),
        Value::Array(items) => items.iter().any(|item| stands_in(item, text)),
        Value::Object(members) => members.values().any(|member| stands_in(member, text)),
        _ => false,
    }
}

/// Returns the claims of a signed token.
fn claims(token: &str) -> Value {
    let payload = token.split('.').nth(1).unwrap_or_default();
    let bytes = data_encoding::BASE64URL_NOPAD.decode(payload.as_bytes()).unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or_default()
}

on_both_engines! {
    /// No response to the client contains the login or the identifier of the user.
    fn a_pairwise_application_is_not_told_the_login(server: &mut Server) {
        let ben = server.world().user;
        let id = server.rows("Systems_Security_Users?$filter=Login eq 'ben'&$select=Id", &server.world().admin.pat)[0]["Id"].as_str().unwrap().to_owned();
        for (format, subject_type) in [("REFERENCE", "pairwise"), ("JWT", "pairwise"), ("REFERENCE", "public")] {
            let client_id = format!("board-{format}-{subject_type}");
            let more = json!({ "accessTokenFormat": format, "metadata": { "subject_type": subject_type } });
            let more = if subject_type == "public" { json!({ "accessTokenFormat": format }) } else { more };
            let board = &server.new_application(&client_id, &more);
            let wish = json!({ "id_token": { "preferred_username": null }, "userinfo": { "preferred_username": null } });
            let asking = Asking::of(board, "openid profile offline_access").with("claims", &wish.to_string());
            let tokens = server.tokens(&asking, &Browser::of(server, &ben));
            let token = tokens["access_token"].as_str().unwrap();
            let told: Value = server.get("/id/connect/userinfo", Some(token)).send().unwrap().json().unwrap();
            let introspected = server.oauth("introspect", board, &[("token", token)]).1;
            let refreshed = server.refresh(board, tokens["refresh_token"].as_str().unwrap()).1;
            let of_refresh = server.oauth("introspect", board, &[("token", refreshed["refresh_token"].as_str().unwrap())]).1;
            assert_eq!((&introspected["active"], &of_refresh["active"]), (&json!(true), &json!(true)), "{introspected} {of_refresh}");
            let id_token = claims(tokens["id_token"].as_str().unwrap());
            let answers = [claims(token), id_token, told, introspected, refreshed.clone(), of_refresh, claims(refreshed["access_token"].as_str().unwrap()), claims(refreshed["id_token"].as_str().unwrap_or_default())];
            let tells = answers.iter().any(|answer| {
                stands_in(answer, &id) || answer["username"] == "ben" || answer["preferred_username"] == "ben"
            });
            assert_eq!(tells, subject_type == "public", "{format}: {answers:?}");
        }
    }

    /// Another redirect host changes no subject; a host outside of the sector can be added if the sector is
    /// named.
    fn another_host_changes_no_subject(server: &mut Server) {
        let ben = server.world().user;
        let more = json!({ "redirectUris": ["https://one.example/back"], "metadata": { "subject_type": "pairwise" } });
        let mut board = server.new_application("board", &more);
        board.redirect_uri = "https://one.example/back".to_owned();
        let subject = |board: &_| {
            let tokens = server.tokens(&Asking::of(board, "openid"), &Browser::of(server, &ben));
            claims(tokens["id_token"].as_str().unwrap())["sub"].clone()
        };
        let before = subject(&board);
        let row = server.rows("Systems_Security_TrustedApplications?$filter=ApplicationUri eq 'board'&$select=Id", &server.world().admin.pat).remove(0);
        let update = |input: Value| {
            let mut input = input;
            input["id"] = row["Id"].clone();
            change(server, "apiApplicationUpdate", "APIApplicationUpdateMutationInput", &input, "apiApplication { id }")
        };
        let moved = json!(["https://two.example/back"]);
        assert!(update(json!({ "redirectUris": moved })).unwrap_err().contains("sector_identifier"));
        let metadata = json!({ "subject_type": "pairwise", "sector_identifier": "one.example" });
        assert!(update(json!({ "redirectUris": moved, "metadata": metadata })).is_ok());
        board.redirect_uri = "https://two.example/back".to_owned();
        assert_eq!(subject(&board), before);
        assert!(update(json!({ "redirectUris": ["https://one.example/back"], "metadata": { "subject_type": "pairwise" } })).is_ok());
        board.redirect_uri = "https://one.example/back".to_owned();
        assert_eq!(subject(&board), before);
        // A change that does not name the type keeps it, and a return to pairwise subjects gives the same.
        assert!(update(json!({ "metadata": { "default_max_age": 7200 } })).is_ok());
        assert_eq!(subject(&board), before);
        assert!(update(json!({ "metadata": { "subject_type": "public" } })).is_ok());
        assert_ne!(subject(&board), before);
        assert!(update(json!({ "redirectUris": ["https://two.example/back"] })).is_ok());
        board.redirect_uri = "https://two.example/back".to_owned();
        assert!(update(json!({ "metadata": { "subject_type": "pairwise" } })).is_ok());
        assert_eq!(subject(&board), before);
    }

    /// Without the scope `read`, no interface tells a client more about the person than the claims that were agreed to.
    fn a_token_identifies_its_user_as_far_as_agreed(server: &mut Server) {
        let ben = server.world().user;
        let admin = server.world().admin.pat;
        let id = server.rows("Systems_Security_Users?$filter=Login eq 'ben'&$select=Id", &admin)[0]["Id"].as_str().unwrap().to_owned();
        for subject_type in ["pairwise", "public"] {
            let metadata = json!({ "metadata": { "subject_type": subject_type } });
            let board = &server.new_application(&format!("board-{subject_type}"), &metadata);
            for (scope, names_login, is_known) in [("openid", false, false), ("openid profile", true, false), ("openid update", false, false), ("openid read", true, true)] {
                let tokens = server.tokens(&Asking::of(board, scope), &Browser::of(server, &ben));
                let token = tokens["access_token"].as_str().unwrap();
                let names_login = is_known || (names_login && subject_type == "public");
                let names_id = is_known || subject_type == "public";
                let (status, viewer) = server.graphql("{ viewer { id user { login name email isAdmin uuid } token { uuid } } }", &json!({}), token);
                assert_eq!(status, 200, "{viewer}");
                assert_eq!(viewer["data"]["viewer"]["user"]["login"], if is_known { json!("ben") } else { Value::Null }, "{scope}: {viewer}");
                let passed = server.get("/verify", Some(token)).send().unwrap();
                let header = |name: &str| passed.headers()[name].to_str().unwrap().to_owned();
                assert_eq!(header("x-grantor-login"), if names_login { "ben" } else { "" }, "{scope}");
                assert_eq!(header("x-grantor-user"), if names_id { id.as_str() } else { "" }, "{scope}");
                let told = server.oauth("introspect", board, &[("token", token)]).1;
                assert_eq!(told["username"] == "ben", names_login && subject_type == "public", "{scope}: {told}");
                let own = server.odata(&format!("Systems_Security_AccessTokens({})", viewer["data"]["viewer"]["token"]["uuid"].as_str().unwrap()), token);
                assert_eq!(own.status(), if names_login { 200 } else { 403 }, "{scope}");
                if scope == "openid update" {
                    // What the token makes identifies the person no more than the token itself.
                    let create = "mutation { apiAccessTokenCreate(input: { kind: PERSONAL_ACCESS_TOKEN, clientId: \"demo-web\", scopes: [\"update\"] }) { secret } }";
                    let (_, made) = server.graphql(create, &json!({}), token);
                    let made = made["data"]["apiAccessTokenCreate"]["secret"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned();
                    let (_, viewer) = server.graphql("{ viewer { user { login } scopes } }", &json!({}), &made);
                    assert_eq!(viewer["data"]["viewer"], json!({ "user": null, "scopes": ["update"] }), "{viewer}");
                }
            }
        }
    }
}
