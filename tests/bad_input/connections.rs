//! Connections: who has a place, who makes room, and for how long they may say nothing.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use super::wire::{connect, exchange, rest, statuses};
use crate::support::{Engine, Server};

/// Where every place is taken, the connection that has been idle for longest makes room; health checks and metrics have places
/// of their own where none is idle.
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
    assert_eq!(idle[0].read(&mut [0; 1]).unwrap(), 0, "the oldest is closed");
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
        assert_eq!(statuses(&finished(stream)), [401], "what is under way is finished");
    }
    assert_eq!(statuses(&ask("/")), [200]);
}

/// A request of which half of the body has arrived.
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

/// The answer to such a request, once the other half has arrived.
fn finished(mut stream: TcpStream) -> String {
    stream.write_all(b"=nonsense&").unwrap();
    rest(stream)
}

/// One address cannot shut others out by connections that say nothing, however many it opens.
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

/// An address has a share of the places; what it has more is answered that it is too much. A trusted proxy has as many as there
/// are.
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

/// The first head of a connection has less time than a later one.
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

/// Told to stop, the program closes at once what has sent no whole head, and finishes what is under way.
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
    // The last one keeps its connection after the answer.
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
