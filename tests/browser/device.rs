//! Approving a device or the command-line tool.

use serde_json::Value;

use super::{Browser, sign_in};
use crate::support::{Engine, Server};

const DESCRIPTION: &str = "grantor login on build-3 <script>document.title='owned'</script>";

#[test]
fn a_request_is_shown_and_approved() {
    approve(&Browser::open());
}

#[test]
fn a_request_is_shown_and_approved_without_scripts() {
    approve(&Browser::without_scripts());
}

fn approve(browser: &Browser) {
    let server = Server::demo(Engine::Sqlite);
    let asked = ask(&server);
    open(browser, &server, &asked);
    shows_everything(browser, &asked);
    browser.follow_text("button", "Approve");
    assert_eq!(browser.text("h1"), "Approved");
    let (status, token) = redeem(&server, &asked);
    assert_eq!((status, &token["token_type"]), (200, &"Bearer".into()), "{token}");
    let token = token["access_token"].as_str().unwrap();
    let users = server.get("/api/domain/odata/Systems_Security_Users?$select=Login", Some(token));
    assert!(users.send().unwrap().text().unwrap().contains("\"ben\""));
    browser.follow_text("a", "See it among my tokens");
    assert!(browser.texts("tbody .what").contains(&DESCRIPTION.to_owned()));
    browser.assert_quiet();
}

#[test]
fn a_denied_request_gets_nothing() {
    deny(&Browser::open());
}

#[test]
fn a_denied_request_gets_nothing_without_scripts() {
    deny(&Browser::without_scripts());
}

fn deny(browser: &Browser) {
    let server = Server::demo(Engine::Sqlite);
    let asked = ask(&server);
    open(browser, &server, &asked);
    browser.follow_text("button", "Deny");
    assert_eq!(browser.text("h1"), "Denied");
    let (status, error) = redeem(&server, &asked);
    assert_eq!((status, &error["error"]), (400, &"access_denied".into()));
    browser.assert_quiet();
}

#[test]
fn codes_are_typed_as_people_do() {
    typed(&Browser::open());
}

#[test]
fn codes_are_typed_as_people_do_without_scripts() {
    typed(&Browser::without_scripts());
}

fn typed(browser: &Browser) {
    let server = Server::demo(Engine::Sqlite);
    let asked = ask(&server);
    browser.go(&format!("{}/device", server.url));
    sign_in(browser, &server.world().user);
    browser.fill("#user_code", "BCDF-GHJK");
    browser.follow_text("button", "Continue");
    assert_eq!(browser.text("[role=alert]"), "This code is not known, or has expired.");
    assert_eq!(browser.value("#user_code"), "BCDF-GHJK");
    let code = asked["user_code"].as_str().unwrap();
    browser.fill("#user_code", &code.replace('-', " ").to_lowercase());
    browser.follow_text("button", "Continue");
    assert_eq!(browser.text(".code"), code);
    browser.assert_quiet();
}

#[test]
fn a_code_is_decided_once() {
    let server = Server::demo(Engine::Sqlite);
    let browser = Browser::open();
    let asked = ask(&server);
    open(&browser, &server, &asked);
    let other = Browser::open();
    open(&other, &server, &asked);
    browser.follow_text("button", "Approve");
    other.follow_text("button", "Deny");
    assert_eq!(other.text("h1"), "The code was already used");
    assert_eq!(redeem(&server, &asked).0, 200);
    other.go(asked["verification_uri_complete"].as_str().unwrap());
    assert_eq!(other.text("[role=alert]"), "This code is not known, or has expired.");
}

/// Starts the flow like the command-line tool.
fn ask(server: &Server) -> Value {
    let form = [("client_id", "grantor-cli"), ("description", DESCRIPTION), ("scope", "read openid")];
    let answer = server.post("/id/connect/deviceauthorization", &form).send().unwrap();
    assert_eq!(answer.status(), 200);
    answer.json().unwrap()
}

/// Opens the link of the request and signs in on the way.
fn open(browser: &Browser, server: &Server, asked: &Value) {
    let complete = asked["verification_uri_complete"].as_str().unwrap();
    browser.go(complete);
    assert!(browser.path().starts_with("/signin?return_to="));
    sign_in(browser, &server.world().user);
    assert_eq!(format!("{}{}", server.url, browser.path()), complete);
}

fn shows_everything(browser: &Browser, asked: &Value) {
    assert_eq!(browser.text("h1"), "Grantor command line asks to act in your name");
    assert_eq!(browser.text(".code"), asked["user_code"].as_str().unwrap());
    let words = browser.text(".words");
    assert!(words.starts_with("In the application’s own words, not verified"), "{words}");
    assert_eq!(browser.text(".words blockquote"), DESCRIPTION);
    assert!(!browser.source().contains("<script>document.title"));
    let facts = browser.texts(".facts > div");
    for fact in ["Name\nGrantor command line", "Client id\ngrantor-cli", "Asked from\n127.0.0.1"] {
        assert!(facts.contains(&fact.to_owned()), "{fact} in {facts:?}");
    }
    assert!(facts.iter().any(|fact| fact.starts_with("Valid until\n") && fact.ends_with("UTC")));
    assert_eq!(browser.texts(".scopes code"), ["read", "openid"]);
    assert!(browser.text(".scopes").contains("Read data that you can read"));
}

/// Requests the token; returns the status and the response.
fn redeem(server: &Server, asked: &Value) -> (u16, Value) {
    let form = [
        ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
        ("client_id", "grantor-cli"),
        ("device_code", asked["device_code"].as_str().unwrap()),
    ];
    let answer = server.post("/id/connect/token", &form).send().unwrap();
    (answer.status().as_u16(), answer.json().unwrap())
}
