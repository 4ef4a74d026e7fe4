//! Who may import: each object is checked like a request of its own.

use reqwest::Method;
use serde_json::{Value, json};

use super::super::writing::personal;
use super::{IMPORT, results, user, with};

on_both_engines! {
    /// A user imports what the user may write.
    fn each_object_needs_its_right(server: &mut Server) {
        let world = server.world();
        let token = with(json!({ "@odata.type": "Erp.Systems_Security_AccessToken" }), &personal("own"));
        let response = server.import(&json!({}), &[user("not-mine", "N"), token], &world.user.pat);
        assert_eq!(results(&response), ["FORBIDDEN", "Added"], "{response}");
        let event = json!({ "@odata.type": "Erp.Systems_Security_AuditEvent" });
        let response = server.import(&json!({}), &[event], &world.admin.pat);
        assert_eq!(results(&response), ["FORBIDDEN"]);
    }

    /// Rows that the caller may not see are not found.
    fn rows_of_others_are_not_found(server: &mut Server) {
        let world = server.world();
        let ada = with(user(&world.admin.login, "Changed"), &json!({ "@erpnet.action": "update" }));
        let response = server.import(&json!({}), &[ada], &world.user.pat);
        assert_eq!(results(&response), ["NOT_FOUND"]);
    }

    /// A request without a token, or with one that only reads, is refused before anything is read.
    fn a_token_that_writes_is_needed(server: &mut Server) {
        let world = server.world();
        let made = with(personal("reads only"), &json!({ "Scopes": "read" }));
        let reader = server.write(&Method::POST, super::super::writing::TOKENS, &[], &made, &world.admin.pat);
        let reader = reader.body["@grantor.secret"].as_str().unwrap().to_owned();
        let body = json!({ "objects": [user("never", "N")] });
        for (token, status) in [(reader.as_str(), 403), ("grt_pat_none", 401)] {
            assert_eq!(server.write(&Method::POST, IMPORT, &[], &body, token).status, status);
        }
        let get = server.write(&Method::GET, IMPORT, &[], &Value::Null, &world.admin.pat);
        assert_eq!(get.status, 405);
        assert_eq!(server.count("Systems_Security_Users?$filter=Login eq 'never'", &world.admin.pat), 0);
    }
}
