//! What happened is told to those whom it concerns, in both APIs.

use serde_json::{Value, json};

use crate::support::Server;

const EVENTS: &str = "{ auditEvents(first: 100, orderBy: { field: TIME, direction: DESC }) { totalCount nodes { type subjectType time data
    actor { login } subjectUser { login } application { clientId } subject { __typename id } context { ipAddress userAgent } } } }";

fn events(server: &Server, token: &str) -> Vec<Value> {
    let (status, mut answer) = server.graphql(EVENTS, &json!({}), token);
    assert_eq!((status, &answer["errors"]), (200, &Value::Null), "{answer}");
    let Value::Array(nodes) = answer["data"]["auditEvents"]["nodes"].take() else { panic!("{answer}") };
    nodes
}

on_both_engines! {
    fn changes_leave_events(server: &mut Server) {
        let (admin, user) = (server.world().admin.pat, server.world().user.pat);
        let create = "mutation { apiAccessTokenCreate(input: { kind: PERSONAL_ACCESS_TOKEN, clientId: \"demo-web\", description: \"seen\", scopes: [\"read\"] }) { secret apiAccessToken { id } } }";
        let (_, created) = server.graphql(create, &json!({}), &user);
        let created = &created["data"]["apiAccessTokenCreate"];
        let (secret, id) = (created["secret"].as_str().unwrap(), &created["apiAccessToken"]["id"]);
        let event = events(server, &user).into_iter().find(|event| event["type"] == "TOKEN_CREATED").unwrap();
        assert_eq!(event["actor"]["login"], "ben");
        assert_eq!(event["subject"], json!({ "__typename": "APIAccessToken", "id": id }));
        assert_eq!(event["application"]["clientId"], "demo-web");
        assert_eq!(event["context"]["ipAddress"], "127.0.0.1");
        assert_eq!(event["data"]["description"], "seen");
        assert!(!event.to_string().contains(secret), "no secret");
        let revoke = "mutation($id: ID!) { apiAccessTokenRevoke(input: { id: $id }) { revokedCount } }";
        server.graphql(revoke, &json!({ "id": id }), &admin);
        let event = events(server, &user).into_iter().find(|event| event["type"] == "GRANT_REVOKED").unwrap();
        assert_eq!((&event["subjectUser"]["login"], &event["actor"]), (&json!("ben"), &Value::Null), "others are not shown");
        let event = events(server, &admin).into_iter().find(|event| event["type"] == "GRANT_REVOKED").unwrap();
        assert_eq!(event["actor"]["login"], "ada");
        // A refused change leaves nothing.
        let before = server.count("Systems_Security_AuditEvents", &admin);
        server.graphql(revoke, &json!({ "id": "0198c5f2-7f3a-7c44-9d2f-3b1f0a5e6c7d" }), &admin);
        assert_eq!(server.count("Systems_Security_AuditEvents", &admin), before);
    }

    fn everybody_sees_their_own_events(server: &mut Server) {
        let (admin, user) = (server.world().admin.pat, server.world().user.pat);
        let own = events(server, &user);
        assert!(!own.is_empty() && own.iter().all(|event| event["actor"]["login"] == "ben" || event["subjectUser"]["login"] == "ben"));
        let (all, mine) = (server.count("Systems_Security_AuditEvents", &admin), server.count("Systems_Security_AuditEvents", &user));
        assert!(mine < all, "{mine} of {all}");
        assert_eq!(usize::try_from(mine).unwrap(), own.len(), "both APIs tell the same");
        let filtered = server.count("Systems_Security_AuditEvents?$filter=Type eq 'SignedIn'", &admin);
        let (_, answer) = server.graphql("{ auditEvents(filter: { type: { eq: SIGNED_IN } }) { totalCount } }", &json!({}), &admin);
        assert_eq!(answer["data"]["auditEvents"]["totalCount"], filtered);
    }

    /// Tokens that applications obtain leave no event unless the operator wants it.
    fn issuing_is_told_where_that_is_set(server: &mut Server) {
        let admin = server.world().admin.pat;
        let issued = |server: &Server| server.count("Systems_Security_AuditEvents?$filter=Type eq 'TokenIssued'", &admin);
        let obtain = |server: &Server| {
            let service = server.world().applications.service;
            let form = [("grant_type", "client_credentials"), ("client_id", &service.client_id), ("client_secret", service.client_secret.as_deref().unwrap())];
            let response = server.http.post(format!("{}/id/connect/token", server.url)).form(&form).send().unwrap();
            assert_eq!(response.status(), 200);
        };
        obtain(server);
        assert_eq!(issued(server), 0);
        server.restart_with("GRANTOR_AUDIT_ISSUED_TOKENS", "true");
        obtain(server);
        assert_eq!(issued(server), 1);
    }
}
