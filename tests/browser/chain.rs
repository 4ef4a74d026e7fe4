//! Clients whose callback redirects to another host: the browser follows, with any form before.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};

use serde_json::json;

use super::{Browser, enter, sign_in};
use crate::support::{Application, Asking, Engine, Server};

/// A client whose addresses all redirect to the same path of another origin, which has a page.
struct Moving {
    callback: String,
    bye: String,
}

impl Moving {
    fn begin() -> Self {
        let [first, second] = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
        let (here, there) = (first.local_addr().unwrap(), second.local_addr().unwrap().port());
        let leads =
            move |path: &str| format!("HTTP/1.1 302 Found\r\nLocation: http://localhost:{there}{path}\r\n");
        std::thread::spawn(move || first.incoming().flatten().for_each(|stream| answer(stream, leads)));
        let shows = |_: &str| "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n".to_owned();
        std::thread::spawn(move || second.incoming().flatten().for_each(|stream| answer(stream, shows)));
        Self { callback: format!("http://{here}/callback"), bye: format!("http://{here}/bye") }
    }

    /// Registers the client; `more` are further members.
    fn register(&self, server: &Server, name: &str, more: &serde_json::Value) -> Application {
        let mut members = json!({
            "redirectUris": [self.callback], "postLogoutRedirectUris": [self.bye], "metadata": more,
        });
        members["clientType"] = json!("CONFIDENTIAL");
        Application { redirect_uri: self.callback.clone(), ..server.new_application(name, &members) }
    }
}

fn answer(stream: TcpStream, head: impl Fn(&str) -> String) {
    let mut reader = BufReader::new(stream);
    let (mut first, mut line, mut length) = (String::new(), String::new(), 0);
    while reader.read_line(&mut line).is_ok_and(|length| length > 2) {
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        if first.is_empty() {
            first.clone_from(&line);
        }
        line.clear();
    }
    let _ = reader.read_exact(&mut vec![0; length]);
    let Some(path) = first.split(' ').nth(1) else { return };
    let page = "<!doctype html><link rel=icon href=data:,><title>There</title><h1>Arrived</h1>";
    let rest = format!("Content-Length: {}\r\nConnection: close\r\n\r\n{page}", page.len());
    let _ = reader.get_mut().write_all(format!("{}{rest}", head(path)).as_bytes());
}

fn arrives(browser: &Browser, path: &str, after: &str) {
    browser.wait_for_path(path);
    assert_eq!(browser.text("h1"), "Arrived", "{after}");
    browser.assert_quiet();
}

#[test]
fn a_callback_may_lead_to_another_host() {
    follows(&Browser::open(), true);
}

#[test]
fn a_callback_may_lead_to_another_host_without_scripts() {
    follows(&Browser::without_scripts(), false);
}

fn follows(browser: &Browser, scripts: bool) {
    let (server, app) = (Server::demo(Engine::Sqlite), Moving::begin());
    let person = server.world().user;
    let silent = app.register(&server, "silent", &json!({ "consent": "never" }));
    let asking = app.register(&server, "asking", &json!({}));
    let go = |asking: Asking<'_>| browser.go(&format!("{}{}", server.url, asking.path()));

    go(Asking::of(&silent, "openid"));
    sign_in(browser, &person);
    arrives(browser, "/callback?code=", "after the sign-in");
    go(Asking::of(&silent, "openid"));
    arrives(browser, "/callback?code=", "without a form");

    go(Asking::of(&asking, "openid read"));
    browser.follow_text("button", "Allow");
    arrives(browser, "/callback?code=", "after the consent");
    go(Asking::of(&asking, "openid read update"));
    browser.follow_text("button", "Deny");
    arrives(browser, "/callback?error=access_denied", "after a refusal");

    go(Asking::of(&silent, "openid").with("response_mode", "form_post"));
    if !scripts {
        browser.follow_text("button", "Go on");
    }
    arrives(browser, "/callback", "after an answer in a form");

    let bye = app.bye.replace(':', "%3A").replace('/', "%2F");
    browser
        .go(&format!("{}/id/connect/endsession?client_id=silent&post_logout_redirect_uri={bye}", server.url));
    browser.follow("main button[type=submit]");
    arrives(browser, "/bye", "after the sign-out");
}

/// The intermediate page is not in the history: the button "back" leads to the page before it.
#[test]
fn the_page_between_is_not_in_the_history() {
    let (browser, server, app) = (Browser::open(), Server::demo(Engine::Sqlite), Moving::begin());
    let asking = app.register(&server, "asking", &json!({}));
    enter(&browser, &server, &server.world().user, "/account");
    // Without it, the client would get another code at once.
    let wish = Asking::of(&asking, "openid read").with("prompt", "consent");
    browser.go(&format!("{}{}", server.url, wish.path()));
    browser.follow_text("button", "Allow");
    arrives(&browser, "/callback?code=", "after the consent");
    browser.back();
    assert!(browser.path().starts_with("/id/connect/authorize?"), "{}", browser.path());
    assert!(!browser.source().contains("code=grt_"), "no code is in the history");
    browser.back();
    assert_eq!(browser.path(), "/account");
}

/// A form that is submitted late redirects as well.
#[test]
fn a_late_form_leads_to_another_host() {
    let (browser, server, app) = (Browser::open(), Server::demo(Engine::Sqlite), Moving::begin());
    let person = server.world().user;
    let silent = app.register(&server, "silent", &json!({ "consent": "never" }));
    browser.go(&format!("{}{}", server.url, Asking::of(&silent, "openid").path()));
    browser.in_another_tab(|| enter(&browser, &server, &person, "/account"));
    sign_in(&browser, &person);
    arrives(&browser, "/callback?code=", "after a sign-in in another tab");
}
