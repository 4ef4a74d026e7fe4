//! Scopes and resource servers.

use serde_json::json;

use super::{APPLICATIONS, address};

const SCOPES: &str = "Systems_Security_Scopes";
const RESOURCES: &str = "Systems_Security_Resources";

on_both_engines! {
    /// A new scope can be granted from the response on; scopes of the product stay what they are.
    fn a_scope_is_added(server: &mut Server) {
        let world = server.world();
        let admin = &world.admin.pat;
        let body = json!({ "Name": "orders.read", "DisplayName": "Orders" });
        assert_eq!(server.create(SCOPES, &body, &world.user.pat).status, 403);
        let scope = address(SCOPES, &server.created(SCOPES, &body, admin).id());
        assert_eq!(server.create(SCOPES, &body, admin).status, 409);
        let client = json!({ "ApplicationUri": "orders", "Name": "Orders", "Scope": "orders.read" });
        server.created(APPLICATIONS, &client, admin);
        assert_eq!(server.patch(&scope, &json!({ "IsActive": false }), admin).status, 204);
        let client = json!({ "ApplicationUri": "orders2", "Name": "Orders 2", "Scope": "orders.read" });
        assert_eq!(server.create(APPLICATIONS, &client, admin).details()[0].0, "Scope");
        let refused = server.create(SCOPES, &json!({ "Name": "a b", "IsBuiltIn": true }), admin);
        let mut targets: Vec<_> = refused.details().into_iter().map(|(target, _)| target).collect();
        targets.sort();
        assert_eq!(targets, ["DisplayName", "IsBuiltIn"], "{}", refused.body);
        let read = server.rows(&format!("{SCOPES}?$select=Id&$filter=Name eq 'read'"), admin);
        let read = address(SCOPES, read[0]["Id"].as_str().unwrap());
        assert_eq!(server.patch(&read, &json!({ "DisplayName": "x" }), admin).status, 409);
    }

    fn a_resource_is_added(server: &mut Server) {
        let world = server.world();
        let admin = &world.admin.pat;
        let body = json!({
            "Identifier": "https://orders.example/api", "Name": "Orders", "Scope": "read",
            "AccessTokenLifetime": 60, "AccessTokenFormat": "Jwt",
        });
        let row = address(RESOURCES, &server.created(RESOURCES, &body, admin).id());
        assert_eq!(server.patch(&row, &json!({ "AccessTokenLifetime": null, "Scope": null }), admin).status, 204);
        let shown = server.row(&row, admin);
        assert!(shown["AccessTokenLifetime"].is_null() && shown["Scope"].is_null(), "{shown}");
        for (body, target) in [
            (json!({ "AccessTokenLifetime": -1 }), "AccessTokenLifetime"),
            (json!({ "Scope": "no-such-scope" }), "Scope"),
            (json!({ "Identifier": "https://other.example" }), "Identifier"),
            (json!({ "AccessTokenFormat": "Paper" }), "AccessTokenFormat"),
        ] {
            let refused = server.patch(&row, &body, admin);
            assert_eq!(refused.details().first().map(|(target, _)| target.as_str()), Some(target), "{}", refused.body);
        }
    }
}
