//! Deleting clients, and removing self-registered clients that were never used.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::change;
use crate::support::{Application, Asking, Browser, Server};

const ADDRESS: &str = "http://127.0.0.1:8765/callback";

fn row(server: &Server, client_id: &str) -> Option<Value> {
    let query =
        format!("Systems_Security_TrustedApplications?$filter=ApplicationUri eq '{client_id}'&$select=Id");
    server.rows(&query, &server.world().admin.pat).pop()
}

fn delete(server: &Server, id: &Value, dry_run: bool) -> Result<Value, String> {
    let input = json!({ "id": id, "dryRun": dry_run });
    change(server, "apiApplicationDelete", "APIApplicationDeleteMutationInput", &input, "grantCount")
}

fn register(server: &Server, name: &str) -> Application {
    let body =
        json!({ "client_name": name, "redirect_uris": [ADDRESS], "token_endpoint_auth_method": "none" });
    let made = server.http.post(format!("{}/id/connect/register", server.url)).json(&body).send().unwrap();
    let made: Value = made.json().unwrap();
    Application {
        client_id: made["client_id"].as_str().unwrap().to_owned(),
        client_secret: None,
        redirect_uri: ADDRESS.to_owned(),
    }
}

on_both_engines! {
    /// A deleted client is gone, its tokens are refused at once, and its grants are kept, revoked. A new
    /// client with the same client id inherits nothing.
    fn a_deleted_application_leaves_nothing_that_works(server: &mut Server) {
        let world = server.world();
        let board = server.new_application("board", &json!({}));
        let browser = Browser::of(server, &world.user);
        let tokens = server.tokens(&Asking::of(&board, "openid read offline_access"), &browser);
        let access = tokens["access_token"].as_str().unwrap();
        assert!(server.accepts(access));
        let id = row(server, "board").unwrap()["Id"].clone();
        let preview = delete(server, &id, true).unwrap();
        assert!(preview["grantCount"].as_u64().unwrap() >= 3, "{preview}");
        assert!(server.accepts(access), "a dry run changes nothing");
        let ben = json!({ "id": id, "dryRun": false });
        let document = "mutation($input: APIApplicationDeleteMutationInput!) { apiApplicationDelete(input: $input) { grantCount } }";
        let (_, refused) = server.graphql(document, &json!({ "input": ben }), &world.user.pat);
        assert!(!refused["errors"].is_null(), "{refused}");
        assert_eq!(delete(server, &id, false).unwrap()["grantCount"], preview["grantCount"]);
        assert!(row(server, "board").is_none());
        assert!(!server.accepts(access));
        assert_eq!(server.refresh(&board, tokens["refresh_token"].as_str().unwrap()).0, 401, "the application is unknown");
        let kept = server.grant(access, &world.admin.pat);
        assert!(kept["RevokedTimestamp"].is_string() && kept["Client"] == "board", "{kept}");
        assert!(delete(server, &id, false).unwrap_err().contains("no such application"));
        let events = server.rows("Systems_Security_AuditEvents?$filter=Type eq 'ApplicationDeleted'&$expand=ActorUser($select=Login)", &world.admin.pat);
        assert_eq!((events.len(), &events[0]["ActorUser"]["Login"]), (1, &json!("ada")));
        let again = server.new_application("board", &json!({}));
        assert!(!server.accepts(access));
        assert_eq!(server.refresh(&again, tokens["refresh_token"].as_str().unwrap()).0, 400, "it belongs to another client");
        assert!(browser.visit(&Asking::of(&again, "openid read").path()).page().has("asks to act"), "there is no consent");
        let own = row(server, "grantor-cli").unwrap()["Id"].clone();
        assert!(delete(server, &own, false).unwrap_err().contains("part of the product"));
    }

    /// The command line shows the effects of deletion, and deletes.
    fn the_command_line_deletes_an_application(server: &mut Server) {
        let admin = server.world().admin.pat;
        server.new_application("board", &json!({}));
        let shown = server.cli(&["app", "delete", "board", "--dry-run"], Some(&admin)).unwrap();
        assert!(shown.contains("Would delete the application board (Team board) and end 0 grants."), "{shown}");
        assert!(server.cli(&["app", "delete", "board"], Some(&admin)).unwrap_err().contains("--yes"));
        assert!(row(server, "board").is_some());
        assert!(server.cli(&["app", "delete", "board", "--yes"], Some(&admin)).unwrap().contains("Deleted"));
        assert!(row(server, "board").is_none());
        assert!(server.cli(&["app", "delete", "board", "--yes"], Some(&admin)).is_err());
    }

    /// A client that registered itself and was never used is removed; a used one stays, and so does one of an
    /// administrator.
    fn what_registered_itself_for_nothing_is_removed(server: &mut Server) {
        server.restart_with("GRANTOR_DYNAMIC_REGISTRATION", "open");
        server.restart_with("GRANTOR_PURGE_INTERVAL", "1");
        let (idle, asking, used) = (register(server, "Idle"), register(server, "Asking"), register(server, "Used"));
        let fresh = register(server, "Fresh");
        server.new_application("vouched", &json!({}));
        server.start_device(&asking.client_id, "read");
        let code = Asking::of(&used, "openid read").code(&Browser::of(server, &server.world().user));
        assert_eq!(server.exchange_code(&used, &code).0, 200);
        assert!(server.stop());
        for client_id in [&idle.client_id, &asking.client_id, &used.client_id, "vouched"] {
            server.change(&format!("UPDATE \"Sec_Trusted_Applications\" SET creation_time_utc = 0 WHERE application_uri = '{client_id}'"));
        }
        server.run();
        let began = Instant::now();
        while row(server, &idle.client_id).is_some() || row(server, &asking.client_id).is_some() {
            assert!(began.elapsed() < Duration::from_secs(30), "they are not removed");
            std::thread::sleep(Duration::from_millis(200));
        }
        for client_id in [&used.client_id, &fresh.client_id, "vouched"] {
            assert!(row(server, client_id).is_some(), "{client_id}");
        }
        let events = server.rows("Systems_Security_AuditEvents?$filter=Type eq 'ApplicationDeleted'", &server.world().admin.pat);
        assert_eq!(events.len(), 2);
        assert!(events.iter().all(|event| event["Data"].as_str().unwrap().contains("unused")), "{events:?}");
    }
}
