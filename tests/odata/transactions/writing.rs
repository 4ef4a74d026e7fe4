//! Writing in a transaction: everything is checked at once, and a new row is not fixed before the end.

use reqwest::Method;
use serde_json::{Value, json};

use super::super::writing::{USERS, address};

on_both_engines! {
    /// A fault is found when it is sent; the transaction stays as it was.
    fn faults_are_found_at_once(server: &mut Server) {
        let world = server.world();
        let admin = &world.admin.pat;
        let id = server.begin(admin);
        let header = [("TransactionId", id.as_str())];
        let user = |login: &str| json!({ "Login": login, "Name": "N" });
        assert_eq!(server.write(&Method::POST, USERS, &header, &user("tx-one"), admin).status, 201);
        let twice = server.write(&Method::POST, USERS, &header, &user("tx-one"), admin);
        assert_eq!(twice.status, 409, "{}", twice.body);
        let bad = server.write(&Method::POST, USERS, &header, &json!({ "Login": "a b", "Nmae": 1 }), admin);
        assert_eq!(bad.status, 400, "{}", bad.body);
        let none = address(USERS, "00000000-0000-7000-8000-000000000000");
        assert_eq!(server.write(&Method::PATCH, &none, &header, &json!({ "Name": "x" }), admin).status, 404);
        assert_eq!(server.end(&id, true, admin).status, 204);
        assert_eq!(server.count(&format!("{USERS}?$filter=Login eq 'tx-one'"), admin), 1);
    }

    /// Values that are set at creation can be changed until the end; a removed row leaves nothing.
    fn a_new_row_is_not_fixed_before_the_end(server: &mut Server) {
        let world = server.world();
        let admin = &world.admin.pat;
        let id = server.begin(admin);
        let header = [("TransactionId", id.as_str())];
        let created = |login: &str| {
            let user = json!({ "Login": login, "Name": "N" });
            let created = server.write(&Method::POST, USERS, &header, &user, admin);
            assert_eq!(created.status, 201, "{}", created.body);
            address(USERS, &created.id())
        };
        let (kept, removed) = (created("tx-first"), created("tx-removed"));
        let renamed = server.write(&Method::PATCH, &kept, &header, &json!({ "Login": "tx-second" }), admin);
        assert_eq!(renamed.status, 204, "{}", renamed.body);
        assert_eq!(server.within(&id, &format!("{kept}/Login"), admin)["value"], "tx-second");
        assert_eq!(server.write(&Method::DELETE, &removed, &header, &Value::Null, admin).status, 204);
        assert_eq!(server.said(&Method::GET, &removed, &id, &Value::Null, admin).0, 404);
        assert_eq!(server.end(&id, true, admin).status, 204);
        assert_eq!(server.rows(&kept, admin)[0]["Login"], "tx-second");
        let later = server.write(&Method::PATCH, &kept, &[], &json!({ "Login": "tx-third" }), admin);
        assert_eq!(later.status, 400, "{}", later.body);
        assert_eq!(server.said(&Method::GET, &removed, "", &Value::Null, admin).0, 404);
    }

    /// A stale version is refused at once, and at the end if another client was faster.
    fn versions_are_checked(server: &mut Server) {
        let world = server.world();
        let admin = &world.admin.pat;
        let user = server.write(&Method::POST, USERS, &[], &json!({ "Login": "tx-versions", "Name": "N" }), admin);
        let path = address(USERS, &user.id());
        let version = server.rows(&format!("{path}?$select=ObjectVersion"), admin)[0]["ObjectVersion"].clone();
        let id = server.begin(admin);
        let header = [("TransactionId", id.as_str())];
        let change = |name: &str, version: &Value| json!({ "Name": name, "ObjectVersion": version });
        assert_eq!(server.write(&Method::PATCH, &path, &header, &change("A", &json!(999)), admin).status, 412);
        assert_eq!(server.write(&Method::PATCH, &path, &header, &change("A", &version), admin).status, 204);
        assert_eq!(server.write(&Method::PATCH, &path, &[], &json!({ "Name": "B" }), admin).status, 204);
        let ended = server.end(&id, true, admin);
        assert_eq!(ended.status, 412, "{}", ended.body);
        assert_eq!(server.rows(&path, admin)[0]["Name"], "B");
    }
}
