//! A server that answers from a script, and a folder that is removed.

use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use serde_json::Value;

use crate::clock;
use crate::context::Context;
use crate::credentials::{CredentialFile, Secret};
use crate::http::Http;
use crate::server::{Server, TokenSource};
use crate::server_url::ServerUrl;

/// One answer of the script. `{base}` in its body stands for the address of the stub.
pub(crate) struct Answer {
    status: u16,
    headers: String,
    body: String,
}

impl Answer {
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self { status, headers: "Content-Type: application/json\r\n".to_owned(), body: body.to_string() }
    }

    pub(crate) fn text(status: u16, body: &str) -> Self {
        Self { status, headers: "Content-Type: text/plain\r\n".to_owned(), body: body.to_owned() }
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push_str(&format!("{name}: {value}\r\n"));
        self
    }
}

/// One request that arrived.
#[derive(Debug)]
pub(crate) struct Arrived {
    /// Method and target.
    pub(crate) line: String,
    headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Arrived {
    /// A header by its lower-case name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// The fields of a form, decoded and in their order.
    pub(crate) fn form(&self) -> Vec<(String, String)> {
        let url = reqwest::Url::parse(&format!("http://form/?{}", self.body)).unwrap();
        url.query_pairs().into_owned().collect()
    }
}

/// A server on a loopback address that gives its answers in their order, one a connection.
pub(crate) struct Stub {
    url: ServerUrl,
    arrived: Receiver<Arrived>,
}

impl Stub {
    pub(crate) fn answering(answers: impl IntoIterator<Item = Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url: ServerUrl = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
        let (sender, arrived) = channel();
        let script: VecDeque<Answer> = answers.into_iter().collect();
        let base = url.to_string();
        std::thread::spawn(move || serve(&listener, script, &base, &sender));
        Self { url, arrived }
    }

    /// Returns an address on which no server listens.
    pub(crate) fn closed() -> ServerUrl {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap()).parse().unwrap()
    }

    pub(crate) fn url(&self) -> ServerUrl {
        self.url.clone()
    }

    /// The next request that arrived.
    pub(crate) fn request(&self) -> Arrived {
        self.arrived.recv_timeout(Duration::from_secs(10)).unwrap()
    }

    /// Whether no further request arrived.
    pub(crate) fn is_quiet(&self) -> bool {
        self.arrived.try_recv().is_err()
    }
}

fn serve(listener: &TcpListener, script: VecDeque<Answer>, base: &str, sender: &Sender<Arrived>) {
    for answer in script {
        let (mut stream, _) = listener.accept().unwrap();
        let arrived = read(&stream);
        let body = answer.body.replace("{base}", base);
        let head = format!(
            "HTTP/1.1 {} Scripted\r\n{}Content-Length: {}\r\nConnection: close\r\n\r\n",
            answer.status,
            answer.headers,
            body.len()
        );
        let _ = sender.send(arrived);
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(body.as_bytes()).unwrap();
    }
}

fn read(stream: &TcpStream) -> Arrived {
    let mut reader = BufReader::new(stream);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if line.trim_end().is_empty() {
            break;
        }
        lines.push(line.trim_end().to_owned());
    }
    let headers: Vec<(String, String)> = lines[1..]
        .iter()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length = length.map_or(0, |(_, value)| value.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let line = lines[0].trim_end_matches(" HTTP/1.1").to_owned();
    Arrived { line, headers, body: String::from_utf8(body).unwrap() }
}

/// A folder of its own, removed when the test ends.
pub(crate) struct TempFolder(PathBuf);

impl TempFolder {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("grantor-cli-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for TempFolder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A server to which one is signed in with the usual scopes.
pub(crate) fn signed_in(url: &ServerUrl) -> Server {
    let scopes = ["read", "update", "sec"].map(str::to_owned).to_vec();
    let http = Http::new(url.clone(), Secret::parse("grt_rat_x")).unwrap();
    Server::new(http, TokenSource::SignIn, scopes)
}

/// A command's surroundings on 2026-08-01: sign-ins in the folder, none made yet.
pub(crate) fn context(folder: &TempFolder, url: &ServerUrl) -> Context {
    let now = clock::parse("2026-08-01T00:00:00Z").unwrap();
    Context {
        url: Some(url.clone()),
        token: None,
        credentials: CredentialFile::in_folder(folder.path()),
        now,
    }
}
