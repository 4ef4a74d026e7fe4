//! A mail server that keeps what it is sent: as much of RFC 5321 as the program speaks.

use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// A mail that arrived.
#[derive(Clone, Debug)]
pub struct Mail {
    /// Who sends it and who gets it, as the envelope says.
    pub from: String,
    pub to: Vec<String>,
    /// The lines of its header.
    pub header: Vec<String>,
    /// What it says.
    pub body: String,
}

impl Mail {
    /// The value of a header that is there once.
    pub fn get(&self, name: &str) -> &str {
        let start = format!("{name}: ");
        let found: Vec<_> = self.header.iter().filter_map(|line| line.strip_prefix(&start)).collect();
        let [value] = found[..] else { panic!("one {name} in {:?}", self.header) };
        value
    }

    /// The path of the one link that it carries.
    pub fn link(&self) -> String {
        let found: Vec<_> = self.body.lines().filter(|line| line.contains("/mail/")).collect();
        let [link] = found[..] else { panic!("one link in {}", self.body) };
        link[link.find("/mail/").unwrap()..].to_owned()
    }
}

#[derive(Default)]
struct State {
    mails: Mutex<VecDeque<Mail>>,
    /// What the next mails are answered with once they were heard; 250 where nothing is said.
    answers: Mutex<VecDeque<u16>>,
    credentials: Mutex<Vec<String>>,
}

/// Whether and how a connection to the server is encrypted.
#[derive(Clone)]
pub enum Wire {
    Plain,
    Tls(Arc<ServerConfig>),
    Starttls(Arc<ServerConfig>),
}

/// The server; it ends with the test.
pub struct Catcher {
    pub url: String,
    state: Arc<State>,
}

/// How long a test waits for a mail.
const PATIENCE: Duration = Duration::from_secs(20);

impl Catcher {
    pub fn start() -> Self {
        Self::over(Wire::Plain)
    }

    /// One whose connections are encrypted so.
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

    /// What the environment of a program says that sends through this server.
    pub fn environment(&self) -> [(&str, &str); 2] {
        [("GRANTOR_SMTP_URL", &self.url), ("GRANTOR_MAIL_FROM", "Grantor <grantor@example.org>")]
    }

    /// Answers the next mails like this; they are kept all the same.
    pub fn answer(&self, codes: &[u16]) {
        self.state.answers.lock().unwrap().extend(codes);
    }

    /// The next mail.
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

    /// The next mails, by the one who gets them.
    pub fn next_two(&self) -> [Mail; 2] {
        let mut mails = [self.next(), self.next()];
        mails.sort_by(|one, other| one.to.cmp(&other.to));
        mails
    }

    /// What came within a time in which everything would have come.
    pub fn rest(&self) -> Vec<Mail> {
        std::thread::sleep(Duration::from_millis(2500));
        self.state.mails.lock().unwrap().drain(..).collect()
    }

    /// What was presented by AUTH PLAIN (RFC 4616).
    pub fn credentials(&self) -> Vec<String> {
        self.state.credentials.lock().unwrap().clone()
    }
}

/// One connection.
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

/// Listens to commands, until the client leaves or wants to go on encrypted: then gives the connection back.
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

/// The next line; nothing where the client has gone.
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
