//! Users: the administration, and what users set for themselves.

use serde_json::{Value, json};

use super::{USERS, address};
use crate::support::Browser;

on_both_engines! {
    /// Administrators create users; the same rules hold as everywhere.
    fn a_user_is_created(server: &mut Server) {
        let world = server.world();
        let body = json!({
            "Login": "new.user", "Name": "New User", "Email": "new@example.com", "Notes": "x",
            "DefaultLanguage": "de", "ExternalId": "4711", "ExternalSystem": "hr",
        });
        assert_eq!(server.create(USERS, &body, &world.user.pat).status, 403);
        let created = server.created(USERS, &body, &world.admin.pat);
        let row = server.row(&address(USERS, &created.id()), &world.admin.pat);
        for (name, value) in body.as_object().unwrap() {
            assert_eq!(row[name], *value, "{name}");
        }
        assert_eq!((&row["Active"], &row["UserType"]), (&json!(true), &json!("InternalUser")));
        let twice = server.create(USERS, &body, &world.admin.pat);
        assert_eq!(twice.status, 409, "{}", twice.body);
        let wrong = json!({
            "Login": "a b", "Email": "nobody", "Name": "", "IsAdmin": true, "UserType": "VirtualUserNoLogin",
            "Password": "x",
        });
        let refused = server.create(USERS, &wrong, &world.admin.pat);
        let mut targets: Vec<_> = refused.details().into_iter().map(|(target, _)| target).collect();
        targets.sort();
        assert_eq!(targets, ["Email", "IsAdmin", "Login", "Name", "Password"], "{}", refused.body);
    }

    /// A user who is disabled is signed out; the tokens are refused, and live again with the user.
    fn a_disabled_user_is_out(server: &mut Server) {
        let world = server.world();
        let browser = Browser::of(server, &world.user);
        let users = server.rows(&format!("{USERS}?$select=Id&$filter=Login eq 'ben'"), &world.admin.pat);
        let address = address(USERS, users[0]["Id"].as_str().unwrap());
        assert_eq!(browser.open("/tokens").status, 200);
        assert_eq!(server.patch(&address, &json!({ "Active": false }), &world.admin.pat).status, 204);
        assert!(!server.accepts(&world.user.pat));
        assert_eq!(server.patch(&address, &json!({ "Active": true }), &world.admin.pat).status, 204);
        assert!(!server.accepts(&world.user.pat), "nothing comes back");
        assert!(!browser.open("/tokens").has("New token"), "the session has ended");
        let events = "Systems_Security_AuditEvents?$top=1&$orderby=TimeUtc desc&$filter=Type eq 'UserUpdated'";
        let events = server.rows(events, &world.admin.pat);
        assert_eq!(events[0]["Data"], json!("{\"changed\":[\"Active\"]}"), "{events:?}");
    }

    /// Users set their language; administrators do not lock themselves out.
    fn users_change_what_is_theirs(server: &mut Server) {
        let world = server.world();
        let own = |login: &str| {
            let rows = server.rows(&format!("{USERS}?$select=Id&$filter=Login eq '{login}'"), &world.admin.pat);
            address(USERS, rows[0]["Id"].as_str().unwrap())
        };
        let (ben, ada) = (own("ben"), own("ada"));
        let pat = &world.user.pat;
        assert_eq!(server.patch(&ben, &json!({ "DefaultLanguage": "fr", "TimeZone": "Europe/Paris" }), pat).status, 204);
        for body in [json!({ "IsAdmin": true }), json!({ "Name": "x" }), json!({ "ExternalId": "x" }), json!({ "Email": null })] {
            assert_eq!(server.patch(&ben, &body, pat).status, 403, "{body}");
        }
        assert_eq!(server.patch(&ada, &json!({ "DefaultLanguage": "fr" }), pat).status, 404);
        let admin = &world.admin.pat;
        for body in [json!({ "Active": false }), json!({ "IsAdmin": false })] {
            assert_eq!(server.patch(&ada, &body, admin).status, 409, "{body}");
        }
        assert_eq!(server.delete(&ada, admin).status, 409);
    }

    /// The row of a user to whom nothing belongs is deleted; that of others becomes a pseudonym.
    fn a_user_is_deleted(server: &mut Server) {
        let world = server.world();
        let created = server.created(USERS, &json!({ "Login": "short", "Name": "Short" }), &world.admin.pat);
        let short = address(USERS, &created.id());
        assert_eq!(server.delete(&short, &world.admin.pat).status, 204);
        assert_eq!(server.odata(&short, &world.admin.pat).status(), 404);
        server.created(USERS, &json!({ "Login": "short", "Name": "Again" }), &world.admin.pat);
        let users = server.rows(&format!("{USERS}?$select=Id&$filter=Login eq 'ben'"), &world.admin.pat);
        let ben = address(USERS, users[0]["Id"].as_str().unwrap());
        assert_eq!(server.delete(&ben, &world.admin.pat).status, 204);
        assert!(!server.accepts(&world.user.pat));
        let row = server.row(&ben, &world.admin.pat);
        let id = users[0]["Id"].as_str().unwrap().replace('-', "");
        assert_eq!((&row["Login"], &row["Name"], &row["Active"]), (&json!(format!("deleted-{id}")), &json!("Deleted user"), &json!(false)));
        assert_eq!(server.delete(&ben, &world.admin.pat).status, 409, "it was deleted already");
    }

    /// An external identifier is one row's within a system; several rows without one are no conflict.
    fn external_identifiers_are_unique(server: &mut Server) {
        let world = server.world();
        let user = |login: &str, id: Value, system: Value| {
            let body = json!({ "Login": login, "Name": "X", "ExternalId": id, "ExternalSystem": system });
            server.create(USERS, &body, &world.admin.pat)
        };
        let first = user("ext1", json!("1"), json!("hr"));
        for (login, id, system, status) in [
            ("ext2", json!("1"), json!("hr"), 409),
            ("ext3", json!("1"), json!("crm"), 201),
            ("ext4", json!("1"), Value::Null, 201),
            ("ext5", json!("1"), Value::Null, 409),
            ("ext6", Value::Null, Value::Null, 201),
            ("ext7", Value::Null, Value::Null, 201),
            ("ext8", json!("x".repeat(255)), Value::Null, 400),
        ] {
            assert_eq!(user(login, id, system).status, status, "{login}");
        }
        let address = address(USERS, &first.id());
        let body = json!({ "ExternalSystem": "crm", "Name": "Y" });
        assert_eq!(server.patch(&address, &body, &world.admin.pat).status, 409);
        assert_eq!(server.row(&address, &world.admin.pat)["Name"], "X");
        assert_eq!(server.patch(&address, &json!({ "ExternalId": null }), &world.admin.pat).status, 204);
        assert_eq!(server.count(&format!("{USERS}?$filter=ExternalId eq '1'"), &world.admin.pat), 2);
    }
}
