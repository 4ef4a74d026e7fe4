//! What the requests of a transaction see, and the changes that it reports.

use reqwest::Method;
use serde_json::{Value, json};

use super::super::writing::{APPLICATIONS, USERS, address};

on_both_engines! {
    /// Rows of the transaction are read by key, by filters, by count and through references; others do not see them.
    fn a_transaction_sees_its_rows(server: &mut Server) {
        let world = server.world();
        let admin = &world.admin.pat;
        let id = server.begin(admin);
        let header = [("TransactionId", id.as_str())];
        let user = json!({ "Login": "tx-robot", "Name": "Robot", "UserType": "ApplicationUserNoLogin" });
        let user = server.write(&Method::POST, USERS, &header, &user, admin);
        assert_eq!(user.status, 201, "{}", user.body);
        assert_eq!(user.body["Active"], true);
        let client = json!({
            "ApplicationUri": "tx-client", "Name": "Client", "Scope": "read",
            "SystemUser@odata.bind": address(USERS, &user.id()),
        });
        let client = server.write(&Method::POST, APPLICATIONS, &header, &client, admin);
        assert_eq!(client.status, 201, "{}", client.body);
        let path = address(APPLICATIONS, &client.id());
        assert_eq!(server.within(&id, &format!("{path}/SystemUser/Login"), admin)["value"], "tx-robot");
        let by_filter = server.within(&id, &format!("{USERS}?$filter=Login eq 'tx-robot'&$count=true&tr={id}"), admin);
        assert_eq!((by_filter["@odata.count"].as_u64(), &by_filter["value"][0]["Name"]), (Some(1), &json!("Robot")));
        let expanded = server.within(&id, &format!("{path}?$select=Name&$expand=SystemUser($select=Login)"), admin);
        assert_eq!(expanded["SystemUser"]["Login"], "tx-robot");
        assert_eq!(server.count(&format!("{USERS}?$filter=Login eq 'tx-robot'"), admin), 0);
        assert_eq!(server.said(&Method::GET, &path, "", &Value::Null, admin).0, 404);
    }

    /// Changes are handed over once.
    fn changes_are_reported_once(server: &mut Server) {
        let world = server.world();
        let admin = &world.admin.pat;
        let existing = json!({ "Login": "tx-existing", "Name": "Before" });
        let existing = server.write(&Method::POST, USERS, &[], &existing, admin);
        let id = server.begin(admin);
        let header = [("TransactionId", id.as_str())];
        assert_eq!(server.within(&id, "GetChanges", admin), json!({}));
        let path = address(USERS, &existing.id());
        assert_eq!(server.write(&Method::PATCH, &path, &header, &json!({ "Name": "After" }), admin).status, 204);
        let created = server.write(&Method::POST, USERS, &header, &json!({ "Login": "tx-new", "Name": "New" }), admin);
        assert_eq!(created.status, 201, "{}", created.body);
        let changes = server.within(&id, "WaitForChanges()", admin);
        assert_eq!(changes["update"][USERS][existing.id()]["Name"], "After");
        assert_eq!(changes["insert"][USERS][created.id()]["Login"], "tx-new");
        assert_eq!(server.within(&id, "GetChanges", admin), json!({}));
        let created_path = address(USERS, &created.id());
        assert_eq!(server.write(&Method::PATCH, &created_path, &header, &json!({ "Notes": "n" }), admin).status, 204);
        let changes = server.within(&id, "Erp.GetChanges()", admin);
        assert_eq!(changes["update"], json!({ USERS: { created.id(): { "Notes": "n" } } }));
        assert_eq!(server.write(&Method::DELETE, &created_path, &header, &Value::Null, admin).status, 204);
        let changes = server.within(&id, "GetChanges", admin);
        assert_eq!(changes["delete"], json!({ USERS: { created.id(): {} } }));
    }
}
