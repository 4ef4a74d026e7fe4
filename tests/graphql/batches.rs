//! Several requests in one body.

use serde_json::{Value, json};

use crate::support::Server;

const LOGIN: &str = "{ viewer { user { login } } }";

fn send(server: &Server, body: &Value) -> (u16, Value) {
    let request = server.http.post(format!("{}/graphql", server.url)).bearer_auth(server.world().user.pat);
    let response = request.json(body).send().unwrap();
    (response.status().as_u16(), response.json().unwrap())
}

/// Returns the status and the code of the first error.
fn refusal((status, mut answer): (u16, Value)) -> (u16, Value) {
    (status, answer["errors"][0]["extensions"]["code"].take())
}

on_both_engines! {
    fn each_request_of_a_list_has_its_own_answer(server: &mut Server) {
        let one = json!({ "query": LOGIN });
        assert_eq!(refusal(send(server, &json!([one]))), (400, json!("BATCHES_NOT_ANSWERED")));
        server.restart_with("GRANTOR_GRAPHQL_MAX_BATCH", "5");
        let by_variable = "query($first: Int!) { grants(first: $first) { nodes { id } } }";
        let unknown = json!({ "documentId": format!("sha256:{}", "0".repeat(64)) });
        let create = "mutation { apiAccessTokenCreate(input: { kind: PERSONAL_ACCESS_TOKEN, clientId: \"demo-web\", scopes: [\"read\"] }) { secret } }";
        let (status, answers) = send(server, &json!([
            { "query": by_variable, "variables": { "first": 1 } },
            unknown,
            { "query": "{ nothing }" },
            { "query": by_variable, "variables": { "first": 2 } },
            { "query": create },
        ]));
        assert_eq!((status, answers.as_array().map(Vec::len)), (200, Some(5)), "{answers}");
        for (place, rows) in [(0, 1), (3, 2)] {
            assert_eq!(answers[place]["data"]["grants"]["nodes"].as_array().map(Vec::len), Some(rows), "{answers}");
        }
        for (place, code) in [(1, "PERSISTED_QUERY_NOT_FOUND"), (2, "GRAPHQL_VALIDATION_FAILED")] {
            assert_eq!(answers[place]["errors"][0]["extensions"]["code"], code, "{answers}");
            assert!(answers[place].get("data").is_none(), "{answers}");
        }
        assert!(server.accepts(answers[4]["data"]["apiAccessTokenCreate"]["secret"].as_str().unwrap()));
    }

    fn a_list_has_no_more_than_the_operator_allows(server: &mut Server) {
        server.restart_with("GRANTOR_GRAPHQL_MAX_BATCH", "2");
        let one = json!({ "query": LOGIN });
        let (status, answer) = send(server, &json!([one, one, one]));
        assert_eq!((status, &answer["errors"][0]["extensions"]), (400, &json!({ "code": "LIMIT_EXCEEDED", "limit": "batch", "maximum": 2 })));
        for (body, code) in [(json!([]), "BAD_REQUEST"), (json!([[one]]), "BAD_REQUEST"), (json!([one, 7]), "BAD_REQUEST")] {
            assert_eq!(refusal(send(server, &body)), (400, json!(code)), "{body}");
        }
        let request = server.http.post(format!("{}/graphql", server.url)).json(&json!([one, one]));
        assert_eq!(request.send().unwrap().status(), 401, "an unauthenticated request gets only 401");
    }
}
