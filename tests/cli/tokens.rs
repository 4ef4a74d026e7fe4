//! `grantor token` and `grantor whoami`, with a token from the environment.

use serde_json::Value;

use crate::support::Server;

on_both_engines! {
    /// Create, list, show, revoke.
    fn a_token_lives_and_ends(server: &mut Server) {
        let world = server.world();
        let me = Some(world.user.pat.as_str());
        let create = [
            "token",
            "create",
            "--app",
            "demo-web",
            "--description",
            "nightly backup",
            "--scope",
            "read",
            "--expires",
            "12h",
        ];
        let printed = server.cli(&create, me).unwrap();
        let secret = printed.strip_suffix('\n').unwrap();
        assert!(
            secret.starts_with("grt_pat_") && !secret.contains(char::is_whitespace),
            "only the secret: {printed}"
        );
        assert!(server.accepts(secret));
        let row = server.grant(secret, &world.user.pat);
        let id = row["Id"].as_str().unwrap();

        let who: Value =
            serde_json::from_str(&server.cli(&["whoami", "--json"], Some(secret)).unwrap()).unwrap();
        assert_eq!(who["user"]["login"], world.user.login.as_str());
        assert_eq!(who["token"]["uuid"], id);
        assert_eq!(who["token"]["description"], "nightly backup");
        assert_eq!(who["scopes"], serde_json::json!(["read"]));

        let list = server.cli(&["token", "list", "--wide"], me).unwrap();
        let line = list.lines().find(|line| line.starts_with(id)).unwrap_or_else(|| panic!("{list}"));
        for part in ["personal_access_token", "live", "nightly backup", "demo-web", "read"] {
            assert!(line.contains(part), "{line}");
        }
        let list: Value =
            serde_json::from_str(&server.cli(&["token", "list", "--json", "--all"], me).unwrap()).unwrap();
        assert!(list.as_array().unwrap().iter().any(|row| row["Id"] == id));
        let list = server.cli(&["token", "list", "--state", "live", "--app", "demo-web", "--user", &world.user.login], me).unwrap();
        assert!(list.lines().all(|line| line.chars().count() <= 100), "{list}");
        assert!(list.lines().any(|line| line.starts_with(id) && line.contains("nightly backup")), "{list}");
        let lines = server.cli(&["token", "list", "--limit", "2", "--ndjson"], me).unwrap();
        assert!(lines.lines().count() == 2 && lines.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()), "{lines}");
        let none = server.cli(&["token", "list", "--expires-before", "1990-01-01", "--json"], me).unwrap();
        assert_eq!(none, "[]\n");
        let wrong = server.cli(&["token", "list", "--filter", "Client = 'x'"], me).unwrap_err();
        assert!(wrong.contains("eq"), "{wrong}");
        let shown = server.cli(&["token", "show", id], me).unwrap();
        assert!(shown.contains("nightly backup") && !shown.contains(secret), "{shown}");
        let shown: Value =
            serde_json::from_str(&server.cli(&["token", "show", id, "--json"], me).unwrap()).unwrap();
        assert_eq!(shown["AccessTokenKey"], row["AccessTokenKey"]);

        // The tokens of an inactive user or a disabled client cannot be used, whatever their own rows
        // contain.
        let state = |server: &Server| {
            let said = server.cli(&["token", "list"], Some(&world.admin.pat)).unwrap();
            said.lines().find(|line| line.starts_with(id)).unwrap_or_else(|| panic!("{said}")).to_owned()
        };
        let enable = |server: &Server, enabled: bool| {
            let ids = "{ apiApplications(filter: { clientId: { eq: \"demo-web\" } }) { nodes { id } } }";
            let application = server.graphql(ids, &serde_json::json!({}), &world.admin.pat).1;
            let input = serde_json::json!({ "id": application["data"]["apiApplications"]["nodes"][0]["id"], "isEnabled": enabled });
            let update = "mutation($input: APIApplicationUpdateMutationInput!) { apiApplicationUpdate(input: $input) { userErrors { code } } }";
            let (_, answer) = server.graphql(update, &serde_json::json!({ "input": input }), &world.admin.pat);
            assert!(answer["errors"].is_null(), "{answer}");
        };
        assert!(state(server).contains("live"));
        enable(server, false);
        assert!(!server.accepts(secret) && state(server).contains("disabled"), "{}", state(server));
        enable(server, true);
        assert!(server.accepts(secret) && state(server).contains("live"));

        let unasked = server.cli(&["token", "revoke", id], me).unwrap_err();
        assert!(unasked.contains("--yes") && server.accepts(secret), "{unasked}");
        assert_eq!(server.cli(&["token", "revoke", id, "--yes"], me).unwrap(), "Revoked.\n");
        assert!(!server.accepts(secret));
        assert_eq!(server.cli(&["token", "revoke", id, "--yes"], me).unwrap(), "The token was already revoked.\n");
        assert!(
            server
                .cli(&["token", "list"], me)
                .unwrap()
                .lines()
                .any(|line| line.starts_with(id) && line.contains("revoked"))
        );
        let refused = server.cli(&["whoami"], Some(secret)).unwrap_err();
        assert!(refused.contains("does not accept the token in GRANTOR_TOKEN"), "{refused}");
    }

    /// Change a token, and replace it by one with another secret.
    fn a_token_is_changed_and_rotated(server: &mut Server) {
        let me = server.world().user.pat;
        let run = |arguments: &[&str]| server.cli(&[&["token"], arguments].concat(), Some(&me));
        let json = |arguments: &[&str]| -> Value { serde_json::from_str(&run(arguments).unwrap()).unwrap() };
        let made = json(&["create", "--app", "demo-web", "--description", "before", "--scope", "read", "--json"]);
        let (id, secret) = (made["apiAccessToken"]["uuid"].as_str().unwrap(), made["secret"].as_str().unwrap());
        let changed = json(&["change", id, "--description", "after", "--expires", "7d", "--json"]);
        assert_eq!(changed["description"], "after");
        assert_ne!(changed["expiresAt"], made["apiAccessToken"]["expiresAt"]);
        for later in ["80d", "never"] {
            assert!(run(&["change", id, "--expires", later]).is_err(), "the expiry is not extended: {later}");
        }

        let rotated = run(&["rotate", id, "--keep-old-for", "1h"]).unwrap();
        let next = rotated.strip_suffix('\n').unwrap();
        assert!(next.starts_with("grt_pat_") && next != secret, "only the secret: {rotated}");
        assert!(server.accepts(next) && server.accepts(secret), "both are valid for an hour");
        let successor = server.grant(next, &me);
        assert_eq!((&successor["Description"], &successor["Scopes"]), (&"after".into(), &"read".into()));
        let last = json(&["rotate", successor["Id"].as_str().unwrap(), "--json"]);
        assert!(server.accepts(last["secret"].as_str().unwrap()) && !server.accepts(next));
        assert!(run(&["rotate", id, "--keep-old-for", "2020-01-01T00:00:00Z"]).unwrap_err().contains("has passed"));

        let id = last["apiAccessToken"]["uuid"].as_str().unwrap();
        assert_eq!(json(&["narrow", id, "--scope", "read", "--json"])["scopes"], serde_json::json!(["read"]));
        assert_eq!(json(&["revoke", id, "--yes", "--json"])["revokedCount"], 1);
    }

    /// An administrator creates service tokens; networks are kept.
    fn a_service_token_is_made(server: &mut Server) {
        let world = server.world();
        let create = [
            "token",
            "create",
            "--app",
            "demo-service",
            "--description",
            "run",
            "--service",
            "--expires",
            "never",
            "--json",
            "--allow-ip",
            "127.0.0.0/8",
            "--allow-ip",
            "192.0.2.7",
        ];
        let refused = server.cli(&create, Some(&world.user.pat)).unwrap_err();
        assert!(refused.contains("only administrators can make tokens"), "{refused}");
        let made: Value =
            serde_json::from_str(&server.cli(&create, Some(&world.admin.pat)).unwrap()).unwrap();
        let secret = made["secret"].as_str().unwrap();
        assert!(secret.starts_with("grt_sat_") && server.accepts(secret));
        let row = server.grant(secret, &world.admin.pat);
        assert_eq!(row["AllowedIPAddresses"], "127.0.0.0/8 192.0.2.7/32");
        assert!(row["ExpireTimestamp"].is_null() && made["apiAccessToken"]["expiresAt"].is_null());
    }
}
