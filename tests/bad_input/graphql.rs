//! Requests that GraphQL refuses.

use reqwest::header::{ACCEPT, CONTENT_TYPE};
use serde_json::{Value, json};

use super::Watch;
use crate::support::Server;

const JSON: &str = "application/json";

fn post(server: &Server, content_type: &str, body: impl Into<reqwest::blocking::Body>) -> (u16, String) {
    let request = server.http.post(format!("{}/graphql", server.url)).bearer_auth(server.world().admin.pat);
    let request =
        request.header(ACCEPT, "application/graphql-response+json").header(CONTENT_TYPE, content_type);
    let response = request.body(body).send().unwrap();
    (response.status().as_u16(), response.text().unwrap())
}

/// Asserts that the document is refused before execution, and returns the first message.
fn refused(server: &Server, watch: &Watch<'_>, status: u16, content_type: &str, body: Vec<u8>) -> String {
    let what = String::from_utf8_lossy(&body[..body.len().min(80)]).into_owned();
    let (seen, text) = post(server, content_type, body);
    watch.saw(&what, seen, &text);
    assert_eq!(seen, status, "{what}: {text}");
    let answer: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{what}: {text}"));
    assert!(answer.get("data").is_none(), "{what}: {text}");
    answer["errors"][0]["message"].as_str().unwrap().to_owned()
}

fn document(text: &str) -> Vec<u8> {
    json!({ "query": text }).to_string().into_bytes()
}

on_both_engines! {
    /// Malformed bodies.
    fn malformed_bodies(server: &mut Server) {
        let watch = Watch::new(server);
        let viewer = document("{ viewer { id } }");
        for body in [&b""[..], b"{", b"[]", b"null", b"\"x\"", b"{}", b"{\"query\":1}", b"{\"query\":\"\xff\"}",
            b"{\"query\":\"{ viewer { id } }\",\"variables\":[]}", b"{\"query\":\"{a}\",\"query\":\"{b}\"}"] {
            refused(server, &watch, 400, JSON, body.to_vec());
        }
        refused(server, &watch, 400, JSON, [&b"["[..], &viewer, b"]"].concat());
        refused(server, &watch, 400, JSON, ["{\"a\":".repeat(5000), "1".to_owned(), "}".repeat(5000)].concat().into_bytes());
        for content_type in ["text/plain", "application/x-www-form-urlencoded", "application/graphql", "", "application/json; charset=utf-16"] {
            refused(server, &watch, 415, content_type, viewer.clone());
        }
        refused(server, &watch, 413, JSON, vec![b' '; 300 * 1024]);
        watch.done();
    }

    /// Invalid and excessive documents.
    fn wrong_documents(server: &mut Server) {
        let watch = Watch::new(server);
        let refuse = |text: &str| refused(server, &watch, 400, JSON, document(text));
        assert!(refuse("{ viewr { id } }").contains("viewer"), "suggests the closest match");
        refuse("{");
        refuse("");
        refuse("{ viewer }");
        refuse("{ node(id: 1.5) { id } }");
        refuse("query A { viewer { id } } query B { viewer { id } }");
        refuse("mutation { apiAccessTokenRevoke { revokedCount } }");
        refuse("subscription { viewer { id } }");
        refuse("{ viewer { ...A } } fragment A on Viewer { ...A }");
        refuse(&format!("{}id{}", "{ viewer ".repeat(2000), "}".repeat(2000)));
        refuse(&format!("{{ {} }}", "viewer { id } ".repeat(2000)));
        refuse(&"x".repeat(100_000));
        watch.done();
    }

    /// Values outside of their domain are reported at the field.
    fn wrong_values(server: &mut Server) {
        let admin = server.world().admin.pat;
        let watch = Watch::new(server);
        let create = "mutation($input: APIAccessTokenCreateMutationInput!) { apiAccessTokenCreate(input: $input) { secret } }";
        let input = |field: &str, value: Value| {
            let mut input = json!({ "kind": "PERSONAL_ACCESS_TOKEN", "clientId": "demo-web" });
            input[field] = value;
            json!({ "input": input })
        };
        for variables in [
            input("clientId", json!("unknown")),
            input("clientId", json!("demo\u{0}web")),
            input("clientId", json!("demo-retired")),
            input("clientId", json!("demo-reports")),
            input("clientId", json!("x".repeat(10_000))),
            input("description", json!("a\u{0}b")),
            input("description", json!("x".repeat(10_000))),
            input("scopes", json!(["read update"])),
            input("scopes", json!(["é"])),
            input("scopes", json!(["sec"])),
            input("expiresAt", json!("2001-01-01T00:00:00Z")),
            input("expiresAt", json!("2026-02-30T00:00:00Z")),
            input("expiresAt", json!(5)),
            input("allowedIPAddresses", json!(["office"])),
            input("allowedIPAddresses", json!([""])),
            input("kind", json!("SOMETHING_ELSE")),
            json!({}),
        ] {
            let (status, answer) = server.graphql(create, &variables, &admin);
            assert!(status == 200 || status == 400, "{variables}: {status}");
            assert!(answer["errors"][0]["message"].is_string(), "{variables}: {answer}");
            assert!(answer["data"]["apiAccessTokenCreate"].is_null(), "{variables}: {answer}");
            assert_ne!(answer["errors"][0]["extensions"]["code"], "INTERNAL", "{variables}: {answer}");
        }
        for id in ["", "x", "QVBJ", "\u{0}", "APIAccessToken-0198c5f2-7f3a-7c44-9d2f-3b1f0a5e6c7d"] {
            for query in ["query($id: ID!) { node(id: $id) { id } }", "mutation($id: ID!) { apiAccessTokenRevoke(input: { id: $id }) { revokedCount } }"] {
                let (status, answer) = server.graphql(query, &json!({ "id": id }), &admin);
                assert_eq!(status, 200);
                assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{id}: {answer}");
            }
        }
        watch.done();
    }
}
