//! Subscriptions, over server-sent events and WebSockets.

use std::io::{BufRead as _, BufReader};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use reqwest::header::ACCEPT;
use serde_json::{Value, json};
use tungstenite::client::IntoClientRequest as _;
use tungstenite::{Message, WebSocket};

use crate::support::Server;

const FOLLOW: &str = "subscription { viewerEvents { type actor { login } subject { __typename } data } }";
/// Maximum delay of an event.
const SOON: Duration = Duration::from_secs(8);

/// Returns the server-sent events until the stream ends.
fn events(server: &Server, document: &str, token: &str) -> (u16, Receiver<(String, Value)>) {
    let client = reqwest::blocking::Client::builder().timeout(None).build().unwrap();
    let request =
        client.post(format!("{}/graphql", server.url)).bearer_auth(token).header(ACCEPT, "text/event-stream");
    let response = request.json(&json!({ "query": document })).send().unwrap();
    let status = response.status().as_u16();
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut name = String::new();
        for line in BufReader::new(response).lines().map_while(Result::ok) {
            if let Some(event) = line.strip_prefix("event: ") {
                event.clone_into(&mut name);
            } else if let Some(data) = line.strip_prefix("data:") {
                let value = serde_json::from_str(data.trim()).unwrap_or_default();
                if sender.send((name.clone(), value)).is_err() {
                    return;
                }
            }
        }
    });
    (status, receiver)
}

fn new_token(server: &Server, with: &str) -> (String, Value) {
    let create = "mutation { apiAccessTokenCreate(input: { kind: PERSONAL_ACCESS_TOKEN, clientId: \"demo-web\", scopes: [\"read\"] }) { secret apiAccessToken { id } } }";
    let (_, mut answer) = server.graphql(create, &json!({}), with);
    let created = &mut answer["data"]["apiAccessTokenCreate"];
    (created["secret"].as_str().unwrap().to_owned(), created["apiAccessToken"]["id"].take())
}

fn revoke(server: &Server, id: &Value, with: &str) {
    let revoke = "mutation($id: ID!) { apiAccessTokenRevoke(input: { id: $id }) { revokedCount } }";
    let (_, answer) = server.graphql(revoke, &json!({ "id": id }), with);
    assert_eq!(answer["data"]["apiAccessTokenRevoke"]["revokedCount"], 1, "{answer}");
}

/// A WebSocket that implements the protocol.
struct Socket(WebSocket<std::net::TcpStream>);

impl Socket {
    fn open(server: &Server) -> Self {
        let mut request =
            format!("{}/graphql", server.url.replace("http:", "ws:")).into_client_request().unwrap();
        request.headers_mut().insert("sec-websocket-protocol", "graphql-transport-ws".parse().unwrap());
        let stream = std::net::TcpStream::connect(server.url.trim_start_matches("http://")).unwrap();
        stream.set_read_timeout(Some(SOON)).unwrap();
        let (socket, response) = tungstenite::client(request, stream).unwrap();
        assert_eq!(response.headers()["sec-websocket-protocol"], "graphql-transport-ws");
        Self(socket)
    }

    fn signed_in(server: &Server, token: &str) -> Self {
        let mut socket = Self::open(server);
        let payload = json!({ "authorization": format!("Bearer {token}") });
        socket.say(&json!({ "type": "connection_init", "payload": payload }));
        assert_eq!(socket.hear(), json!({ "type": "connection_ack" }));
        socket
    }

    fn subscribe(&mut self, id: &str, document: &str, variables: &Value) {
        let payload = json!({ "query": document, "variables": variables });
        self.say(&json!({ "type": "subscribe", "id": id, "payload": payload }));
    }

    fn say(&mut self, message: &Value) {
        self.0.send(Message::Text(message.to_string().into())).unwrap();
    }

    /// Returns the next message, except pings.
    fn hear(&mut self) -> Value {
        loop {
            match self.0.read().unwrap() {
                Message::Text(text) => {
                    let message: Value = serde_json::from_str(&text).unwrap();
                    if message["type"] != "ping" {
                        return message;
                    }
                }
                Message::Close(frame) => return json!({ "closed": u16::from(frame.unwrap().code) }),
                other => panic!("{other:?}"),
            }
        }
    }
}

on_both_engines! {
    fn events_are_sent_as_they_happen(server: &mut Server) {
        let (admin, user) = (server.world().admin.pat, server.world().user.pat);
        let (status, told) = events(server, FOLLOW, &user);
        assert_eq!(status, 200);
        let (_, foreign) = events(server, FOLLOW, &admin);
        let (_, id) = new_token(server, &user);
        for stream in [&told, &foreign] {
            let (name, event) = stream.recv_timeout(SOON).unwrap();
            assert_eq!((name.as_str(), &event["data"]["viewerEvents"]["type"]), ("next", &json!("TOKEN_CREATED")), "{event}");
            assert_eq!(event["data"]["viewerEvents"]["actor"]["login"], "ben");
        }
        new_token(server, &admin);
        assert_eq!(foreign.recv_timeout(SOON).unwrap().1["data"]["viewerEvents"]["actor"]["login"], "ada");
        assert_eq!(told.recv_timeout(Duration::from_secs(3)), Err(RecvTimeoutError::Timeout), "not visible to the user");
        let of_one = format!("subscription {{ grantChanged(id: {id}) {{ type }} }}");
        let (_, one) = events(server, &of_one, &user);
        let (_, other) = new_token(server, &user);
        revoke(server, &other, &user);
        revoke(server, &id, &user);
        assert_eq!(one.recv_timeout(SOON).unwrap().1["data"]["grantChanged"]["type"], "GRANT_REVOKED");
    }

    /// Revoking a token ends its streams.
    fn a_revoked_token_hears_nothing_more(server: &mut Server) {
        let user = server.world().user.pat;
        let (secret, id) = new_token(server, &user);
        let (status, told) = events(server, FOLLOW, &secret);
        assert_eq!(status, 200);
        revoke(server, &id, &user);
        let mut heard = Vec::new();
        let ended = loop {
            match told.recv_timeout(SOON) {
                Ok(event) => heard.push(event),
                Err(RecvTimeoutError::Disconnected) => break true,
                Err(RecvTimeoutError::Timeout) => break false,
            }
        };
        assert!(ended, "{heard:?}");
        assert!(heard.iter().all(|(_, event)| event["data"]["viewerEvents"].is_null()), "{heard:?}");
        assert_eq!(events(server, FOLLOW, &secret).0, 401);
    }

    /// Changes by another program are delivered as well.
    fn events_of_another_program_are_sent(server: &mut Server) {
        if server.database_url().is_none() {
            return;
        }
        let user = server.world().user.pat;
        let (other, (_, told)) = (server.beside(), events(server, FOLLOW, &user));
        new_token(&other, &user);
        assert_eq!(told.recv_timeout(SOON).unwrap().1["data"]["viewerEvents"]["type"], "TOKEN_CREATED");
    }

    fn subscriptions_of_a_user_are_limited(server: &mut Server) {
        server.restart_with("GRANTOR_GRAPHQL_MAX_SUBSCRIPTIONS", "2");
        let (admin, user) = (server.world().admin.pat, server.world().user.pat);
        let streams: Vec<_> = (0..2).map(|_| events(server, FOLLOW, &user)).collect();
        assert!(streams.iter().all(|(status, _)| *status == 200));
        assert_eq!(events(server, FOLLOW, &user).0, 400);
        assert_eq!(events(server, FOLLOW, &admin).0, 200);
    }

    /// A connection outlives its token: every operation is authorized again.
    fn a_revoked_token_runs_nothing_over_a_web_socket(server: &mut Server) {
        let user = server.world().user.pat;
        let (secret, id) = new_token(server, &user);
        let mut socket = Socket::signed_in(server, &secret);
        socket.subscribe("1", "{ viewer { user { login } } }", &json!({}));
        assert_eq!(socket.hear()["payload"]["data"]["viewer"]["user"]["login"], "ben");
        assert_eq!(socket.hear()["type"], "complete");
        revoke(server, &id, &user);
        socket.subscribe("2", "{ viewer { user { login } } }", &json!({}));
        assert_eq!(socket.hear(), json!({ "closed": 4401 }));
    }

    /// The batch loader of one operation shares nothing with another operation on the same connection, even
    /// with the same text.
    fn operations_of_a_web_socket_share_nothing(server: &mut Server) {
        let mut socket = Socket::signed_in(server, &server.world().admin.pat);
        let document = "query($n: Int!) { users(first: 5) { nodes { login grants(first: $n) { nodes { id } } } } }";
        for number in 0..12 {
            socket.subscribe(&number.to_string(), document, &json!({ "n": number % 3 + 1 }));
        }
        let mut heard = 0;
        while heard < 12 {
            let message = socket.hear();
            if message["type"] == "complete" {
                continue;
            }
            let most = message["id"].as_str().unwrap().parse::<usize>().unwrap() % 3 + 1;
            let users = message["payload"]["data"]["users"]["nodes"].as_array().unwrap_or_else(|| panic!("{message}"));
            let found: Vec<usize> = users.iter().map(|user| user["grants"]["nodes"].as_array().unwrap().len()).collect();
            assert_eq!(found.iter().max(), Some(&most), "{message}");
            heard += 1;
        }
    }

    /// RFC 6455, section 5.5.1: a close frame is answered.
    fn a_close_is_answered(server: &mut Server) {
        let mut socket = Socket::signed_in(server, &server.world().user.pat);
        socket.0.close(None).unwrap();
        let ended = loop {
            match socket.0.read() {
                Ok(_) => {}
                Err(error) => break error,
            }
        };
        assert!(matches!(ended, tungstenite::Error::ConnectionClosed), "{ended}");
    }

    fn operations_of_a_web_socket_are_limited(server: &mut Server) {
        server.restart_with("GRANTOR_API_RATE_LIMIT", "2");
        let mut socket = Socket::signed_in(server, &server.world().user.pat);
        let refused = (0..100).find_map(|number| {
            socket.subscribe(&number.to_string(), "{ viewer { id } }", &json!({}));
            let told = socket.hear();
            if told["type"] == "error" {
                return Some(told);
            }
            assert_eq!((&told["type"], &socket.hear()["type"]), (&json!("next"), &json!("complete")));
            None
        });
        assert_eq!(refused.unwrap()["payload"][0]["extensions"]["code"], "RATE_LIMITED");
    }

    /// Every operation is a request of its network, even if its document is refused.
    fn refused_operations_of_a_web_socket_count(server: &mut Server) {
        server.restart_with("GRANTOR_API_NETWORK_RATE_LIMIT", "4");
        let mut socket = Socket::signed_in(server, &server.world().user.pat);
        let codes = (0..8).map(|number| {
            socket.subscribe(&number.to_string(), "{ nothing }", &json!({}));
            socket.hear()["payload"][0]["extensions"]["code"].take()
        });
        let codes: Vec<_> = codes.collect();
        assert_eq!(codes[0], "GRAPHQL_VALIDATION_FAILED", "{codes:?}");
        assert_eq!(codes[7], "RATE_LIMITED", "{codes:?}");
    }

    /// The id of an operation that ended can be used again.
    fn an_id_is_free_after_its_operation(server: &mut Server) {
        let mut socket = Socket::signed_in(server, &server.world().user.pat);
        for _ in 0..20 {
            socket.subscribe("1", "{ viewer { id } }", &json!({}));
            assert_eq!(socket.hear()["type"], "next");
            assert_eq!(socket.hear()["type"], "complete");
        }
    }

    /// Streams hold their connection slots, and end when the program stops, which does not wait for them.
    fn streams_are_counted_and_end_with_the_program(server: &mut Server) {
        let user = server.world().user.pat;
        let before = server.metric("grantor_connections");
        let mut sockets: Vec<_> = (0..3).map(|_| Socket::signed_in(server, &user)).collect();
        for socket in &mut sockets {
            socket.subscribe("1", FOLLOW, &json!({}));
            socket.say(&json!({ "type": "ping" }));
            assert_eq!(socket.hear(), json!({ "type": "pong" }));
        }
        let (_, told) = events(server, FOLLOW, &user);
        let (connections, streams) = (server.metric("grantor_connections"), server.metric("grantor_streams"));
        assert!(connections >= before + 4, "{before} and then {connections}");
        assert_eq!(streams, 4);
        // Listening clients get a message while the program waits for them.
        let listening = std::thread::spawn(move || sockets.iter_mut().map(Socket::hear).collect::<Vec<_>>());
        assert!(server.stop(), "{}", server.log());
        assert_eq!(listening.join().unwrap(), vec![json!({ "closed": 1001 }); 3]);
        assert_eq!(told.recv_timeout(SOON).unwrap(), ("complete".to_owned(), Value::Null));
        assert!(!server.log().contains("not finished in time"), "{}", server.log());
    }

    fn a_web_socket_speaks_the_protocol(server: &mut Server) {
        let user = server.world().user.pat;
        let bearer = format!("Bearer {user}");
        let mut socket = Socket::open(server);
        socket.say(&json!({ "type": "connection_init", "payload": { "authorization": bearer } }));
        assert_eq!(socket.hear(), json!({ "type": "connection_ack" }));
        socket.say(&json!({ "type": "ping" }));
        assert_eq!(socket.hear(), json!({ "type": "pong" }));
        socket.say(&json!({ "type": "subscribe", "id": "1", "payload": { "query": "{ viewer { user { login } } }" } }));
        let told = socket.hear();
        assert_eq!((&told["type"], &told["id"]), (&json!("next"), &json!("1")));
        assert_eq!(told["payload"]["data"], json!({ "viewer": { "user": { "login": "ben" } } }));
        assert_eq!(socket.hear(), json!({ "type": "complete", "id": "1" }));
        socket.say(&json!({ "type": "subscribe", "id": "2", "payload": { "query": FOLLOW } }));
        for (id, query) in [("3", "{ nothing"), ("4", "{ nothing }")] {
            socket.say(&json!({ "type": "subscribe", "id": id, "payload": { "query": query } }));
            let refused = socket.hear();
            assert_eq!((&refused["type"], refused["payload"].is_array()), (&json!("error"), true), "{refused}");
        }
        new_token(server, &user);
        assert_eq!(socket.hear()["payload"]["data"]["viewerEvents"]["type"], "TOKEN_CREATED");
        socket.say(&json!({ "type": "complete", "id": "2" }));
        socket.say(&json!({ "type": "ping" }));
        assert_eq!(socket.hear(), json!({ "type": "pong" }));
        for (messages, code) in [
            (vec![json!({ "type": "subscribe", "id": "1", "payload": { "query": FOLLOW } })], 4401),
            (vec![json!({ "type": "connection_init" })], 4403),
            (vec![json!({ "type": "connection_init", "payload": { "authorization": "Bearer x" } })], 4403),
            // Without these credentials, those of the headers would be used.
            (vec![json!({ "type": "connection_init", "payload": { "authorization": 7 } })], 4400),
            (vec![json!({ "type": "connection_init", "payload": bearer })], 4400),
            (vec![json!({ "type": "nonsense" })], 4400),
            (vec![json!("nonsense")], 4400),
            // An array is not read as the members in their order.
            (vec![json!(["connection_init", null, { "authorization": bearer }])], 4400),
        ] {
            let mut socket = Socket::open(server);
            messages.iter().for_each(|message| socket.say(message));
            assert_eq!(socket.hear(), json!({ "closed": code }), "{messages:?}");
        }
        let mut socket = Socket::open(server);
        let init = json!({ "type": "connection_init", "payload": { "authorization": bearer } });
        socket.say(&init);
        socket.hear();
        socket.say(&init);
        assert_eq!(socket.hear(), json!({ "closed": 4429 }));
    }
}
