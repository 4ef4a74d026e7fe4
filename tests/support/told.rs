//! A client's server for notifications: it stores requests, and responds as a test sets.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A received request.
#[derive(Debug)]
pub struct Arrived {
    /// Method, path and query.
    pub line: String,
    /// The headers, by lower-case name.
    pub headers: BTreeMap<String, String>,
    pub body: String,
}

/// The server; it listens until the test ends.
pub struct Told {
    /// The address, without a trailing slash.
    pub url: String,
    arrived: Receiver<Arrived>,
    answer: Arc<AtomicU16>,
    elsewhere: Arc<Mutex<String>>,
}

impl Told {
    pub fn listen() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (sender, arrived) = channel();
        let (answer, elsewhere) = (Arc::new(AtomicU16::new(200)), Arc::default());
        let (status, location) = (Arc::clone(&answer), Arc::clone(&elsewhere));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (sender, status, location) = (sender.clone(), Arc::clone(&status), Arc::clone(&location));
                std::thread::spawn(move || take(stream, &sender, &status, &location));
            }
        });
        Self { url, arrived, answer, elsewhere }
    }

    /// Sets the response status; 0 for no response.
    pub fn answer_with(&self, status: u16) {
        self.answer.store(status, Ordering::SeqCst);
    }

    /// Sets a redirect with a matching status.
    pub fn send_to(&self, url: &str) {
        *self.elsewhere.lock().unwrap() = url.to_owned();
        self.answer_with(307);
    }

    /// Returns the next request.
    pub fn next(&self) -> Arrived {
        self.arrived.recv_timeout(Duration::from_secs(20)).expect("no request arrived")
    }

    /// Asserts that no other request has arrived. Call it when no notification waits any more.
    pub fn got_nothing(&self) {
        match self.arrived.try_recv() {
            Err(TryRecvError::Empty) => {}
            other => panic!("nothing was to arrive: {other:?}"),
        }
    }
}

fn take(stream: TcpStream, sender: &Sender<Arrived>, status: &AtomicU16, elsewhere: &Mutex<String>) {
    let mut reader = BufReader::new(stream);
    let mut lines = Vec::new();
    let mut line = String::new();
    while reader.read_line(&mut line).is_ok_and(|length| length > 2) {
        lines.push(std::mem::take(&mut line).trim_end().to_owned());
    }
    let Some((first, others)) = lines.split_first() else { return };
    let pairs = others.iter().filter_map(|line| line.split_once(':'));
    let headers: BTreeMap<_, _> =
        pairs.map(|(name, value)| (name.to_lowercase(), value.trim().to_owned())).collect();
    let length = headers.get("content-length").map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let body = String::from_utf8(body).unwrap();
    // The request counts as arrived before its sender has the response.
    let _ = sender.send(Arrived { line: first.clone(), headers, body });
    let status = status.load(Ordering::SeqCst);
    if status > 0 {
        let location = elsewhere.lock().unwrap();
        let answer = format!(
            "HTTP/1.1 {status} X\r\nLocation: {location}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        );
        let _ = reader.get_mut().write_all(answer.as_bytes());
    }
}
