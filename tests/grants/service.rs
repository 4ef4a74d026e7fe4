//! Service access tokens: created by an administrator, they act as the client's system user.

use serde_json::{Value, json};

use super::limits::make;
use super::lineage::row;
use crate::support::Browser;

fn service(client_id: &str) -> Value {
    json!({ "kind": "SERVICE_ACCESS_TOKEN", "clientId": client_id, "description": "Nightly run" })
}

on_both_engines! {
    /// A service token requires an administrator, a policy that allows it, and a system user.
    fn an_administrator_makes_a_service_token(server: &mut Server) {
        let world = server.world();
        let (token, scopes) = make(server, &world.admin.pat, &service("demo-service")).unwrap();
        assert!(token.starts_with("grt_sat_"));
        assert_eq!(scopes, ["read", "update"]);
        assert!(server.accepts(&token));
        let row = server.grant(&token, &world.admin.pat);
        assert_eq!(row["Type"], "service_access_token");
        assert_eq!(row["Actor"], "nightly-export");
        assert_eq!(row["Description"], "Nightly run");
        let seen = server.rows("Systems_Security_AccessTokens?$top=1000", &token);
        assert!(seen.iter().all(|row| row["Actor"] == "nightly-export"), "it sees only its own rows");

        let refused = Err("FORBIDDEN".to_owned());
        assert_eq!(make(server, &world.user.pat, &service("demo-service")), refused, "not an administrator");
        assert_eq!(make(server, &world.user.pat, &service("demo-web")), refused, "not an administrator");
        assert_eq!(make(server, &world.admin.pat, &service("demo-web")), refused, "no system user");
        assert_eq!(make(server, &world.admin.pat, &service("demo-reports")), refused, "policy None");
        let lesser = json!({ "clientId": "grantor-cli", "scopes": ["read", "update"] });
        let (lesser, _) = make(server, &world.admin.pat, &lesser).unwrap();
        assert_eq!(make(server, &lesser, &service("demo-service")), Err("INSUFFICIENT_SCOPE".to_owned()));
        assert_eq!(make(server, &token, &service("demo-service")), refused, "a service is not an administrator");
    }

    /// A service token that an administrator's token creates is a root that records its creator. It remains
    /// valid when that token ends, and is shown when that token is reported, even after its expiry.
    fn a_service_token_names_its_maker(server: &mut Server) {
        let world = server.world();
        let mut browser = Browser::of(server, &world.admin);
        let admin = make(server, &world.admin.pat, &json!({ "clientId": "grantor-cli", "scopes": ["read", "update", "sec"] })).unwrap().0;
        let service = json!({ "kind": "SERVICE_ACCESS_TOKEN", "clientId": "demo-service", "description": "Nightly run" });
        let (service, _) = make(server, &admin, &service).unwrap();
        let made = row(server, &service);
        assert_eq!((&made["Parent"], &made["CreatedBy"]["Login"]), (&Value::Null, &json!("ada")));
        server.expire(&admin, &mut [&mut browser]);
        assert!(!server.accepts(&admin) && server.accepts(&service));
        assert!(!browser.open("/tokens").has("Nightly run"));
        for _ in 0..2 {
            let report = server.http.post(format!("{}/leaks", server.url)).json(&json!([{"secret": admin}])).send().unwrap();
            assert_eq!(report.json::<Value>().unwrap()["results"], json!(["inactive"]), "a finder learns nothing");
        }
        let page = browser.open("/tokens");
        assert!(page.has("Nightly run") && page.has("made with this token"), "{page:?}");
        assert_eq!(page.body.matches("Found where it does not belong").count(), 1);
        let question = browser.submit(&page, &format!("/tokens/{}/revoke", made["Id"].as_str().unwrap()), &[]);
        assert!(question.has("Revoke this token?") && question.has("ada"), "{question:?}");
        assert!(server.accepts(&service), "service tokens are not revoked silently");
    }
}
