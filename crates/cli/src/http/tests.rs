use serde_json::json;

use super::*;
use crate::tests::stub::{Answer, Stub};

fn http(stub: &Stub) -> Http {
    Http::new(stub.url(), Secret::parse("grt_rat_x")).unwrap()
}

fn refused(answer: Answer) -> ApiError {
    let stub = Stub::answering([answer]);
    match http(&stub).get(&stub.url().at("/x")) {
        Err(Failure::Api(api_error)) => api_error,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_request_carries_the_token() {
    let stub = Stub::answering([Answer::json(200, &json!({"a": 1}))]);
    let body: Value = http(&stub).get_json(&stub.url().at("/x?$top=1")).unwrap();
    assert_eq!(body, json!({"a": 1}));
    let request = stub.request();
    assert_eq!(request.line, "GET /x?$top=1");
    assert_eq!(request.header("authorization"), Some("Bearer grt_rat_x"));
}

#[test]
fn the_three_shapes_of_a_refusal_are_read() {
    let oauth = json!({"error": "invalid_scope", "error_description": "no such scope"});
    let api_error = refused(Answer::json(400, &oauth));
    assert_eq!((api_error.code.as_str(), api_error.message.as_str()), ("invalid_scope", "no such scope"));

    let odata = json!({"error": {"code": "NOT_FOUND", "message": "no row", "target": "x"}});
    let api_error = refused(Answer::json(404, &odata));
    assert_eq!((api_error.code.as_str(), api_error.message.as_str()), ("NOT_FOUND", "no row"));
    assert!(api_error.is_not_found());

    let error = json!({"message": "bad token", "extensions": {"code": "UNAUTHENTICATED"}});
    let api_error =
        refused(Answer::json(401, &json!({"data": null, "errors": [error, {"message": "again"}]})));
    assert_eq!(
        (api_error.code.as_str(), api_error.message.as_str()),
        ("UNAUTHENTICATED", "bad token; again")
    );
    assert!(api_error.is_unauthenticated());
}

#[test]
fn a_challenge_names_the_scope_that_is_missing() {
    let body = json!({"error": {"code": "Forbidden", "message": "no"}});
    let challenge = r#"Bearer realm="x", error="insufficient_scope", scope="update sec""#;
    let api_error = refused(Answer::json(403, &body).header("WWW-Authenticate", challenge));
    assert_eq!(api_error.scope.as_deref(), Some("update sec"));
    assert!(api_error.is_forbidden());
    let api_error = refused(Answer::json(403, &body).header("WWW-Authenticate", r#"Bearer scope="read""#));
    assert_eq!(api_error.scope, None);
}

#[test]
fn redirections_are_told_and_not_followed() {
    let stub = Stub::answering([Answer::text(302, "").header("Location", "https://elsewhere.example/")]);
    let failure = http(&stub).post_form(&stub.url().at("/x"), &[("token", "secret")]).unwrap_err();
    assert!(matches!(&failure, Failure::Moved { location, .. } if location == "https://elsewhere.example/"));
}

#[test]
fn an_answer_that_is_no_json_is_foreign_and_not_quoted() {
    for answer in [Answer::text(200, "<html>grt_pat_1</html>"), Answer::text(502, "grt_pat_1")] {
        let stub = Stub::answering([answer]);
        let failure = http(&stub).get_json::<Value>(&stub.url().at("/x")).unwrap_err();
        assert!(matches!(failure, Failure::Foreign { .. }), "{failure}");
        assert!(!failure.to_string().contains("grt_pat_1"), "{failure}");
    }
    let stub = Stub::answering([Answer::text(200, r#"{"a":"grt_pat_1"}"#)]);
    let failure = http(&stub).get_json::<Vec<u8>>(&stub.url().at("/x")).unwrap_err();
    assert!(!failure.to_string().contains("grt_pat_1"), "{failure}");
}

#[test]
fn a_server_that_is_not_there_is_unreachable() {
    let url = Stub::closed();
    let failure = Http::new(url.clone(), None).unwrap().get(&url.at("/x")).unwrap_err();
    assert!(matches!(failure, Failure::Unreachable { .. }));
    assert!(failure.to_string().starts_with(&format!("cannot reach {url}: ")), "{failure}");
}
