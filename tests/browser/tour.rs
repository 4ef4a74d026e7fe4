//! The tour of the README: sign in, create a token, use it, revoke it.

use super::{Browser, enter};
use crate::support::{Engine, Server};

const DESCRIPTION: &str = "Nightly <b>export</b> & \"more\"";

#[test]
fn a_token_is_made_used_and_revoked() {
    tour(&Server::demo(Engine::Sqlite), &Browser::open());
}

#[test]
fn a_token_is_made_used_and_revoked_on_postgres() {
    tour(&Server::demo(Engine::Postgres), &Browser::open());
}

#[test]
fn a_token_is_made_used_and_revoked_without_scripts() {
    tour(&Server::demo(Engine::Sqlite), &Browser::without_scripts());
}

fn tour(server: &Server, browser: &Browser) {
    let world = server.world();
    browser.go(&server.url);
    assert!(browser.text("main").contains(&format!("grantor login {}", server.url)));
    browser.follow("main a.button");
    enter(browser, server, &world.user, "/tokens");
    assert!(browser.texts("tbody .what").contains(&"Token of the demonstration".to_owned()));

    let secret = make(browser);
    assert_eq!(used(server, &secret), 200);
    secret_is_gone(browser, &secret);

    revoke(server, browser, &secret);
    assert_eq!(used(server, &secret), 401);
    browser.follow_text("a", "All");
    let row = browser.texts("tbody tr").into_iter().find(|row| row.contains(DESCRIPTION)).unwrap();
    assert!(row.contains("revoked") && !row.contains("Revoke"), "{row}");
    browser.assert_quiet();
}

/// Creates a token with the form; returns its secret.
fn make(browser: &Browser) -> String {
    browser.follow_text("a", "New token");
    browser.fill("#description", DESCRIPTION);
    browser.select("#expiry", "7");
    browser.fill("#allowed_ip_addresses", "127.0.0.0/8\n2001:db8::/48");
    browser.follow_text("button", "Make the token");
    assert_eq!(browser.text("h1"), "Your new token");
    assert!(
        browser.text("main").contains(DESCRIPTION)
            && browser.text("main").contains("it will not be shown again")
    );
    let secret = browser.value("#secret");
    assert!(secret.starts_with("grt_pat_") && secret.len() == 57, "{secret}");
    assert!(browser.text("#example").contains(&secret));
    secret
}

/// Neither reloading nor going back and forth shows the secret again or creates another token.
fn secret_is_gone(browser: &Browser, secret: &str) {
    browser.reload();
    assert_eq!(browser.text("h1"), "This form was already sent");
    assert!(!browser.source().contains(secret));
    browser.follow_text("a", "My tokens");
    assert!(!browser.source().contains(secret));
    let made = browser.texts("tbody .what").into_iter().filter(|what| what == DESCRIPTION);
    assert_eq!(made.count(), 1);
}

fn revoke(server: &Server, browser: &Browser, secret: &str) {
    let row = browser.texts("tbody .what").iter().position(|what| what == DESCRIPTION).unwrap() + 1;
    browser.follow(&format!("tbody tr:nth-child({row}) button"));
    assert_eq!(browser.text("h1"), "Revoke this token?");
    assert!(browser.text("main").contains(DESCRIPTION));
    assert_eq!(used(server, secret), 200, "the question revokes nothing");
    browser.follow_text("a", "Keep it");
    assert_eq!(used(server, secret), 200, "keeping it revokes nothing");
    browser.follow(&format!("tbody tr:nth-child({row}) button"));
    browser.follow("button.danger");
    assert_eq!(browser.text("[role=status]"), "The token was revoked.");
    assert!(!browser.texts("tbody .what").contains(&DESCRIPTION.to_owned()));
}

/// Returns the status of a registry request with the token.
fn used(server: &Server, secret: &str) -> u16 {
    let path = "/api/domain/odata/Systems_Security_AccessTokens?$top=5";
    server.get(path, Some(secret)).send().unwrap().status().as_u16()
}
