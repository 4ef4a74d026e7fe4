//! Connections: limits, replacement of idle ones, and timeouts.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use super::wire::{connect, exchange, rest, statuses};
use crate::support::{Engine, Server};

/// When all connections are in use, the one that has been idle longest is closed. If none is idle, health
/// checks and metrics have reserved connections.
#[test]
fn connections_are_limited() {
    let mut server = Server::demo(Engine::Sqlite);
    server.restart_with("GRANTOR_MAX_CONNECTIONS", "8");
    let mut idle: Vec<TcpStream> = (0..8).map(|_| connect(&server)).collect();
    let ask = |path: &str| {
        exchange(&server, format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").as_bytes())
    };
    for _ in 0..8 {
        assert_eq!(statuses(&ask("/health/live")), [200]);
    }
    assert_eq!(idle[0].read(&mut [0; 1]).unwrap(), 0, "the oldest connection is closed");
    drop(idle);
    let busy: Vec<TcpStream> = (0..8).map(|_| half_a_request(&server)).collect();
    assert_eq!(statuses(&ask("/health/live")), [200]);
    assert_eq!(statuses(&ask("/health/ready")), [200]);
    assert_eq!(statuses(&ask("/metrics")), [200]);
    let refused = ask("/");
    assert_eq!(statuses(&refused), [503]);
    let refused = refused.to_lowercase();
    assert!(refused.contains("retry-after: ") && refused.contains("connection: close"), "{refused}");
    for stream in busy {
        assert_eq!(statuses(&finished(stream)), [401], "a request in progress is completed");
    }
    assert_eq!(statuses(&ask("/")), [200]);
}

/// Opens a connection and sends half of a request body.
fn half_a_request(server: &Server) -> TcpStream {
    let mut stream = connect(server);
    let head = "POST /id/connect/token HTTP/1.1\r\nhost: x\r\nconnection: close\r\nexpect: 100-continue\r\n\
                content-type: application/x-www-form-urlencoded\r\ncontent-length: 20\r\n\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    // The server has read the head, and asks for the body.
    let mut answer = [0; 25];
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(b"grant_type").unwrap();
    stream
}

/// Sends the other half of the request and returns the response.
fn finished(mut stream: TcpStream) -> String {
    stream.write_all(b"=nonsense&").unwrap();
    rest(stream)
}

/// One address cannot lock others out with idle connections, however many it opens.
#[test]
fn idle_connections_shut_nobody_out() {
    let server = Server::demo(Engine::Sqlite);
    let _idle: Vec<TcpStream> = (0..900).map(|_| connect(&server)).collect();
    let impatient = reqwest::blocking::Client::builder().timeout(Duration::from_secs(5)).build().unwrap();
    for path in ["/health/live", "/health/ready", "/", "/metrics"] {
        let answer = impatient.get(format!("{}{path}", server.url)).send().unwrap();
        assert_eq!(answer.status(), 200, "{path}");
    }
}

/// An address has a maximum number of connections; more are refused. A trusted proxy has no such maximum.
#[test]
fn an_address_has_a_share_of_the_places() {
    let mut server = Server::demo(Engine::Sqlite);
    server.restart_with("GRANTOR_MAX_CONNECTIONS_PER_ADDRESS", "4");
    let get = b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    let busy: Vec<TcpStream> = (0..4).map(|_| half_a_request(&server)).collect();
    assert_eq!(statuses(&exchange(&server, get)), [503]);
    drop(busy);
    server.restart_with("GRANTOR_TRUSTED_PROXIES", "[127.0.0.1/32]");
    let busy: Vec<TcpStream> = (0..20).map(|_| half_a_request(&server)).collect();
    assert_eq!(statuses(&exchange(&server, get)), [200]);
    drop(busy);
}

/// The first request head of a connection has a shorter timeout than later ones.
#[test]
fn the_first_head_has_little_time() {
    let mut server = Server::demo(Engine::Sqlite);
    server.restart_with("GRANTOR_FIRST_REQUEST_TIMEOUT", "1");
    assert_eq!(exchange(&server, b""), "");
    assert_eq!(exchange(&server, b"GET / HTTP/1.1\r\nhost: x\r\nx-a"), "");
    let mut kept = connect(&server);
    for _ in 0..2 {
        kept.write_all(b"GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
        let mut answer = vec![0; 4096];
        let length = kept.read(&mut answer).unwrap();
        assert_eq!(statuses(&String::from_utf8_lossy(&answer[..length])), [200]);
        std::thread::sleep(Duration::from_millis(1500));
    }
}

/// On shutdown, the program closes connections without a complete request head at once, and completes
/// requests in progress.
#[test]
fn stopping_waits_for_requests_alone() {
    let mut server = Server::demo(Engine::Sqlite);
    let mut silent: Vec<TcpStream> =
        [&b""[..], b"GET / HTTP/1.1\r\nHo", b"GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n"]
            .into_iter()
            .map(|bytes| {
                let mut stream = connect(&server);
                stream.write_all(bytes).unwrap();
                stream
            })
            .collect();
    // The last one keeps its connection after the response.
    let mut answer = vec![0; 4096];
    assert!(silent[2].read(&mut answer).unwrap() > 0);
    let busy = half_a_request(&server);
    server.ask_to_stop();
    for stream in &mut silent {
        let ended = stream.read(&mut [0; 1]);
        assert!(
            ended.as_ref().is_ok_and(|length| *length == 0)
                || ended.is_err_and(|error| error.kind() == ErrorKind::ConnectionReset)
        );
    }
    assert_eq!(statuses(&finished(busy)), [401]);
    assert!(server.has_stopped(), "{}", server.log());
}
