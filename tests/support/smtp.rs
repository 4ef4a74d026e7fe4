//! A mail server that stores received mail: the part of RFC 5321 that the program uses.

use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::Server;

/// A received mail.
#[derive(Clone, Debug)]
pub struct Mail {
    /// Sender and recipient of the envelope.
    pub from: String,
    pub to: Vec<String>,
    /// The lines of the header.
    pub header: Vec<String>,
    /// The body.
    pub body: String,
}

impl Mail {
    /// Returns the value of a header that occurs once.
    pub fn get(&self, name: &str) -> &str {
        let start = format!("{name}: ");
        let found: Vec<_> = self.header.iter().filter_map(|line| line.strip_prefix(&start)).collect();
        let [value] = found[..] else { panic!("one {name} in {:?}", self.header) };
        value
    }

    /// Returns the path of the only link in the mail.
    pub fn link(&self) -> String {
        let found: Vec<_> = self.body.lines().filter(|line| line.contains("/mail/")).collect();
        let [link] = found[..] else { panic!("one link in {}", self.body) };
        link[link.find("/mail/").unwrap()..].to_owned()
    }
}

#[derive(Default)]
struct State {
    mails: Mutex<VecDeque<Mail>>,
    /// Statuses of the next mails; 250 by default.
    answers: Mutex<VecDeque<u16>>,
    credentials: Mutex<Vec<String>>,
}

/// The encryption of a connection.
#[derive(Clone)]
pub enum Wire {
    Plain,
    Tls(Arc<ServerConfig>),
    Starttls(Arc<ServerConfig>),
}

/// The server; it stops with the test.
pub struct Catcher {
    pub url: String,
    state: Arc<State>,
}

/// Timeout for an expected mail.
const PATIENCE: Duration = Duration::from_secs(20);

impl Catcher {
    pub fn start() -> Self {
        Self::over(Wire::Plain)
    }

    /// Starts a server with this encryption.
    pub fn over(wire: Wire) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let state = Arc::new(State::default());
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (state, wire) = (Arc::clone(&shared), wire.clone());
                std::thread::spawn(move || serve(stream, &state, &wire));
            }
        });
        Self { url, state }
    }

    /// Returns the environment of a program that sends through this server.
    pub fn environment(&self) -> [(&str, &str); 2] {
        [("GRANTOR_SMTP_URL", &self.url), ("GRANTOR_MAIL_FROM", "Grantor <grantor@example.org>")]
    }

    /// Sets the statuses of the next mails; they are stored nevertheless.
    pub fn answer(&self, codes: &[u16]) {
        self.state.answers.lock().unwrap().extend(codes);
    }

    /// Returns the next mail.
    pub fn next(&self) -> Mail {
        let began = Instant::now();
        loop {
            if let Some(mail) = self.state.mails.lock().unwrap().pop_front() {
                return mail;
            }
            assert!(began.elapsed() < PATIENCE, "no mail came");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Returns the next two mails, ordered by recipient.
    pub fn next_two(&self) -> [Mail; 2] {
        let mut mails = [self.next(), self.next()];
        mails.sort_by(|one, other| one.to.cmp(&other.to));
        mails
    }

    /// Returns the other mails that have arrived.
    pub fn arrived(&self) -> Vec<Mail> {
        self.state.mails.lock().unwrap().drain(..).collect()
    }

    /// Returns the other mails of a server, once no mail waits to be sent.
    pub fn rest(&self, server: &Server) -> Vec<Mail> {
        server.wait_for_mail();
        self.arrived()
    }

    /// Returns the credentials of AUTH PLAIN (RFC 4616).
    pub fn credentials(&self) -> Vec<String> {
        self.state.credentials.lock().unwrap().clone()
    }
}

/// Serves one connection.
fn serve(stream: TcpStream, state: &State, wire: &Wire) {
    let encrypted = |stream, config: &Arc<ServerConfig>| {
        StreamOwned::new(ServerConnection::new(Arc::clone(config)).unwrap(), stream)
    };
    match wire {
        Wire::Plain => drop(talk(stream, state, false, "220 catcher ESMTP")),
        Wire::Tls(config) => drop(talk(encrypted(stream, config), state, false, "220 catcher ESMTP")),
        Wire::Starttls(config) => {
            if let Some(stream) = talk(stream, state, true, "220 catcher ESMTP") {
                talk(encrypted(stream, config), state, false, "");
            }
        }
    }
}

/// Handles commands until the client leaves or starts TLS; returns the connection in the latter case.
fn talk<S: Read + Write>(stream: S, state: &State, starttls: bool, greeting: &str) -> Option<S> {
    let mut wire = BufReader::new(stream);
    let (mut from, mut to) = (String::new(), Vec::new());
    say(&mut wire, greeting);
    loop {
        let line = hear(&mut wire)?;
        let (verb, rest) = line.split_once([' ', ':']).unwrap_or((&line, ""));
        match verb.to_ascii_uppercase().as_str() {
            "EHLO" if starttls => say(&mut wire, "250-catcher\r\n250 STARTTLS"),
            "EHLO" => say(&mut wire, "250-catcher\r\n250-8BITMIME\r\n250 AUTH PLAIN"),
            "STARTTLS" if starttls => {
                say(&mut wire, "220 go on");
                return Some(wire.into_inner());
            }
            "AUTH" => {
                let plain = rest.strip_prefix("PLAIN ").unwrap();
                let plain = data_encoding::BASE64.decode(plain.as_bytes()).unwrap();
                state.credentials.lock().unwrap().push(String::from_utf8(plain).unwrap());
                say(&mut wire, "235 come in");
            }
            "MAIL" => {
                from = address(rest);
                say(&mut wire, "250 go on");
            }
            "RCPT" => {
                to.push(address(rest));
                say(&mut wire, "250 go on");
            }
            "DATA" => {
                say(&mut wire, "354 end with a dot");
                let text: Vec<String> =
                    std::iter::from_fn(|| hear(&mut wire)).take_while(|line| line != ".").collect();
                state.mails.lock().unwrap().push_back(read(&from, &std::mem::take(&mut to), &text));
                let code = state.answers.lock().unwrap().pop_front().unwrap_or(250);
                say(&mut wire, &format!("{code} heard"));
            }
            "QUIT" => {
                say(&mut wire, "221 bye");
                return None;
            }
            _ => say(&mut wire, "250 fine"),
        }
    }
}

fn say<S: Read + Write>(wire: &mut BufReader<S>, text: &str) {
    if !text.is_empty() {
        wire.get_mut().write_all(format!("{text}\r\n").as_bytes()).unwrap_or_default();
        wire.get_mut().flush().unwrap_or_default();
    }
}

/// Returns the next line; nothing if the client has left.
fn hear<S: Read>(wire: &mut BufReader<S>) -> Option<String> {
    let mut line = String::new();
    let read = wire.read_line(&mut line).ok()?;
    (read > 0).then(|| line.trim_end_matches(['\r', '\n']).to_owned())
}

fn address(rest: &str) -> String {
    rest.split_once('<').unwrap().1.split_once('>').unwrap().0.to_owned()
}

fn read(from: &str, to: &[String], text: &[String]) -> Mail {
    let end = text.iter().position(String::is_empty).unwrap();
    let mut header: Vec<String> = Vec::new();
    for line in &text[..end] {
        match (line.strip_prefix([' ', '\t']), header.last_mut()) {
            (Some(more), Some(last)) => last.push_str(&format!(" {more}")),
            _ => header.push(line.clone()),
        }
    }
    let plain: Vec<&str> =
        text[end + 1..].iter().map(|line| line.strip_prefix('.').unwrap_or(line)).collect();
    let body = plain.join("\n");
    let encoding = header.iter().find_map(|line| line.strip_prefix("Content-Transfer-Encoding: "));
    let body = match encoding {
        Some("quoted-printable") => quoted_printable(&body),
        Some("base64") => {
            let bytes = data_encoding::BASE64_MIME.decode(body.as_bytes()).unwrap();
            String::from_utf8(bytes).unwrap().replace("\r\n", "\n")
        }
        _ => body,
    };
    Mail { from: from.to_owned(), to: to.to_vec(), header, body }
}

fn quoted_printable(text: &str) -> String {
    let joined = text.replace("=\n", "");
    let mut bytes = Vec::new();
    let mut rest = joined.as_bytes();
    while let [first, behind @ ..] = rest {
        if *first == b'=' {
            bytes.push(u8::from_str_radix(std::str::from_utf8(&behind[..2]).unwrap(), 16).unwrap());
            rest = &behind[2..];
        } else {
            bytes.push(*first);
            rest = behind;
        }
    }
    String::from_utf8(bytes).unwrap()
}
