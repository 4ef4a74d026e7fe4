//! Applications and their authorizations.

use serde_json::json;

use super::{APPLICATIONS, USERS, address};

const AUTHORIZATIONS: &str = "Systems_Security_TrustedApplicationAuthorizations";

on_both_engines! {
    /// An application is created with its authorizations in one request, and its secret works.
    fn an_application_is_created_with_children(server: &mut Server) {
        let world = server.world();
        let admin = &world.admin.pat;
        let users = server.rows(&format!("{USERS}?$select=Id&$filter=Login eq 'ben'"), admin);
        let ben = address(USERS, users[0]["Id"].as_str().unwrap());
        let robot = server.created(
            USERS,
            &json!({ "Login": "robot", "Name": "Robot", "UserType": "ApplicationUserNoLogin" }),
            admin,
        );
        let body = json!({
            "ApplicationUri": "made-by-odata", "Name": "Made by OData", "Scope": "read", "Notes": "n",
            "SystemUser@odata.bind": address(USERS, &robot.id()), "SystemUserAllowed": true,
            "Authorizations": [{ "ContextUser": { "@odata.id": ben }, "Notes": "first" }],
        });
        assert_eq!(server.create(APPLICATIONS, &body, &world.user.pat).status, 403);
        let created = server.created(APPLICATIONS, &body, admin);
        let form = [("grant_type", "client_credentials"), ("scope", "read")];
        let token = server.http.post(format!("{}/id/connect/token", server.url));
        let token = token.basic_auth("made-by-odata", Some(created.secret())).form(&form).send().unwrap();
        assert_eq!(token.status(), 200, "{}", token.text().unwrap());
        let row = address(APPLICATIONS, &created.id());
        let children = server.rows(&format!("{row}/Authorizations?$select=default,Id"), admin);
        assert_eq!((children.len(), &children[0]["Notes"]), (1, &json!("first")));
        let mut wrong = body;
        wrong["ApplicationUri"] = json!("another");
        wrong["Authorizations"] = json!([{ "Notes": 7 }, { "ContextUser": null, "Foo": 1 }]);
        let refused = server.create(APPLICATIONS, &wrong, admin);
        let mut targets: Vec<_> = refused.details().into_iter().map(|(target, _)| target).collect();
        targets.sort();
        let expected =
            ["Authorizations/0/ContextUser", "Authorizations/0/Notes", "Authorizations/1/ContextUser", "Authorizations/1/Foo"];
        assert_eq!(targets, expected, "{}", refused.body);
        assert_eq!(server.count(&format!("{APPLICATIONS}?$filter=ApplicationUri eq 'another'"), admin), 0);
    }

    /// A change of a child counts as a change of the root.
    fn children_count_to_the_root(server: &mut Server) {
        let world = server.world();
        let admin = &world.admin.pat;
        let users = server.rows(&format!("{USERS}?$select=Id&$filter=Login eq 'ben'"), admin);
        let ben = address(USERS, users[0]["Id"].as_str().unwrap());
        let body = json!({ "ApplicationUri": "a-root", "Name": "A root", "Scope": "read" });
        let root = address(APPLICATIONS, &server.created(APPLICATIONS, &body, admin).id());
        let version = || server.row(&root, admin)["ObjectVersion"].as_i64().unwrap();
        assert_eq!(version(), 1);
        let child = json!({ "ContextUser@odata.bind": ben });
        let child = server.created(&format!("{root}/Authorizations"), &child, admin);
        let child = address(AUTHORIZATIONS, &child.id());
        assert_eq!(version(), 2);
        assert_eq!(server.patch(&child, &json!({ "Notes": "x" }), admin).status, 204);
        assert_eq!(version(), 3);
        let period = json!({ "ValidFromUtc": "2026-01-02T00:00:00Z", "ValidUntilUtc": "2026-01-01T00:00:00Z" });
        assert_eq!(server.patch(&child, &period, admin).details()[0].0, "ValidUntilUtc");
        assert_eq!(server.patch(&child, &json!({ "Notes": "y" }), &world.user.pat).status, 403);
        assert_eq!(server.delete(&child, admin).status, 204);
        assert_eq!(version(), 4);
        assert_eq!(server.count(&format!("{root}/Authorizations"), admin), 0);
    }

    /// A change takes effect at once, and a deletion ends everything.
    fn an_application_changes_and_ends(server: &mut Server) {
        let world = server.world();
        let admin = &world.admin.pat;
        let found = server.rows(&format!("{APPLICATIONS}?$select=Id&$filter=ApplicationUri eq 'demo-web'"), admin);
        let row = address(APPLICATIONS, found[0]["Id"].as_str().unwrap());
        let token = server.created(super::TOKENS, &super::personal("of the client"), &world.user.pat);
        assert!(server.accepts(token.secret()));
        for (body, target) in [
            (json!({ "Scope": "no-such-scope" }), "Scope"),
            (json!({ "ImpersonateLoginUrl": "javascript:x" }), "ImpersonateLoginUrl"),
            (json!({ "Metadata": "[]" }), "Metadata"),
            (json!({ "ApplicationUri": "other" }), "ApplicationUri"),
            (json!({ "ClientType": "Public" }), "ClientType"),
            (json!({ "SystemUser": { "@odata.id": address(USERS, "12345678-9abc-def0-1234-56789abcdef0") } }), "SystemUser"),
            (json!({ "Authorizations": [] }), "Authorizations"),
        ] {
            let refused = server.patch(&row, &body, admin);
            assert_eq!(refused.status, 400, "{body}: {}", refused.body);
            assert_eq!(refused.details()[0].0, target, "{}", refused.body);
        }
        assert_eq!(server.patch(&row, &json!({ "IsEnabled": false, "Notes": "off" }), admin).status, 204);
        assert!(!server.accepts(token.secret()));
        assert_eq!(server.patch(&row, &json!({ "IsEnabled": true }), admin).status, 204);
        assert!(server.accepts(token.secret()));
        assert_eq!(server.delete(&row, &world.user.pat).status, 403);
        assert_eq!(server.delete(&row, admin).status, 204);
        assert!(!server.accepts(token.secret()));
        assert_eq!(server.odata(&row, admin).status(), 404);
    }
}
