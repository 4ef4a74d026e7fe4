//! The rate limits of the APIs.

use reqwest::blocking::{RequestBuilder, Response};
use serde_json::{Value, json};

use crate::support::Server;

const TOKENS: &str = "/api/domain/odata/Systems_Security_AccessTokens?$select=Id&$top=5";
const TEN: &str = "{ grants(first: 10) { nodes { id } } }";

/// Returns a request with a query or mutation.
fn graphql(server: &Server, query: &str, token: Option<&str>) -> RequestBuilder {
    let request = server.http.post(format!("{}/graphql", server.url)).json(&json!({ "query": query }));
    token.map_or(request.try_clone().unwrap(), |token| request.bearer_auth(token))
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).unwrap_or_else(|| panic!("no {name}")).to_str().unwrap()
}

/// Returns the remaining points of the caller or the network.
fn remaining(response: &Response, name: &str) -> u64 {
    let items = header(response, "ratelimit").split(", ");
    let item = items.filter_map(|item| item.strip_prefix(&format!("\"{name}\";r="))).next().unwrap();
    item.split(';').next().unwrap().parse().unwrap()
}

/// Sends a request until a rate limit refuses it; returns the body of the refusal.
fn refused(request: &RequestBuilder) -> Value {
    let send = |_| request.try_clone().unwrap().send().unwrap();
    let response = (0..100).map(send).find(|response| response.status() == 429).expect("there is a limit");
    let wait: u64 = header(&response, "retry-after").parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    assert!(header(&response, "ratelimit-policy").contains(";w=60"));
    response.json().unwrap()
}

/// Returns a request that asks for a WebSocket.
fn upgrade(server: &Server) -> RequestBuilder {
    let headers = [
        ("connection", "Upgrade"),
        ("upgrade", "websocket"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ];
    headers.iter().fold(server.http.get(format!("{}/graphql", server.url)), |request, (name, value)| {
        request.header(*name, *value)
    })
}

on_both_engines! {
    fn a_token_reads_so_many_rows(server: &mut Server) {
        server.restart_with("GRANTOR_API_RATE_LIMIT", "24");
        let (admin, user) = (server.world().admin.pat, server.world().user.pat);
        for expected in [18, 12, 6, 0] {
            let response = server.get(TOKENS, Some(&admin)).send().unwrap();
            assert_eq!(response.status(), 200);
            assert!(header(&response, "ratelimit-policy").starts_with("\"caller\";q=24;w=60"));
            let left = remaining(&response, "caller");
            assert!((expected..=expected + 12).contains(&left), "{left} of {expected}: points are restored");
            assert_eq!(response.json::<Value>().unwrap()["value"].as_array().unwrap().len(), 5);
        }
        assert_eq!(refused(&server.get(TOKENS, Some(&admin)))["error"]["code"], "RATE_LIMITED");
        let answer = refused(&graphql(server, TEN, Some(&admin)));
        assert_eq!(answer["errors"][0]["extensions"]["code"], "RATE_LIMITED", "{answer}");
        assert!(answer.get("data").is_none());
        // Another token is not affected, nor are requests of resource servers.
        assert_eq!(server.get(TOKENS, Some(&user)).send().unwrap().status(), 200);
        for _ in 0..30 {
            assert_eq!(server.get("/verify", Some(&admin)).send().unwrap().status(), 200);
        }
    }

    fn an_operation_tells_its_cost(server: &mut Server) {
        server.restart_with("GRANTOR_API_RATE_LIMIT", "60");
        let admin = server.world().admin.pat;
        let response = graphql(server, TEN, Some(&admin)).send().unwrap();
        let left = remaining(&response, "caller");
        let cost = response.json::<Value>().unwrap()["extensions"]["cost"].take();
        assert_eq!((&cost["requested"], &cost["limit"], &cost["remaining"]), (&json!(11), &json!(60), &json!(left)));
        assert!((1..=60).contains(&cost["resetSeconds"].as_u64().unwrap()), "{cost}");
        refused(&graphql(server, TEN, Some(&admin)));
        let create = "mutation { apiAccessTokenCreate(input: { kind: PERSONAL_ACCESS_TOKEN, clientId: \"demo-web\" }) { secret } }";
        refused(&graphql(server, create, Some(&admin)));
        // The share of one of sixty programs.
        server.restart_with("GRANTOR_NODES", "60");
        let response = graphql(server, "{ __typename }", Some(&admin)).send().unwrap();
        assert!(header(&response, "ratelimit-policy").starts_with("\"caller\";q=1;w=60"));
        // Without a limit, only the cost is reported.
        server.restart_with("GRANTOR_API_RATE_LIMIT", "0");
        let response = graphql(server, TEN, Some(&admin)).send().unwrap();
        assert!(!header(&response, "ratelimit").contains("caller"));
        assert_eq!(response.json::<Value>().unwrap()["extensions"], json!({ "cost": { "requested": 11 } }));
    }

    fn a_network_has_a_limit_whoever_asks(server: &mut Server) {
        server.restart_with("GRANTOR_API_NETWORK_RATE_LIMIT", "4");
        for _ in 0..4 {
            server.get(TOKENS, Some("grt_pat_wrong")).send().unwrap();
        }
        let model = "/api/domain/standardmodel/Systems_Security_AccessTokens";
        for request in [server.get(TOKENS, None), server.get(model, None), server.get("/api/domain/odata/$metadata", None)] {
            assert_eq!(refused(&request)["error"]["code"], "RATE_LIMITED");
        }
        let refusal = refused(&upgrade(server));
        assert_eq!(refusal["errors"][0]["extensions"]["code"], "RATE_LIMITED", "{refusal}");
        assert_eq!(refused(&graphql(server, TEN, None))["errors"][0]["extensions"]["code"], "RATE_LIMITED");
        assert_eq!(server.get("/health/live", None).send().unwrap().status(), 200);
    }
}
