//! Malformed requests, byte by byte.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use super::Watch;
use crate::support::{Engine, Server};

pub(super) fn connect(server: &Server) -> TcpStream {
    let stream = TcpStream::connect(server.url.strip_prefix("http://").unwrap()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    stream
}

/// Starts a server with a timeout of one second.
pub(super) fn impatient() -> Server {
    let mut server = Server::demo(Engine::Sqlite);
    server.restart_with("GRANTOR_IDLE_TIMEOUT", "1");
    server
}

/// Sends bytes and returns everything that the server sends until it closes the connection.
pub(super) fn exchange(server: &Server, bytes: &[u8]) -> String {
    let mut stream = connect(server);
    // The server can refuse before it has read everything.
    let _ = stream.write_all(bytes);
    rest(stream)
}

/// Sends bytes, closes the sending side and reads.
pub(super) fn send(server: &Server, bytes: &[u8]) -> String {
    let mut stream = connect(server);
    let _ = stream.write_all(bytes);
    let _ = stream.shutdown(std::net::Shutdown::Write);
    rest(stream)
}

pub(super) fn rest(mut stream: TcpStream) -> String {
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer) {
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::ConnectionReset => {}
        Err(error) => panic!("neither answered nor closed: {error}"),
    }
    String::from_utf8_lossy(&answer).into_owned()
}

/// Returns the statuses of the responses, in order.
pub(super) fn statuses(answers: &str) -> Vec<u16> {
    let lines = answers.split("HTTP/1.1 ").skip(1);
    lines.map(|line| line[..3].parse().unwrap()).collect()
}

/// Request heads with an invalid line or an invalid combination of lines.
fn wrong_heads() -> Vec<(&'static str, Vec<u8>)> {
    let head = |lines: &[&str]| [lines.join("\r\n").as_bytes(), b"\r\n\r\n"].concat();
    let post = "POST /id/connect/token HTTP/1.1";
    let get = "GET /health/live HTTP/1.1";
    let many = (0..500).map(|n| format!("x-{n}: 1\r\n")).collect::<String>();
    vec![
        ("no HTTP", b"hello\r\n\r\n".to_vec()),
        ("TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".to_vec()),
        ("HTTP/2 without agreement", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec()),
        ("null characters", vec![0; 100]),
        ("another version", head(&["GET / HTTP/3.7", "host: x"])),
        ("a length that is no number", head(&[post, "host: x", "content-length: x"])),
        ("a negative length", head(&[post, "host: x", "content-length: -1"])),
        ("a length with a sign", head(&[post, "host: x", "content-length: +1"])),
        ("two lengths", head(&[post, "host: x", "content-length: 1", "content-length: 2"])),
        ("a huge length", head(&[post, "host: x", "content-length: 99999999999999999999999"])),
        ("another encoding", head(&[post, "host: x", "transfer-encoding: gzip"])),
        ("chunked, but not at last", head(&[post, "host: x", "transfer-encoding: chunked, gzip"])),
        ("a folded line", head(&[get, "host: x", "x-a: b", " c"])),
        ("a space before the colon", head(&[get, "host: x", "x-a : b"])),
        ("a null character in a header", head(&[get, "host: x", "x-a: b\0c"])),
        ("a line without a colon", head(&[get, "host: x", "nonsense"])),
        ("very many headers", head(&[get, "host: x", many.trim_end()])),
        ("a very long header", head(&[get, "host: x", &format!("x-a: {}", "b".repeat(1 << 20))])),
        ("a very long address", head(&[&format!("GET /{} HTTP/1.1", "x".repeat(100_000)), "host: x"])),
        ("an address without end", [b"GET /".to_vec(), vec![b'x'; 1 << 20]].concat()),
        ("a space in the address", head(&["GET /a b HTTP/1.1", "host: x"])),
    ]
}

/// Every such request is refused or its connection closed; other clients are not affected.
#[test]
fn wrong_requests() {
    let server = impatient();
    let watch = Watch::new(&server);
    for (what, bytes) in wrong_heads() {
        let answer = exchange(&server, &bytes);
        for status in statuses(&answer) {
            assert!((400..500).contains(&status), "{what}: {answer}");
        }
        assert_eq!(server.get("/health/live", None).send().unwrap().status(), 200, "after {what}");
    }
    let long = exchange(&server, &[b"GET /", &[b'x'; 70_000][..], b" HTTP/1.1\r\nhost: x\r\n\r\n"].concat());
    assert!([vec![414], vec![431]].contains(&statuses(&long)), "{long}");
    watch.done();
}

/// A second request in the body of a first one is never answered (RFC 9112, section 11.2).
#[test]
fn nothing_is_smuggled() {
    let server = impatient();
    let watch = Watch::new(&server);
    let hidden = "GET /health/ready HTTP/1.1\r\nhost: x\r\n\r\n";
    let chunked = format!("0\r\n\r\n{hidden}");
    let first =
        "POST /id/connect/token HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\n";
    for framing in [
        format!("content-length: {}\r\ntransfer-encoding: chunked\r\n", chunked.len()),
        format!("transfer-encoding: chunked\r\ncontent-length: {}\r\n", chunked.len()),
        format!("content-length: {}\r\ntransfer-encoding: xchunked\r\n", chunked.len()),
        format!("content-length: {}\r\ntransfer-encoding : chunked\r\n", chunked.len()),
        format!("content-length: {}\r\ncontent-length: 0\r\n", chunked.len()),
        format!("content-length: {}, 0\r\n", chunked.len()),
    ] {
        let answer = exchange(&server, format!("{first}{framing}\r\n{chunked}").as_bytes());
        let seen = statuses(&answer);
        assert!(
            seen.len() <= 1 && seen.iter().all(|status| (400..500).contains(status)),
            "{framing}: {answer}"
        );
    }
    watch.done();
}

/// Request targets in absolute form lead only to our own paths.
#[test]
fn addresses_of_other_forms() {
    let server = impatient();
    let watch = Watch::new(&server);
    for (line, status) in [
        ("GET http://elsewhere.example/health/live HTTP/1.1", 200),
        ("GET http://elsewhere.example/nothing HTTP/1.1", 404),
        ("GET //health/live HTTP/1.1", 404),
        ("GET /static/../health/live HTTP/1.1", 404),
        ("GET /static/%2e%2e%2fkeys HTTP/1.1", 404),
        ("GET /static/..%5ckeys HTTP/1.1", 404),
        ("OPTIONS * HTTP/1.1", 404),
        ("CONNECT elsewhere.example:443 HTTP/1.1", 404),
    ] {
        let answer = exchange(&server, format!("{line}\r\nhost: x\r\nconnection: close\r\n\r\n").as_bytes());
        let seen = statuses(&answer);
        assert!(
            seen == [status] || (status == 404 && seen.iter().all(|one| (400..500).contains(one))),
            "{line}: {answer}"
        );
        assert!(!answer.to_lowercase().contains("location: http"), "{line}: {answer}");
    }
    watch.done();
}

/// Truncated bodies and invalid chunks.
#[test]
fn broken_bodies() {
    let server = Server::demo(Engine::Sqlite);
    let watch = Watch::new(&server);
    for path in ["/id/connect/token", "/graphql", "/signin"] {
        let first =
            format!("POST {path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\n");
        for rest in [
            "content-length: 100\r\n\r\nclient_id=",
            "transfer-encoding: chunked\r\n\r\nzz\r\nclient_id=\r\n",
            "transfer-encoding: chunked\r\n\r\n-1\r\nx\r\n0\r\n\r\n",
            "transfer-encoding: chunked\r\n\r\nffffffffffffffffff\r\nx",
            "transfer-encoding: chunked\r\n\r\n5\r\nab",
        ] {
            let answer = send(&server, format!("{first}{rest}").as_bytes());
            assert!(
                statuses(&answer).iter().all(|status| (400..500).contains(status)),
                "{path} {rest}: {answer}"
            );
        }
    }
    watch.done();
}

/// A request names exactly one host (RFC 9112, section 3.2).
#[test]
fn a_request_names_one_host() {
    let server = Server::demo(Engine::Sqlite);
    for path in ["/", "/health/live", "/graphql", "/id/connect/token", "/verify", "/nowhere"] {
        for (version, hosts, is_good) in [
            ("1.1", "host: id.example.org\r\n", true),
            ("1.1", "host: [::1]:8080\r\n", true),
            ("1.1", "", false),
            ("1.1", "host: a\r\nhost: a\r\n", false),
            ("1.1", "host: a\r\nhost: b\r\n", false),
            ("1.1", "host:\r\n", false),
            ("1.1", "host: a b\r\n", false),
            ("1.1", "host: a/b\r\n", false),
            ("1.1", "host: user@a\r\n", false),
            ("1.1", "host: a, b\r\n", false),
            ("1.1", "host: a:x\r\n", false),
            ("1.1", "host: \u{e4}\r\n", false),
            ("1.0", "", true),
            ("1.0", "host: a\r\nhost: b\r\n", false),
        ] {
            let answer = exchange(
                &server,
                format!("GET {path} HTTP/{version}\r\n{hosts}connection: close\r\n\r\n").as_bytes(),
            );
            let status: u16 = answer[9..12].parse().unwrap();
            assert_eq!(
                status == 400 && answer.contains("exactly one Host"),
                !is_good,
                "{path} {version} {hosts:?}: {answer}"
            );
            assert!(answer.to_lowercase().contains("x-content-type-options: nosniff"), "{answer}");
        }
    }
}
