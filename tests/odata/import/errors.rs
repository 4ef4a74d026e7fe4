//! Bodies and parameters that are wrong, and limits.

use serde_json::{Value, json};

use super::{IMPORT, USER, results, user, with};
use crate::support::Server;

impl Server {
    /// Sends a body as it is.
    fn import_text(&self, content_type: &str, body: String, token: &str) -> (u16, Value) {
        let request = self.http.post(format!("{}/api/domain/odata/{IMPORT}", self.url)).bearer_auth(token);
        let response = request.header("Content-Type", content_type).body(body).send().unwrap();
        (response.status().as_u16(), response.json().unwrap())
    }
}

const JSON: &str = "application/json";

on_both_engines! {
    /// A request whose parameters are wrong, or that has no objects to begin with, is refused as a whole.
    fn a_request_that_cannot_begin_is_refused(server: &mut Server) {
        let admin = &server.world().admin.pat;
        let import = |content_type: &str, body: &str| server.import_text(content_type, body.to_owned(), admin);
        for body in ["", "[]", "{", "{}", "{\"objects\":{}}", "{\"objects\":[1]}", "{\"transaction\":\"all-objects\"}"] {
            let (status, refused) = import(JSON, body);
            assert_eq!((status, &refused["error"]["code"]), (400, &json!("BAD_USER_INPUT")), "{body}: {refused}");
        }
        let (status, refused) =
            import(JSON, r#"{"transaction":"all","model":"x","logginglevel":1,"objects":[]}"#);
        assert_eq!((status, refused["error"]["details"].as_array().unwrap().len()), (400, 3), "{refused}");
        assert_eq!(import("text/csv", "Login").0, 415);
    }

    /// What follows an object that is not JSON is not read; what precedes it has taken effect.
    fn a_body_that_breaks_off_ends_with_its_reason(server: &mut Server) {
        let admin = &server.world().admin.pat;
        let first = |login: &str| user(login, "First").to_string();
        for (number, rest) in ["{\"a\":}]}", "{\"a\":1", "x", "]", "{}"].into_iter().enumerate() {
            let login = format!("broken-{number}");
            let body = format!("{{\"objects\":[{},{rest}", first(&login));
            let (status, response) = server.import_text(JSON, body, admin);
            assert_eq!((status, results(&response)[0]), (200, "Added"), "{rest}: {response}");
            assert_eq!(response["@erpnet.result"], "fail", "{rest}");
            assert_eq!(response["@erpnet.error"]["code"], "BAD_USER_INPUT", "{rest}: {response}");
            assert_eq!(server.count(&format!("Systems_Security_Users?$filter=Login eq '{login}'"), admin), 1);
        }
        let body = format!("{{\"transaction\":\"all-objects\",\"objects\":[{},x", first("broken-all"));
        let (_, response) = server.import_text(JSON, body, admin);
        assert_eq!((results(&response), &response["@erpnet.result"]), (vec!["CONFLICT"], &json!("fail")));
        assert_eq!(server.count("Systems_Security_Users?$filter=Login eq 'broken-all'", admin), 0);
    }

    /// Each object has limits; one that is too long or too deep ends the import.
    fn objects_have_limits(server: &mut Server) {
        let admin = &server.world().admin.pat;
        let long = with(user("too-long", "L"), &json!({ "Notes": "x".repeat(70_000) })).to_string();
        let deep = format!("{{\"a\":{}1{}}}", "[".repeat(20), "]".repeat(20));
        for bad in [long, deep] {
            let body = format!("{{\"objects\":[{},{bad}]}}", json!({ "@odata.type": USER }));
            let (status, response) = server.import_text(JSON, body, admin);
            assert_eq!((status, results(&response)), (200, vec!["BAD_USER_INPUT"]));
            assert_eq!(response["@erpnet.error"]["code"], "LIMIT_EXCEEDED", "{response}");
        }
    }

    /// An object says what is wrong with it.
    fn objects_that_are_wrong_say_why(server: &mut Server) {
        let admin = &server.world().admin.pat;
        for (object, target) in [
            (json!({ "Login": "x" }), "@odata.type"),
            (json!({ "@odata.type": "Erp.Systems_Security_Usr" }), "@odata.type"),
            (with(user("x", "x"), &json!({ "@erpnet.action": "upsert" })), "@erpnet.action"),
            (with(user("x", "x"), &json!({ "@erpnet.findBy": { "Code": "x" } })), "@erpnet.findBy"),
            (json!({ "@odata.type": USER, "@erpnet.action": "merge" }), "@erpnet.findBy"),
            (json!({ "@odata.type": USER, "@erpnet.action": "find", "@erpnet.findBy": {} }), "@erpnet.findBy"),
            (json!({ "@odata.type": USER, "@erpnet.action": "find", "@erpnet.findBy": { "Login": "x" } }), "@erpnet.findBy/Login"),
            (json!({ "@odata.type": USER, "@erpnet.action": "find", "@erpnet.findBy": { "Id": "7" } }), "@erpnet.findBy/Id"),
        ] {
            let response = server.import(&json!({}), std::slice::from_ref(&object), admin);
            let details = response["objects"][0]["@erpnet.error"]["details"].as_array().cloned().unwrap_or_default();
            assert!(details.iter().any(|detail| detail["target"] == target), "{object}: {response}");
        }
        let twice = format!("{{\"objects\":[{{\"@odata.type\":\"{USER}\",\"Login\":\"a\",\"Login\":\"b\"}},{}]}}", user("after", "A"));
        let (_, response) = server.import_text(JSON, twice, admin);
        assert_eq!(results(&response), ["BAD_USER_INPUT", "Added"]);
    }
}
