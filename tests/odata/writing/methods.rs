//! Methods, bodies and single properties.

use reqwest::Method;
use serde_json::{Value, json};

use super::{APPLICATIONS, TOKENS, USERS, address, personal};

on_both_engines! {
    /// A method that a resource does not have is answered with those that it has.
    fn methods_are_those_of_the_model(server: &mut Server) {
        let pat = server.world().admin.pat;
        let id = "12345678-9abc-def0-1234-56789abcdef0";
        for (method, path, allowed) in [
            (Method::PATCH, TOKENS.to_owned(), "GET, HEAD, POST"),
            (Method::POST, format!("{TOKENS}({id})"), "GET, HEAD, PATCH, PUT, DELETE"),
            (Method::DELETE, format!("Systems_Security_Scopes({id})"), "GET, HEAD, PATCH, PUT"),
            (Method::POST, "Systems_Security_AuditEvents".to_owned(), "GET, HEAD"),
            (Method::POST, "$metadata".to_owned(), "GET, HEAD"),
            (Method::PUT, format!("{USERS}({id})/Login"), "GET, HEAD"),
            (Method::DELETE, format!("{USERS}({id})/Name"), "GET, HEAD, PUT"),
        ] {
            let refused = server.write(&method, &path, &[], &json!({}), &pat);
            assert_eq!((refused.status, refused.header("allow")), (405, allowed), "{method} {path}");
        }
    }

    /// A body that is not one JSON object is refused, and nothing is stored.
    fn other_bodies_are_refused(server: &mut Server) {
        let pat = server.world().user.pat;
        let before = server.count(TOKENS, &pat);
        let send = |content_type: &str, body: &str| {
            let request = server.http.post(format!("{}/api/domain/odata/{TOKENS}", server.url));
            let request = request.bearer_auth(&pat).header("content-type", content_type).body(body.to_owned());
            request.send().unwrap().status().as_u16()
        };
        let json = "application/json;odata.metadata=minimal";
        for body in ["", "{", "[]", "null", "7", "\"x\"", "{\"Kind\":\"PersonalAccessToken\",\"Kind\":null}"] {
            assert_eq!(send(json, body), 400, "{body}");
        }
        assert_eq!(send("text/plain", "{}"), 415);
        assert_eq!(send(json, &format!("{{\"Description\":\"{}\"}}", "x".repeat(300_000))), 413);
        assert_eq!(server.count(TOKENS, &pat), before);
        let request = server.http.post(format!("{}/api/domain/odata/{TOKENS}", server.url));
        assert_eq!(request.json(&personal("x")).send().unwrap().status(), 401);
    }

    /// An option that cannot be met is refused before anything is written.
    fn options_are_checked_before_the_write(server: &mut Server) {
        let pat = server.world().user.pat;
        let before = server.count(TOKENS, &pat);
        let none = "application/xml";
        for (query, headers, status) in [
            ("?$select=Nope", &[][..], 400),
            ("?$expand=Nope", &[], 400),
            ("?$select=Data", &[], 403),
            ("", &[("Accept", none)], 406),
        ] {
            let refused = server.write(&Method::POST, &format!("{TOKENS}{query}"), headers, &personal("x"), &pat);
            assert_eq!(refused.status, status, "{query} {headers:?}: {}", refused.body);
        }
        assert_eq!(server.count(TOKENS, &pat), before);
    }

    /// Transactions are not offered yet, so a request that names one is not answered without it.
    fn an_unknown_transaction_is_refused(server: &mut Server) {
        let pat = server.world().user.pat;
        for method in [Method::GET, Method::POST] {
            let refused = server.write(&method, TOKENS, &[("TransactionId", "abc")], &json!({}), &pat);
            assert_eq!(refused.status, 400);
            assert_eq!(refused.body["error"]["message"], "Invalid TransactionId abc.");
        }
    }

    /// Single values are set and removed at their own addresses.
    fn single_values_are_set(server: &mut Server) {
        let world = server.world();
        let admin = &world.admin.pat;
        let body = json!({ "ApplicationUri": "single-values", "Name": "Single", "Scope": "read", "Description": "x" });
        let row = address(APPLICATIONS, &server.created(APPLICATIONS, &body, admin).id());
        let put = |path: &str, body: Value| server.write(&Method::PUT, &format!("{row}/{path}"), &[], &body, admin);
        assert_eq!(put("Name", json!({ "value": "Other" })).status, 204);
        assert_eq!(put("Name", json!({ "value": 7 })).status, 400);
        assert_eq!(put("Name", json!({ "Value": "x" })).status, 400);
        assert_eq!(put("Name", json!({ "value": null })).status, 400);
        assert_eq!(server.delete(&format!("{row}/Description"), admin).status, 204);
        let user = json!({ "Login": "single-robot", "Name": "Robot", "UserType": "ApplicationUserNoLogin" });
        let robot = format!("{USERS}({})", server.created(USERS, &user, admin).id());
        assert_eq!(put("SystemUser/$ref", json!({ "@odata.id": robot })).status, 204);
        assert_eq!(put("SystemUser/$ref", json!({ "@odata.id": row })).status, 400);
        let shown = server.row(&row, admin);
        assert_eq!((&shown["Name"], &shown["Description"]), (&json!("Other"), &Value::Null));
        assert_eq!(shown["SystemUser"]["@odata.id"], robot);
        assert_eq!(server.delete(&format!("{row}/SystemUser/$ref"), admin).status, 204);
        assert!(server.row(&row, admin)["SystemUser"].is_null());
    }
}
