//! Objects and results on one connection: neither side waits for the end of the other.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::{Value, json};

use super::{IMPORT, user, with};
use crate::support::Server;

/// A request that is being sent while its response is read.
struct Exchange {
    stream: TcpStream,
    lines: BufReader<TcpStream>,
}

impl Exchange {
    /// Sends the head of a request whose body has no known length.
    fn begin(server: &Server, options: &str, token: &str) -> Self {
        let host = server.url.trim_start_matches("http://");
        let mut stream = TcpStream::connect(host).unwrap();
        // Less than the pause in a body that the server allows: what comes by then was not caused by the end of the pause.
        stream.set_read_timeout(Some(Duration::from_secs(8))).unwrap();
        let head = format!(
            "POST /api/domain/odata/{IMPORT}{options} HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {token}\r\n\
             content-type: application/x-ndjson\r\naccept-encoding: gzip, zstd\r\ntransfer-encoding: chunked\r\n\
             connection: close\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).unwrap();
        let lines = BufReader::new(stream.try_clone().unwrap());
        Self { stream, lines }
    }

    /// Sends a chunk of the body.
    fn send(&mut self, text: &str) {
        let chunk = format!("{:x}\r\n{text}\r\n", text.len());
        self.stream.write_all(chunk.as_bytes()).unwrap();
    }

    /// Waits for the next result. Chunks are divided between lines.
    fn result(&mut self) -> Value {
        loop {
            let mut line = String::new();
            assert!(self.lines.read_line(&mut line).unwrap() > 0, "the response has ended");
            if line.starts_with('{') {
                return serde_json::from_str(&line).unwrap();
            }
        }
    }

    fn end(mut self) -> Value {
        self.stream.write_all(b"0\r\n\r\n").unwrap();
        self.result()
    }
}

on_both_engines! {
    /// The client sends an object, waits for its result, and only then sends the next.
    fn each_result_is_sent_before_the_next_object_is(server: &mut Server) {
        let admin = &server.world().admin.pat;
        let mut exchange = Exchange::begin(server, "", admin);
        for number in 0..5 {
            let login = format!("stream-{number}");
            // The last object has no line break behind it: its last brace is enough.
            exchange.send(&user(&login, "S").to_string());
            let result = exchange.result();
            assert_eq!(result["@erpnet.state"], "Added", "{result}");
            assert_eq!(server.count(&format!("Systems_Security_Users?$filter=Login eq '{login}'"), admin), 1);
            exchange.send("\n");
        }
        let end = exchange.end();
        assert_eq!((&end["@erpnet.result"], &end["@grantor.objects"]), (&json!("success"), &json!(5)));
    }

    /// An object may come in pieces of any length.
    fn an_object_may_come_in_pieces(server: &mut Server) {
        let admin = &server.world().admin.pat;
        let mut exchange = Exchange::begin(server, "", admin);
        let text = user("in-pieces", "P").to_string();
        for byte in text.chars() {
            exchange.send(&byte.to_string());
        }
        assert_eq!(exchange.result()["@erpnet.state"], "Added");
        assert_eq!(exchange.end()["@erpnet.result"], "success");
    }

    /// All objects are held back until the body ends; then each has its result.
    fn objects_of_one_transaction_wait_for_the_end(server: &mut Server) {
        let admin = &server.world().admin.pat;
        let mut exchange = Exchange::begin(server, "?transaction=all-objects&loggingLevel=0&tr=1", admin);
        for number in 0..3 {
            exchange.send(&format!("{}\n", user(&format!("held-{number}"), "H")));
        }
        assert_eq!(server.count("Systems_Security_Users?$filter=startswith(Login,'held-')", admin), 0);
        assert_eq!(exchange.stream.write(b"0\r\n\r\n").unwrap(), 5);
        for _ in 0..3 {
            assert_eq!(exchange.result()["@erpnet.state"], "Added");
        }
        assert_eq!(exchange.result()["@grantor.objects"], 3);
    }

    /// Many objects, of which some fail, in one body that is longer than other requests may be.
    fn many_objects_have_a_result_each(server: &mut Server) {
        let admin = &server.world().admin.pat;
        let notes = json!({ "Notes": "x".repeat(200) });
        let login = |number: usize| if number % 97 == 5 { "no login".to_owned() } else { format!("many-{number}") };
        let mut text = String::new();
        for number in 0..1500 {
            text.push_str(&with(user(&login(number), "M"), &notes).to_string());
            text.push('\n');
        }
        assert!(text.len() > 256 * 1024);
        let mut exchange = Exchange::begin(server, "", admin);
        let mut stream = exchange.stream.try_clone().unwrap();
        let sender = std::thread::spawn(move || {
            for part in text.as_bytes().chunks(10_000) {
                write!(stream, "{:x}\r\n", part.len()).unwrap();
                stream.write_all(part).unwrap();
                stream.write_all(b"\r\n").unwrap();
            }
            stream.write_all(b"0\r\n\r\n").unwrap();
        });
        for number in 0..1500 {
            let result = exchange.result();
            let expected = if number % 97 == 5 { "fail" } else { "success" };
            assert_eq!(result["@erpnet.result"], expected, "{number}: {result}");
        }
        assert_eq!(exchange.result()["@grantor.failed"], 16);
        sender.join().unwrap();
        assert_eq!(server.count("Systems_Security_Users?$filter=startswith(Login,'many-')", admin), 1484);
    }
}
