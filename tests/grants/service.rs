//! Service access tokens: created by an administrator, they act as the client's system user.

use serde_json::{Value, json};

use super::limits::make;

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
}
