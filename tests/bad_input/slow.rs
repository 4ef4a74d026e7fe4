//! Clients that send slowly or not at all.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::Watch;
use super::wire::{connect, impatient, rest, statuses};
use crate::support::{Engine, Server};

/// A missing body causes a timeout.
#[test]
fn bodies_that_do_not_come() {
    let server = Server::demo(Engine::Sqlite);
    let watch = Watch::new(&server);
    let paths = ["/id/connect/token", "/graphql", "/signin", "/device/decide"];
    let waiting = paths.map(|path| {
        let mut stream = connect(&server);
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let token = format!("authorization: Bearer {}\r\n", server.world().user.pat);
        let token = if path == "/graphql" { token } else { String::new() };
        let head = format!("POST {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{token}content-type: application/json\r\n");
        stream.write_all(format!("{head}content-length: 100\r\n\r\nx").as_bytes()).unwrap();
        (path, stream)
    });
    // A body that arrives drop by drop causes a timeout too.
    let mut drips = connect(&server);
    drips.set_read_timeout(Some(Duration::from_secs(40))).unwrap();
    let head = "POST /id/connect/token HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/x-www-form-urlencoded\r\n";
    drips.write_all(format!("{head}content-length: 100\r\n\r\n").as_bytes()).unwrap();
    let mut drop_by_drop = drips.try_clone().unwrap();
    let dripping = std::thread::spawn(move || {
        while drop_by_drop.write_all(b"x").is_ok() {
            std::thread::sleep(Duration::from_secs(1));
        }
    });
    assert_eq!(server.get("/health/ready", None).send().unwrap().status(), 200);
    for (path, stream) in waiting {
        let answer = rest(stream);
        assert_eq!(statuses(&answer), [408], "{path}: {answer}");
        assert!(!answer.contains("too long"), "{path}: {answer}");
    }
    let answer = rest(drips);
    assert_eq!(statuses(&answer), [408], "{answer}");
    dripping.join().unwrap();
    watch.done();
}

/// Idle and slow connections affect no other client, and are closed after a timeout.
#[test]
fn clients_that_say_nothing() {
    let mut server = Server::demo(Engine::Sqlite);
    server.restart_with("GRANTOR_IDLE_TIMEOUT", "3");
    let watch = Watch::new(&server);
    let said: [&[u8]; 4] =
        [b"", b"P", b"GET /health/live HTTP/1.1\r\nhost: x\r\n", b"POST /id/connect/token HTTP/1.1\r\nx-a"];
    let began = Instant::now();
    let mut silent: Vec<TcpStream> = (0..200)
        .map(|index| {
            let mut stream = connect(&server);
            stream.write_all(said[index % said.len()]).unwrap();
            stream
        })
        .collect();
    for _ in 0..20 {
        assert_eq!(server.get("/health/ready", None).send().unwrap().status(), 200);
    }
    assert!(server.accepts(&server.world().user.pat));
    for stream in &mut silent {
        let mut answer = String::new();
        let ended = stream.read_to_string(&mut answer);
        assert!(
            ended.is_ok() || ended.is_err_and(|error| error.kind() == ErrorKind::ConnectionReset),
            "still open"
        );
        assert!(statuses(&answer).iter().all(|status| *status == 408), "{answer}");
    }
    assert!(began.elapsed() >= Duration::from_secs(2), "they timed out too early");
    watch.done();
}

/// A body that is refused before it was read is received all the same, so that the client sees the response
/// (RFC 9112, section 9.6). A client that waits for `100 Continue` sends none.
#[test]
fn refusals_reach_clients_that_still_send() {
    let server = impatient();
    let body = vec![b'x'; 4 << 20];
    for (path, status) in [("/id/connect/token", 413), ("/graphql", 401), ("/nothing", 404), ("/leaks", 413)]
    {
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {}\r\n",
            body.len()
        );
        let mut stream = connect(&server);
        stream.write_all(format!("{head}\r\n").as_bytes()).unwrap();
        stream.write_all(&body).unwrap_or_else(|error| panic!("{path}: {error}"));
        let answer = rest(stream);
        assert_eq!(statuses(&answer), [status], "{path}: {answer}");
        assert!(answer.to_ascii_lowercase().contains("connection: close"), "{path}: {answer}");
        // A refusal that needs no body comes instead of `100 Continue`.
        if status == 413 {
            continue;
        }
        let mut stream = connect(&server);
        stream.write_all(format!("{head}expect: 100-continue\r\n\r\n").as_bytes()).unwrap();
        let answer = rest(stream);
        assert!(statuses(&answer).ends_with(&[status]), "{path}: {answer}");
    }
}
