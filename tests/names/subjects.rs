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
    }
}
