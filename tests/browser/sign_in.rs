//! Signing in to a client in a real browser, under the content security policy.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use serde_json::json;

use super::{Browser, sign_in};
use crate::support::{Application, Asking, Engine, Server};

/// A native client that waits for the browser to return (RFC 8252, section 7.3).
struct Waiting {
    address: String,
    returned: Receiver<String>,
}

impl Waiting {
    fn begin() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/callback", listener.local_addr().unwrap());
        let (sender, returned) = channel();
        std::thread::spawn(move || listener.incoming().flatten().for_each(|stream| answer(stream, &sender)));
        Self { address, returned }
    }

    /// Returns the query or the form that the browser returned.
    fn returned(&self) -> String {
        self.returned.recv_timeout(Duration::from_secs(20)).expect("the browser returns")
    }
}

fn answer(stream: TcpStream, sender: &Sender<String>) {
    let mut reader = BufReader::new(stream);
    let mut lines = Vec::new();
    let mut line = String::new();
    while reader.read_line(&mut line).is_ok_and(|length| length > 2) {
        lines.push(std::mem::take(&mut line));
    }
    let Some(first) = lines.first().cloned() else { return };
    let length = lines
        .iter()
        .find_map(|line| line.to_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).unwrap();
    let page = "<!doctype html><title>Back</title><h1>Back at the application</h1>";
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        page.len()
    );
    let _ = reader.get_mut().write_all(format!("{head}{page}").as_bytes());
    if first.contains(" /callback") {
        let query =
            first.split_whitespace().nth(1).and_then(|path| path.split_once('?')).map(|(_, query)| query);
        let said = query.map_or_else(|| String::from_utf8(body).unwrap(), str::to_owned);
        let _ = sender.send(said);
    }
}

/// Returns a public client with any port, and its authorization request.
fn application(server: &Server, waiting: &Waiting) -> Application {
    let more = json!({ "clientType": "PUBLIC", "redirectUris": ["http://127.0.0.1/callback"] });
    Application { redirect_uri: waiting.address.clone(), ..server.new_application("desk", &more) }
}

#[test]
fn a_person_signs_in_agrees_and_is_back() {
    signs_in(&Browser::open(), Engine::Sqlite);
}

#[test]
fn a_person_signs_in_agrees_and_is_back_without_scripts() {
    signs_in(&Browser::without_scripts(), Engine::Postgres);
}

fn signs_in(browser: &Browser, engine: Engine) {
    let (server, waiting) = (Server::demo(engine), Waiting::begin());
    let application = application(&server, &waiting);
    browser.go(&format!("{}{}", server.url, Asking::of(&application, "openid read update").path()));
    sign_in(browser, &server.world().user);
    assert_eq!(browser.text("h1"), "Team board asks to act in your name");
    browser.click("input[value=update]");
    browser.follow_text("button", "Allow");
    browser.wait_for_path("/callback");
    assert_eq!(browser.text("h1"), "Back at the application");
    let back = waiting.returned();
    let code = back.split('&').find_map(|pair| pair.strip_prefix("code=")).expect("a code");
    let (status, tokens) = server.exchange_code(&application, code);
    assert_eq!((status, &tokens["scope"]), (200, &"openid read".into()), "{tokens}");

    browser.go(&format!("{}{}", server.url, Asking::of(&application, "openid read").path()));
    assert_eq!(
        browser.text("h1"),
        "Team board asks to act in your name",
        "another program could use this redirect URI"
    );
    browser.follow_text("button", "Allow");
    browser.wait_for_path("/callback");
    waiting.returned();
    browser.assert_quiet();
}

#[test]
fn an_answer_is_posted() {
    posted(&Browser::open(), true);
}

#[test]
fn an_answer_is_posted_without_scripts() {
    posted(&Browser::without_scripts(), false);
}

fn posted(browser: &Browser, by_itself: bool) {
    let (server, waiting) = (Server::demo(Engine::Sqlite), Waiting::begin());
    let application = application(&server, &waiting);
    let asking = Asking::of(&application, "openid read").with("response_mode", "form_post");
    browser.go(&format!("{}{}", server.url, asking.path()));
    sign_in(browser, &server.world().user);
    browser.follow_text("button", "Allow");
    if !by_itself {
        browser.follow_text("button", "Go on");
    }
    assert!(waiting.returned().contains("code=grt_cod_"));
    browser.assert_quiet();
}

#[test]
fn somebody_denies_and_signs_out() {
    let (browser, server, waiting) = (Browser::open(), Server::demo(Engine::Sqlite), Waiting::begin());
    let application = application(&server, &waiting);
    let asking = Asking::of(&application, "openid read").with("prompt", "select_account consent");
    browser.go(&format!("{}{}", server.url, asking.path()));
    sign_in(&browser, &server.world().user);
    assert_eq!(browser.text("h1"), "Team board asks to act in your name", "signing in selects the account");
    browser.follow_text("button", "Deny");
    assert!(waiting.returned().contains("error=access_denied"));
    browser.go(&format!("{}{}", server.url, asking.path()));
    assert_eq!(browser.text("h1"), "Choose an account");
    browser.follow_text("a", "Go on as");
    assert_eq!(browser.text("h1"), "Team board asks to act in your name");
    browser.go(&format!("{}/id/connect/endsession?client_id=desk", server.url));
    assert_eq!(browser.text("h1"), "Do you want to sign out?");
    browser.follow("main button[type=submit]");
    assert_eq!(browser.text("h1"), "You are signed out");
    browser.assert_quiet();
}
