//! Invalid values are refused on every transport, and change nothing.

use std::net::TcpStream;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use serde_json::{Value, json};
use tungstenite::client::IntoClientRequest as _;
use tungstenite::{Message, WebSocket};

use crate::support::Server;

const REVOKE: &str =
    "mutation($input: APIAccessTokensRevokeMutationInput!) { apiAccessTokensRevoke(input: $input) {
    count confirmation revokedCount } }";

/// Returns the number of valid tokens.
fn live(server: &Server, token: &str) -> Value {
    let query = "{ apiAccessTokens(first: 0, filter: {revokedAt: {leOrNull: \"1970-01-01T00:00:00Z\"}}) { totalCount } }";
    server.graphql(query, &json!({}), token).1["data"]["apiAccessTokens"]["totalCount"].take()
}

/// Opens a WebSocket.
fn connected(server: &Server) -> WebSocket<TcpStream> {
    let mut request =
        format!("{}/graphql", server.url.replace("http:", "ws:")).into_client_request().unwrap();
    request.headers_mut().insert("sec-websocket-protocol", "graphql-transport-ws".parse().unwrap());
    let stream = TcpStream::connect(server.url.trim_start_matches("http://")).unwrap();
    tungstenite::client(request, stream).unwrap().0
}

/// Returns the response to a document over a WebSocket.
fn over_web_socket(server: &Server, document: &str, token: &str) -> Value {
    let mut socket = connected(server);
    let begin =
        json!({ "type": "connection_init", "payload": { "authorization": format!("Bearer {token}") } });
    let ask = json!({ "type": "subscribe", "id": "1", "payload": { "query": document } });
    for message in [begin, ask] {
        socket.send(Message::Text(message.to_string().into())).unwrap();
    }
    first_answer(socket)
}

/// Returns the code with which a WebSocket is closed that sends a text after it was opened.
fn closed_for(server: &Server, token: &str, text: &str) -> Option<u16> {
    let mut socket = connected(server);
    let begin =
        json!({ "type": "connection_init", "payload": { "authorization": format!("Bearer {token}") } });
    for text in [begin.to_string().as_str(), text] {
        socket.send(Message::Text(text.into())).unwrap();
    }
    loop {
        match socket.read() {
            Ok(Message::Close(frame)) => return frame.map(|frame| frame.code.into()),
            Ok(Message::Text(text)) if text.contains("\"id\"") => return None,
            Ok(_) => {}
            Err(_) => return None,
        }
    }
}

fn first_answer(mut socket: WebSocket<TcpStream>) -> Value {
    loop {
        if let Message::Text(text) = socket.read().unwrap() {
            let message: Value = serde_json::from_str(&text).unwrap();
            if message["id"] == "1" {
                return message;
            }
        }
    }
}

on_both_engines! {
    /// A forgotten operator: `{active: false}` instead of `{active: {eq: false}}`.
    fn a_filter_of_another_shape_revokes_nothing(server: &mut Server) {
        let admin = server.world().admin.pat;
        let before = live(server, &admin);
        assert!(before.as_u64() > Some(3), "{before}");
        for filter in [
            json!({ "owner": { "active": false }, "kind": "PERSONAL_ACCESS_TOKEN" }),
            json!({ "owner": { "active": null } }), json!({ "owner": {} }), json!({}), json!([]), json!(true), json!("x"), json!(1),
            Value::Null,
        ] {
            for dry_run in [true, false] {
                let input = json!({ "filter": filter, "dryRun": dry_run, "confirmation": "x" });
                let (_, answer) = server.graphql(REVOKE, &json!({ "input": input }), &admin);
                assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{filter}: {answer}");
                assert!(answer["data"]["apiAccessTokensRevoke"].is_null(), "{filter}: {answer}");
            }
        }
        assert_eq!(live(server, &admin), before);
    }

    /// A wrong value in the last mutation of a document prevents the first one.
    fn what_is_refused_has_changed_nothing(server: &mut Server) {
        let user = server.world().user.pat;
        let before = live(server, &user);
        let create = "a: apiAccessTokenCreate(input: {kind: PERSONAL_ACCESS_TOKEN, clientId: \"demo-web\", scopes: [\"read\"]}) { secret }";
        for (variables, second) in [
            ("($x: ID!)", "b: apiAccessTokenRevoke(input: {id: $x}) { revokedCount }"),
            ("", "b: apiAccessTokenUpdate(input: {id: \"x\", expiresAt: \"bogus\"}) { apiAccessToken { id } }"),
            ("", "b: apiAccessTokenRotate(input: {id: \"x\", overlap: 99999999999}) { secret }"),
            ("", "b: apiAccessTokensRevoke(input: {filter: {owner: {active: false}}}) { count }"),
        ] {
            let (_, answer) = server.graphql(&format!("mutation{variables} {{ {create} {second} }}"), &json!({}), &user);
            assert!(answer["errors"][0]["message"].is_string() && answer.get("data").is_none(), "{second}: {answer}");
        }
        assert_eq!(live(server, &user), before);
    }

    fn every_way_to_send_a_document_has_it_validated(server: &mut Server) {
        let admin = server.world().admin.pat;
        let document = "{ users(filter: {active: true}) { totalCount } }";
        let words = "operators such as {eq: …}";
        let (_, posted) = server.graphql(document, &json!({}), &admin);
        let address = format!("{}/graphql", server.url);
        let ask = |request: reqwest::blocking::RequestBuilder| request.bearer_auth(&admin).send().unwrap().text().unwrap();
        let got = ask(server.http.get(format!("{address}?query={}", utf8_percent_encode(document, NON_ALPHANUMERIC))));
        let events = ask(server.http.post(&address).header(ACCEPT, "text/event-stream").json(&json!({ "query": document })));
        let (socket, open) = (
            over_web_socket(server, document, &admin),
            server.http.post(&address).json(&json!({ "query": "mutation { apiAccessTokenCodeCreate(input: {clientId: 7, scopes: \"read\"}) { deviceCode } }" })),
        );
        assert_eq!(socket["type"], "error", "{socket}");
        for (way, answer) in [("POST", posted.to_string()), ("GET", got), ("SSE", events), ("WebSocket", socket.to_string())] {
            assert!(answer.contains(words), "{way}: {answer}");
        }
        let open: Value = open.send().unwrap().json().unwrap();
        assert!(open["errors"][0]["message"].is_string() && open.get("data").is_none(), "{open}");
        // Of two filters with one name, the wider one could win.
        let twice = r#"{"query": "query($f: UserFilter) { users(filter: $f) { totalCount } }", "variables": {"f": {"login": {"eq": "ada"}, "login": {"ne": "zz"}}}}"#;
        let posted = server.http.post(&address).bearer_auth(&admin).header("content-type", "application/json").body(twice);
        assert_eq!(posted.send().unwrap().status(), 400);
        let said = format!(r#"{{"type": "subscribe", "id": "1", "payload": {twice}}}"#);
        assert_eq!(closed_for(server, &admin, &said), Some(4400));
        // Two root fields of a subscription would be two streams.
        let two = over_web_socket(server, "subscription { a: viewerEvents { type } b: grantChanged { type } }", &admin);
        assert_eq!(two["type"], "error", "{two}");
    }
    /// Of two members of an object with one name, the last would count, whatever the first said.
    fn a_member_of_the_variables_is_there_once(server: &mut Server) {
        let admin = server.world().admin.pat;
        let query = "query($f: UserFilter) { users(filter: $f) { totalCount } }";
        let variables = r#"{"f":{"login":{"eq":"ada"},"login":{"ne":"zz"}}}"#;
        let address = format!("{}/graphql", server.url);
        let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let body = format!(r#"{{"query":"{query}","variables":{variables}}}"#);
        let extended = r#"{"query":"{ __typename }","extensions":{"a":1,"a":2}}"#.to_owned();
        let post = |body: String| {
            server.http.post(&address).header(CONTENT_TYPE, "application/json").body(body)
        };
        let get = server.http.get(format!("{address}?query={}&variables={}", encoded(query), encoded(variables)));
        for request in [post(body), post(extended), get] {
            let response = request.bearer_auth(&admin).send().unwrap();
            assert_eq!(response.status().as_u16(), 400);
            let answer: Value = response.json().unwrap();
            assert!(answer.get("data").is_none(), "{answer}");
            assert!(answer["errors"][0]["message"].as_str().unwrap().contains("two members with one name"), "{answer}");
        }
    }
}
