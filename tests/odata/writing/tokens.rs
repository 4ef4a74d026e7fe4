//! Grants: creating, changing and revoking them.

use reqwest::Method;
use serde_json::json;

use super::{APPLICATIONS, TOKENS, address, personal};
use crate::support::sha256;

on_both_engines! {
    /// The secret of a new token is in the response that creates it, and nowhere else.
    fn a_token_is_created_with_its_secret(server: &mut Server) {
        let world = server.world();
        let created = server.created(TOKENS, &personal("by OData"), &world.user.pat);
        let secret = created.secret().to_owned();
        assert!(secret.starts_with("grt_pat_") && server.accepts(&secret), "{}", created.body);
        assert_eq!(created.header("etag"), "W/\"1\"");
        assert_eq!(created.header("location"), created.header("odata-entityid"));
        assert!(created.header("location").starts_with(&format!("{}/api/domain/odata/{TOKENS}(", server.url)));
        assert_eq!(created.body["Description"], "by OData");
        let row = server.row(&address(TOKENS, &created.id()), &world.user.pat);
        assert_eq!(row["AccessTokenKey"], sha256(&secret));
        assert_eq!((&row["Type"], &row["Client"]), (&json!("personal_access_token"), &json!("demo-web")));
        assert_eq!((&row["Scopes"], &row["Actor"]), (&json!("read update"), &json!("ben")));
        assert!(!row.to_string().contains(&secret));
    }

    /// A response with a secret has a body, whatever the client prefers and may read.
    fn a_secret_is_never_lost(server: &mut Server) {
        let world = server.world();
        let minimal = [("Prefer", "return=minimal")];
        let brief = server.write(&Method::POST, TOKENS, &minimal, &personal("brief"), &world.user.pat);
        assert_eq!((brief.status, brief.header("preference-applied")), (201, ""));
        assert!(server.accepts(brief.secret()) && brief.body["Description"].is_null());
        assert_eq!(brief.body["Id"], brief.id().as_str());
        let mut body = personal("writes only");
        body["Scopes"] = json!("update");
        let writer = server.created(TOKENS, &body, &world.user.pat);
        let by_writer = server.created(TOKENS, &body, writer.secret());
        assert!(by_writer.secret().starts_with("grt_pat_") && by_writer.body["Description"].is_null());
    }

    /// One response names everything that is wrong, and nothing was stored.
    fn every_error_is_named_at_once(server: &mut Server) {
        let world = server.world();
        let before = server.count(TOKENS, &world.user.pat);
        let body = json!({
            "Descripton": "x",
            "Description": "x".repeat(129),
            "ExpireTimestamp": "tomorrow",
            "AccessTokenKey": "abc",
            "Scopes": 7,
            "User": { "Login": "ada" },
        });
        let refused = server.create(TOKENS, &body, &world.user.pat);
        assert_eq!((refused.status, &refused.body["error"]["code"]), (400, &json!("BAD_USER_INPUT")));
        let mut details = refused.details();
        details.sort();
        let expected = [
            ("AccessTokenKey", "READ_ONLY"),
            ("Description", "TOO_LONG"),
            ("Descripton", "UNKNOWN_PROPERTY"),
            ("ExpireTimestamp", "BAD_VALUE"),
            ("Kind", "REQUIRED"),
            ("Scopes", "BAD_VALUE"),
            ("TrustedApplication", "BAD_VALUE"),
            ("User", "BAD_REFERENCE"),
        ];
        assert_eq!(details, expected.map(|(target, code)| (target.to_owned(), code.to_owned())));
        for (name, value, target) in [
            ("Client", json!("no-such-client"), "Client"),
            ("Scopes", json!("no-such-scope"), "Scopes"),
            ("ExpireTimestamp", json!("2001-01-01T00:00:00Z"), "ExpireTimestamp"),
            ("AllowedIPAddresses", json!("nowhere"), "AllowedIPAddresses"),
            ("Kind", json!("RefreshToken"), "Kind"),
            ("Type", json!("service_access_token"), "Type"),
            ("TrustedApplication", json!({ "@odata.id": format!("{APPLICATIONS}(12345678-9abc-def0-1234-56789abcdef0)") }), "TrustedApplication"),
            ("GrantedScopes", json!([{ "Scope": "read" }]), "GrantedScopes"),
        ] {
            let mut body = personal("x");
            body[name] = value;
            let refused = server.create(TOKENS, &body, &world.user.pat);
            assert_eq!(refused.status, 400, "{body}: {}", refused.body);
            assert_eq!(refused.details()[0].0, target, "{}", refused.body);
        }
        assert_eq!(server.count(TOKENS, &world.user.pat), before);
    }

    /// The client's policy is the same as everywhere: service tokens are for administrators.
    fn the_policy_of_the_client_holds(server: &mut Server) {
        let world = server.world();
        let service = |client: &str| json!({ "Type": "service_access_token", "Client": client, "Scopes": "read" });
        assert_eq!(server.create(TOKENS, &service("demo-service"), &world.user.pat).status, 403);
        let created = server.created(TOKENS, &service("demo-service"), &world.admin.pat);
        assert!(created.secret().starts_with("grt_sat_"), "{}", created.body);
        let mut body = personal("x");
        body["Client"] = json!("demo-native");
        assert_eq!(server.create(TOKENS, &body, &world.user.pat).status, 403);
        let applications = server.rows(&format!("{APPLICATIONS}?$select=Id,ApplicationUri&$filter=ApplicationUri eq 'demo-web'"), &world.admin.pat);
        let id = applications[0]["Id"].as_str().unwrap();
        let mut by_reference = personal("by reference");
        by_reference["Client"].take();
        by_reference["TrustedApplication@odata.bind"] = json!(format!("{APPLICATIONS}({id})"));
        server.created(TOKENS, &by_reference, &world.user.pat);
        by_reference["Client"] = json!("demo-service");
        let refused = server.create(TOKENS, &by_reference, &world.user.pat);
        assert_eq!(refused.details(), [("Client".to_owned(), "CONTRADICTION".to_owned())]);
    }

    /// A change concerns what is given, and never gives a token more than it had.
    fn a_token_changes(server: &mut Server) {
        let world = server.world();
        let created = server.created(TOKENS, &personal("before"), &world.user.pat);
        let (address, pat) = (address(TOKENS, &created.id()), &world.user.pat);
        let changed = server.patch(&address, &json!({ "Description": "after" }), pat);
        assert_eq!((changed.status, changed.header("etag")), (204, "W/\"2\""));
        let wanted = [("Prefer", "return=representation")];
        let end = "2099-01-01T00:00:00Z";
        let body = json!({ "ExpireTimestamp": end, "AllowedIPAddresses": "127.0.0.0/8 192.0.2.7" });
        let shown = server.write(&Method::PATCH, &address, &wanted, &body, pat);
        assert_eq!((shown.status, shown.header("preference-applied")), (200, "return=representation"));
        assert_eq!((&shown.body["ExpireTimestamp"], &shown.body["Description"]), (&json!(end), &json!("after")));
        for (body, target) in [
            (json!({ "ExpireTimestamp": "2100-01-01T00:00:00Z" }), "ExpireTimestamp"),
            (json!({ "ExpireTimestamp": null }), "ExpireTimestamp"),
            (json!({ "AllowedIPAddresses": null }), "AllowedIPAddresses"),
            (json!({ "Scopes": "read" }), "Scopes"),
            (json!({ "RevokedTimestamp": end }), "RevokedTimestamp"),
            (json!({ "GrantedScopes": [] }), "GrantedScopes"),
        ] {
            let refused = server.patch(&address, &body, pat);
            assert_eq!(refused.status, 400, "{body}: {}", refused.body);
            assert_eq!(refused.details()[0].0, target);
        }
        assert_eq!(server.patch(&address, &json!({ "AllowedIPAddresses": "::/0" }), pat).status, 403);
        assert_eq!(server.row(&address, pat)["ObjectVersion"], 3);
    }

    /// A row can be sent back as it was read, and nothing is written then.
    fn a_row_is_sent_back_as_it_was_read(server: &mut Server) {
        let world = server.world();
        let created = server.created(TOKENS, &personal("same"), &world.user.pat);
        let (address, pat) = (address(TOKENS, &created.id()), &world.user.pat);
        let row = server.row(&address, pat);
        for method in [Method::PUT, Method::PATCH] {
            let sent = server.write(&method, &address, &[], &row, pat);
            assert_eq!((sent.status, sent.header("etag")), (204, "W/\"1\""), "{}", sent.body);
        }
        let replaced = server.write(&Method::PUT, &address, &[], &json!({}), pat);
        assert_eq!((replaced.status, replaced.header("etag")), (204, "W/\"2\""), "{}", replaced.body);
        assert!(server.row(&address, pat)["Description"].is_null());
    }

    /// A deleted grant is revoked with its descendants, and stays readable.
    fn a_deleted_grant_is_revoked(server: &mut Server) {
        let world = server.world();
        let mut parent = personal("parent");
        parent["Scopes"] = json!("read update");
        let parent = server.created(TOKENS, &parent, &world.user.pat);
        let child = server.created(TOKENS, &personal("child"), parent.secret());
        let address = address(TOKENS, &parent.id());
        assert_eq!(server.delete(&address, &world.user.pat).status, 204);
        assert!(!server.accepts(parent.secret()) && !server.accepts(child.secret()));
        let row = server.row(&address, &world.user.pat);
        assert!(row["RevokedTimestamp"].is_string() && row["RevocationReason"] == "Requested", "{row}");
        assert_eq!(server.patch(&address, &json!({ "Description": "x" }), &world.user.pat).status, 409);
        assert_eq!(server.delete(&address, &world.user.pat).status, 204);
    }

    /// Grants of others are as if they did not exist; a token without the scope `update` writes nothing.
    fn grants_of_others_are_not_there(server: &mut Server) {
        let world = server.world();
        let of_admin = server.created(TOKENS, &personal("of ada"), &world.admin.pat);
        let address = address(TOKENS, &of_admin.id());
        for status in [
            server.patch(&address, &json!({ "Description": "x" }), &world.user.pat).status,
            server.write(&Method::PATCH, &address, &[("If-Match", "W/\"7\"")], &json!({ "Description": "x" }), &world.user.pat).status,
            server.delete(&address, &world.user.pat).status,
        ] {
            assert_eq!(status, 404);
        }
        assert!(server.accepts(of_admin.secret()));
        let mut body = personal("reads only");
        body["Scopes"] = json!("read");
        let reader = server.created(TOKENS, &body, &world.user.pat);
        let refused = server.create(TOKENS, &personal("x"), reader.secret());
        assert_eq!((refused.status, &refused.body["error"]["code"]), (403, &json!("INSUFFICIENT_SCOPE")));
    }
}
