use serde_json::json;

use super::*;

fn json_batch(requests: &serde_json::Value) -> Result<Vec<Entry>, BatchError> {
    read_json(json!({ "requests": requests }).as_object().unwrap())
}

#[test]
fn consecutive_requests_of_a_group_form_a_change_set() {
    let entries = json_batch(&json!([
        { "id": "1", "method": "get", "url": "A" },
        { "id": "2", "method": "post", "url": "B", "atomicityGroup": "g", "body": { "x": 1 } },
        { "id": "3", "method": "patch", "url": "$2", "atomicityGroup": "g", "body": {}, "headers": { "If-Match": "*" } },
        { "id": "4", "method": "get", "url": "$2", "dependsOn": ["g"] },
    ]))
    .unwrap();
    let [Entry::Single(first), Entry::ChangeSet { name, requests }, Entry::Single(last)] = &entries[..]
    else {
        panic!("{entries:?}");
    };
    assert_eq!((first.method.as_str(), name.as_deref(), requests.len()), ("GET", Some("g"), 2));
    assert_eq!(requests[0].body, b"{\"x\":1}");
    assert!(requests[1].headers.contains(&("content-type".to_owned(), "application/json".to_owned())));
    assert_eq!(last.depends_on, ["g"]);
}

#[test]
fn other_shapes_are_refused() {
    let request = json!({ "id": "1", "method": "get", "url": "A" });
    for (name, value) in [
        ("id", json!(1)),
        ("id", json!("")),
        ("method", json!(null)),
        ("url", json!({})),
        ("headers", json!({ "a": 1 })),
        ("headers", json!([])),
        ("dependsOn", json!("1")),
        ("dependsOn", json!([1])),
        ("atomicityGroup", json!(7)),
        ("body", json!("text")),
        ("if", json!("$1 eq null")),
        ("foo", json!(1)),
    ] {
        let mut wrong = request.clone();
        wrong[name] = value;
        assert!(json_batch(&json!([wrong])).is_err(), "{wrong}");
    }
    assert!(json_batch(&json!({})).is_err() && json_batch(&json!([7])).is_err());
    assert!(json_batch(&json!([request, request])).is_err(), "the same identifier twice");
    let many: Vec<_> =
        (0..=MAX_REQUESTS).map(|id| json!({ "id": id.to_string(), "method": "get", "url": "A" })).collect();
    assert!(json_batch(&json!(many)).is_err());
    assert!(json_batch(&json!(many[1..])).is_ok());
}

const MULTIPART: &str = "preamble\r\n--b\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n\
GET A?$filter=Active eq true HTTP/1.1\r\nAccept : application/json\r\n\r\n\r\n--b\r\n\
Content-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\nContent-Type: application/http\r\nContent-ID: 1\r\n\r\n\
POST B HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{\"x\":1}\r\n--c\r\nContent-Type: application/http\r\n\
Content-ID: 2\r\n\r\nDELETE $1 HTTP/1.1\r\n\r\n\r\n--c--\r\n--b--\r\nepilogue";

#[test]
fn multipart_is_read() {
    for text in [MULTIPART.to_owned(), MULTIPART.replace("\r\n", "\n")] {
        let entries = read_multipart("b", text.as_bytes()).unwrap();
        let [Entry::Single(get), Entry::ChangeSet { requests, .. }] = &entries[..] else {
            panic!("{entries:?}")
        };
        assert_eq!((get.method.as_str(), get.url.as_str()), ("GET", "A?$filter=Active eq true"));
        assert_eq!(get.headers, [("Accept".to_owned(), "application/json".to_owned())]);
        assert_eq!((requests[0].id.as_deref(), requests[0].body.as_slice()), (Some("1"), &b"{\"x\":1}"[..]));
        assert_eq!((requests[1].url.as_str(), requests[1].body.len()), ("$1", 0));
    }
}

#[test]
fn broken_multipart_is_refused() {
    for cut in 0..MULTIPART.len() - "--\r\nepilogue".len() {
        assert!(read_multipart("b", &MULTIPART.as_bytes()[..cut]).is_err(), "{cut}");
    }
    for (from, to) in [
        ("application/http", "text/plain"),
        ("GET A?$filter=Active eq true HTTP/1.1", "GET"),
        ("Content-ID: 2", "Content-ID: 1"),
        ("Accept : application/json", "Accept"),
    ] {
        assert!(read_multipart("b", MULTIPART.replacen(from, to, 1).as_bytes()).is_err(), "{from}");
    }
}

#[test]
fn responses_are_written_in_both_forms() {
    let json_type = || vec![("content-type".to_owned(), "application/json".to_owned())];
    let answers = [
        Answer::Single(BatchResponse {
            id: Some("1".into()),
            status: 200,
            headers: json_type(),
            body: b"{\"a\":1}".to_vec(),
        }),
        Answer::ChangeSet(vec![BatchResponse {
            id: Some("2".into()),
            status: 204,
            ..BatchResponse::default()
        }]),
        Answer::Single(BatchResponse {
            status: 200,
            headers: vec![("content-type".into(), "text/plain".into())],
            body: b"7".to_vec(),
            ..BatchResponse::default()
        }),
    ];
    let json: serde_json::Value = serde_json::from_slice(&write_json(&answers)).unwrap();
    assert_eq!(json["responses"][0]["body"]["a"], 1);
    assert_eq!((&json["responses"][1]["status"], &json["responses"][2]["body"]), (&json!(204), &json!("7")));
    let text = String::from_utf8(write_multipart("b", &answers)).unwrap();
    assert!(text.contains(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nContent-Length: 7\r\n\r\n{\"a\":1}\r\n--b"
    ));
    assert!(text.contains("Content-Type: multipart/mixed; boundary=changesetresponse_1_b") && text.ends_with("--changesetresponse_1_b--\r\n--b\r\n\
Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\nHTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\
Content-Length: 1\r\n\r\n7\r\n--b--\r\n"), "{text}");
}
