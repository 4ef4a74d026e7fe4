//! Copies of rows in a transaction.

use reqwest::Method;
use serde_json::{Value, json};

use super::super::writing::{APPLICATIONS, TOKENS, USERS, address, personal};

on_both_engines! {
    /// A copied application has the children of the original and another name; nothing is stored before the end.
    fn an_application_is_copied_with_its_children(server: &mut Server) {
        let world = server.world();
        let admin = &world.admin.pat;
        let user = server.write(&Method::POST, USERS, &[], &json!({ "Login": "copied-user", "Name": "U" }), admin);
        let original = json!({
            "ApplicationUri": "copied-app", "Name": "Original", "Scope": "read",
            "Authorizations": [{ "ContextUser@odata.bind": address(USERS, &user.id()), "Notes": "n" }],
        });
        let original = server.write(&Method::POST, APPLICATIONS, &[], &original, admin);
        let action = format!("{}/CreateCopy", address(APPLICATIONS, &original.id()));
        assert_eq!(server.write(&Method::POST, &action, &[], &Value::Null, admin).status, 400);
        let id = server.begin(admin);
        let header = [("TransactionId", id.as_str())];
        let copy = server.write(&Method::POST, &action, &header, &Value::Null, admin);
        assert_eq!(copy.status, 201, "{}", copy.body);
        assert_eq!((&copy.body["ApplicationUri"], &copy.body["Name"]), (&json!("copied-app-copy"), &json!("Original")));
        let second = server.write(&Method::POST, &action, &header, &Value::Null, admin);
        assert_eq!(second.body["ApplicationUri"], "copied-app-copy-2", "{}", second.body);
        let path = address(APPLICATIONS, &copy.id());
        assert_eq!(server.within(&id, &format!("{path}/Authorizations"), admin)["value"][0]["Notes"], "n");
        let renamed = server.write(&Method::PATCH, &path, &header, &json!({ "ApplicationUri": "renamed-app" }), admin);
        assert_eq!(renamed.status, 204, "{}", renamed.body);
        assert_eq!(server.said(&Method::GET, &path, "", &Value::Null, admin).0, 404);
        let ended = server.end(&id, true, admin);
        assert!(ended.status == 200 || ended.status == 204, "{}", ended.body);
        assert_eq!(server.rows(&path, admin)[0]["ApplicationUri"], "renamed-app");
    }

    /// A copied token has a secret of its own, which the end shows.
    fn a_copied_token_has_its_own_secret(server: &mut Server) {
        let world = server.world();
        let pat = &world.user.pat;
        let original = server.write(&Method::POST, TOKENS, &[], &personal("original"), pat);
        let secret = original.body["@grantor.secret"].as_str().unwrap().to_owned();
        let id = server.begin(pat);
        let action = format!("{}/Erp.CreateCopy", address(TOKENS, &original.id()));
        let copy = server.write(&Method::POST, &action, &[("TransactionId", &id)], &json!({}), pat);
        assert_eq!(copy.status, 201, "{}", copy.body);
        assert_eq!((&copy.body["Description"], copy.body.get("@grantor.secret")), (&json!("original"), None));
        let ended = server.end(&id, true, pat);
        let own = ended.body["value"][0]["@grantor.secret"].as_str().unwrap();
        assert_ne!(own, secret);
        assert!(server.accepts(own) && server.accepts(&secret));
    }
}
