//! A document with mutations is executed completely, even if the connection closes.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::Server;

/// Number of documents, and number of tokens that each of them creates.
const DOCUMENTS: usize = 50;
const EACH: usize = 5;

/// Returns a document that creates several tokens with one description.
fn document(description: &str) -> String {
    let create = |number| {
        format!(
            "t{number}: apiAccessTokenCreate(input: {{ kind: PERSONAL_ACCESS_TOKEN, clientId: \"demo-web\", scopes: [\"read\"], description: \"{description}\" }}) {{ secret }}"
        )
    };
    format!("mutation {{ {} }}", (0..EACH).map(create).collect::<Vec<_>>().join(" "))
}

/// Sends a document and closes the connection.
fn send_and_cut(server: &Server, accept: &str, description: &str, after: Duration) {
    let body = json!({ "query": document(description) }).to_string();
    let mut stream = TcpStream::connect(server.url.trim_start_matches("http://")).unwrap();
    let head = format!(
        "POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\naccept: {accept}\r\nauthorization: Bearer {}\r\ncontent-length: {}\r\n\r\n",
        server.world().admin.pat,
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(body.as_bytes()).unwrap();
    stream.set_read_timeout(Some(after)).unwrap();
    let _ = stream.read(&mut [0; 1]);
    stream.shutdown(Shutdown::Both).unwrap();
}

/// Returns the tokens that each document created: all of them, or none if it did not arrive before the
/// connection closed.
fn made(server: &mut Server) -> BTreeMap<String, usize> {
    // A shutdown waits for mutations in progress.
    assert!(server.stop(), "{}", server.log());
    server.run();
    let mut made = BTreeMap::new();
    for row in
        server.rows("Systems_Security_AccessTokens?$select=Description&$top=1000", &server.world().admin.pat)
    {
        if let Some(description) = row["Description"].as_str().filter(|text| text.starts_with("cut ")) {
            *made.entry(description.to_owned()).or_default() += 1;
        }
    }
    made
}

fn cut(server: &mut Server, accept: &str) {
    // Connections close before, during and after the time that a document takes on this machine.
    let began = Instant::now();
    send_and_cut(server, accept, "whole", Duration::from_secs(20));
    let takes = began.elapsed();
    for number in 0..DOCUMENTS {
        let after = takes * (1 + u32::try_from(number % 10).unwrap()) / 5;
        send_and_cut(server, accept, &format!("cut {number}"), after);
    }
    let made = made(server);
    assert!(made.values().all(|tokens| *tokens == EACH), "{made:?}");
    assert!(!made.is_empty(), "some of them arrived: {made:?}");
}

on_both_engines! {
    fn when_the_answer_is_json(server: &mut Server) {
        cut(server, "application/json");
    }

    fn when_the_answer_is_server_sent_events(server: &mut Server) {
        cut(server, "text/event-stream");
    }
}
