//! What is not served yet is declared so, and refused with the declared text; so are former names.

use model::pending::PENDING;
use reqwest::Method;
use serde_json::{Value, json};

use super::super::writing::{TOKENS, address};
use super::first;

on_both_engines! {
    fn what_is_not_served_yet_says_so(server: &mut Server) {
        let admin = &server.world().admin.pat;
        let row = address(TOKENS, &first(server, TOKENS, "Kind eq 'PersonalAccessToken'", admin));
        let refused = |method: &Method, path: &str, text: &str| {
            let answer = server.write(method, path, &[], &Value::Null, admin);
            assert_eq!((answer.status, &answer.body["error"]["message"]), (501, &json!(text)), "{path}");
            assert_eq!(answer.body["error"]["code"], "NOT_IMPLEMENTED");
        };
        for pending in PENDING {
            let text = pending.text();
            assert!(text.starts_with("not yet: "), "{text}");
            for set in pending.sets {
                refused(&Method::GET, set, &text);
                refused(&Method::POST, set, &text);
            }
            for method in pending.methods {
                refused(&Method::POST, &format!("{row}/{method}"), &text);
                refused(&Method::POST, &format!("{row}/Erp.{method}"), &text);
                refused(&Method::GET, &format!("{method}(repositoryName='x')"), &text);
            }
            if let Some(prefix) = pending.property_prefix {
                refused(&Method::GET, &format!("{TOKENS}?$filter={prefix}color eq 'blue'"), &text);
                refused(&Method::GET, &format!("{TOKENS}?$select={prefix}color"), &text);
                refused(&Method::GET, &format!("{row}/{prefix}color"), &text);
            }
        }
        let page = server.get("/reference/entities/Systems.Security.AccessTokens.html", None).send().unwrap();
        assert_eq!(page.status(), 200);
        let page = page.text().unwrap();
        for pending in PENDING {
            assert!(page.contains(&pending.text()), "{}", pending.subject);
        }
        let metadata = server.odata("$metadata", admin).text().unwrap();
        assert!(!metadata.contains("CreateNotification"));
    }

    fn the_service_says_what_it_is(server: &mut Server) {
        let json_at = |path: &str| -> Value {
            let response = server.get(&format!("/api/domain/{path}"), None).send().unwrap();
            assert_eq!(response.status(), 200, "{path}");
            response.json().unwrap()
        };
        assert_eq!(json_at("odata/GetVersion"), json!({ "version": env!("CARGO_PKG_VERSION") }));
        assert_eq!(json_at("odata/Erp.GetVersion()"), json!({ "version": env!("CARGO_PKG_VERSION") }));
        for path in ["odata/Reset", "reset"] {
            assert_eq!(json_at(path), json!({ "success": true }));
        }
        let renamed = json_at("odata/GetRenamedEntityTypes");
        assert!(renamed["@odata.context"].as_str().unwrap().ends_with("#Collection(Erp.RenamedEntityType)"));
        assert_eq!(renamed["value"].as_array().unwrap().len(), model::RENAMED.len());
        let admin = &server.world().admin.pat;
        for row in renamed["value"].as_array().unwrap() {
            let (old, new) = (row["OldName"].as_str().unwrap(), row["NewName"].as_str().unwrap());
            let refused = server.write(&Method::GET, old, &[], &Value::Null, admin);
            assert_eq!(refused.status, 404);
            let message = refused.body["error"]["message"].as_str().unwrap();
            assert!(message.contains(new), "{message}");
        }
        assert_eq!(server.http.post(format!("{}/api/domain/odata/Reset", server.url)).send().unwrap().status(), 405);
    }
}
