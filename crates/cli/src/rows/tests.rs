use model::Record as _;
use model::entities::{AccessToken, TrustedApplication, User};
use serde_json::json;

use super::*;
use crate::tests::stub::{Answer, Stub, signed_in};

#[test]
fn addresses_are_below_the_service_root() {
    let url = "http://h.example".parse().unwrap();
    let server = signed_in(&url);
    let expected = "http://h.example/api/domain/odata/A?$top=5";
    for typed in ["A?$top=5", "/A?$top=5", "/api/domain/odata/A?$top=5", expected] {
        assert_eq!(server.address(typed).unwrap().as_str(), expected);
    }
    for typed in
        ["http://other.example/A", "https://h.example/api/domain/odata/A", "../../id", "..%2f/../../x"]
    {
        assert!(server.address(typed).is_err(), "{typed}");
    }
    let in_a_literal = server.address("A?$filter=Url eq 'http://x/'").unwrap();
    assert!(in_a_literal.as_str().ends_with("?$filter=Url%20eq%20%27http://x/%27"), "{in_a_literal}");
}

#[test]
fn pages_are_read_to_the_end() {
    let stub = Stub::answering([
        Answer::json(200, &json!({"value": [{"a": 2}], "@odata.nextLink": "A?$skiptoken=x%20y"})),
        Answer::json(200, &json!({"value": [{"a": 3}]})),
    ]);
    let server = signed_in(&stub.url());
    let first = server.address("A?$top=1").unwrap();
    let link = format!("{}A?$skiptoken=1", stub.url().at(SERVICE_ROOT));
    let page = json!({"@odata.context": "c", "value": [{"a": 1}], "@odata.nextLink": link});
    let page = serde_json::from_value(page).unwrap();
    let all = server.follow(&first, page).unwrap();
    assert_eq!(serde_json::to_string(rows(&all)).unwrap(), r#"[{"a":1},{"a":2},{"a":3}]"#);
    assert!(!has_more(&all) && all.get("@odata.context").is_some());
    assert_eq!(stub.request().line, "GET /api/domain/odata/A?$skiptoken=1");
    assert_eq!(stub.request().line, "GET /api/domain/odata/A?$skiptoken=x%20y");
}

#[test]
fn the_token_does_not_follow_a_link_elsewhere() {
    let stub = Stub::answering([]);
    let server = signed_in(&"http://127.0.0.1:9".parse().unwrap());
    let first = server.address("A").unwrap();
    let links = [stub.url().at("/api/domain/odata/A"), "//evil.example/api/domain/odata/A".to_owned()];
    for link in links {
        let page = json!({"value": [], "@odata.nextLink": link});
        let problem = server.follow(&first, serde_json::from_value(page).unwrap()).unwrap_err();
        assert!(problem.to_string().contains("is not below http://127.0.0.1:9/"), "{problem}");
    }
    assert!(stub.is_quiet());
}

#[test]
fn pages_in_a_circle_are_noticed() {
    let page = json!({"value": [{"a": 1}], "@odata.nextLink": "A"});
    let stub = Stub::answering([Answer::json(200, &page)]);
    let server = signed_in(&stub.url());
    let first = server.address("B").unwrap();
    let problem = server.follow(&first, serde_json::from_value(page).unwrap()).unwrap_err();
    assert!(problem.to_string().contains("already read"), "{problem}");
}

#[test]
fn a_row_that_is_not_there_is_none() {
    let body = json!({"error": {"code": "NOT_FOUND", "message": "none"}});
    let stub = Stub::answering([Answer::json(404, &body)]);
    let found = signed_in(&stub.url()).find(User::entity(), uuid::Uuid::nil(), "").unwrap();
    assert_eq!(found, None);
    let line = stub.request().line;
    let expected =
        "GET /api/domain/odata/Systems_Security_Users(00000000-0000-0000-0000-000000000000)?$select=Id,";
    assert!(line.starts_with(expected) && line.contains("Login"), "{line}");
}

#[test]
fn secrets_are_not_asked_for() {
    assert!(!all_properties(User::entity()).contains("Password"));
    assert!(!all_properties(AccessToken::entity()).split(',').any(|name| name == "Data"));
    let applications = all_properties(TrustedApplication::entity());
    assert!(!applications.contains("ApplicationSecretHash") && applications.starts_with("Id,"));
}
