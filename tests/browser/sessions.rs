//! Signing in and out, and creating the first administrator.

use super::{Browser, enter, sign_in};
use crate::support::{Engine, Person, Server};

const REFUSED: &str = "This name and password do not fit.";

#[test]
fn a_wrong_password_is_refused_and_ten_lock() {
    let server = Server::demo(Engine::Sqlite);
    let browser = Browser::without_scripts();
    let ben = server.world().user;
    let wrong = Person { login: ben.login.clone(), password: "wrong".to_owned(), pat: String::new() };
    browser.go(&format!("{}/signin", server.url));
    for _ in 0..10 {
        sign_in(&browser, &wrong);
        assert_eq!(browser.text("[role=alert]"), REFUSED);
        assert_eq!((browser.value("#login"), browser.value("#password")), ("ben".to_owned(), String::new()));
    }
    sign_in(&browser, &ben);
    let wait = browser.text("[role=alert]");
    assert!(wait.contains("seconds"), "the right password must wait as well: {wait}");
    sign_in(&browser, &server.world().admin);
    assert_eq!(browser.path(), "/tokens", "other users are not locked");
    browser.assert_quiet();
}

#[test]
fn signing_out_ends_the_session() {
    let server = Server::demo(Engine::Sqlite);
    let browser = Browser::open();
    enter(&browser, &server, &server.world().user, "/tokens");
    browser.follow_text("a", "New token");
    browser.follow_text("button", "Sign out");
    assert_eq!(browser.path(), "/");
    assert!(!browser.has("header form"));
    browser.back();
    assert!(browser.path().starts_with("/signin"), "the page was cached: {}", browser.path());
    assert!(!browser.source().contains("Ben Okafor"));
    browser.assert_quiet();
}

#[test]
fn the_first_administrator_is_made_once() {
    set_up(&Browser::open());
}

#[test]
fn the_first_administrator_is_made_once_without_scripts() {
    set_up(&Browser::without_scripts());
}

fn set_up(browser: &Browser) {
    let server = Server::start(Engine::Sqlite, &[]);
    let line = server.printed.iter().find_map(|line| line.strip_prefix("make the first administrator at "));
    let link = line.unwrap();
    browser.go(link);
    assert_eq!(browser.text("h1"), "Set up Grantor");
    let grace =
        Person { login: "grace".into(), password: "four unrelated words here".into(), pat: String::new() };
    fill_in(browser, &grace, "another password");
    assert!(browser.text("#password_again-error").ends_with("The passwords differ."));
    assert_eq!(browser.value("#name"), "Grace Sommer");
    fill_in(browser, &grace, &grace.password);
    assert_eq!(browser.path(), "/tokens");
    assert!(browser.text(".who").contains("Grace Sommer"));
    assert_eq!(browser.text("main h2"), "You have no active tokens");

    browser.follow_text("button", "Sign out");
    browser.go(link);
    assert_eq!(browser.text("h1"), "This link was already used");
    browser.follow_text("a", "Sign in");
    sign_in(browser, &grace);
    assert_eq!(browser.path(), "/tokens");
    browser.assert_quiet();
}

fn fill_in(browser: &Browser, person: &Person, again: &str) {
    let fields = [
        ("#login", person.login.as_str()),
        ("#name", "Grace Sommer"),
        ("#email", "grace@example.org"),
        ("#password", &person.password),
        ("#password_again", again),
    ];
    for (field, text) in fields {
        browser.fill(field, text);
    }
    browser.follow_text("button", "Make the administrator");
}
