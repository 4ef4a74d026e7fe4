//! Passkeys in a real browser, with WebDriver's virtual authenticator (Web Authentication Level 3, section
//! 11).

use serde_json::json;

use super::{Browser, sign_in};
use crate::support::{Engine, Server};

/// Starts a server that browsers reach as `localhost`, because a passkey is for a name, not for an IP
/// address.
fn local(engine: Engine) -> (Server, String) {
    let mut server = Server::demo(engine);
    server.restart_with("GRANTOR_PUBLIC_URL", "http://localhost:8080");
    let url = server.url.replace("127.0.0.1", "localhost");
    (server, url)
}

#[test]
fn a_passkey_is_made_and_signs_in() {
    makes_and_signs_in(Engine::Sqlite);
}

#[test]
fn a_passkey_is_made_and_signs_in_on_postgres() {
    makes_and_signs_in(Engine::Postgres);
}

fn makes_and_signs_in(engine: Engine) {
    let (server, url) = local(engine);
    let user = server.world().user;
    let browser = Browser::open();
    let device = browser.add_authenticator();
    browser.go(&format!("{url}/account"));
    sign_in(&browser, &user);
    assert!(browser.shows("form[data-passkey=create]"), "the script shows the form");
    browser.fill("#name", "My key");
    browser.follow("form[data-passkey=create] button");
    assert_eq!(browser.text("h1"), "Your recovery codes", "recovery codes come with the first second factor");
    browser.go(&format!("{url}/account"));
    assert!(browser.text("main").contains("My key"), "{}", browser.text("main"));
    let kept = browser.credentials(&device);
    assert_eq!(
        (kept.len(), &kept[0]["rpId"], &kept[0]["isResidentCredential"]),
        (1, &json!("localhost"), &json!(true))
    );
    browser.assert_quiet();

    // The same device does not create a second passkey.
    browser.go(&format!("{url}/account"));
    browser.fill("#name", "Again");
    browser.click("form[data-passkey=create] button");
    browser.wait_for_text("form[data-passkey=create] [role=status]", "No passkey was used.");
    assert_eq!(browser.credentials(&device).len(), 1);

    browser.follow_text("button", "Sign out");
    browser.go(&format!("{url}/signin"));
    browser.follow("form[data-passkey=get] button");
    assert_eq!(browser.path(), "/tokens", "a passkey needs no login and no password");
    assert!(browser.text("header").contains(&user.login));
    assert!(browser.credentials(&device)[0]["signCount"].as_i64() > kept[0]["signCount"].as_i64());
    browser.assert_quiet();

    // A device without the passkey, or without user verification, cannot sign in.
    browser.follow_text("button", "Sign out");
    browser.set_user_verified(&device, false);
    browser.go(&format!("{url}/signin"));
    browser.click("form[data-passkey=get] button");
    browser.wait_for_text("form[data-passkey=get] [role=status]", "No passkey was used.");
    assert!(browser.path().starts_with("/signin"));
    browser.remove_authenticator(&device);
    let other = browser.add_authenticator();
    browser.go(&format!("{url}/signin"));
    browser.click("form[data-passkey=get] button");
    browser.wait_for_text("form[data-passkey=get] [role=status]", "No passkey was used.");
    assert!(browser.credentials(&other).is_empty());
}

/// Without JavaScript, there are no passkeys, and no forms that could not work.
#[test]
fn without_scripts_the_form_stays_hidden() {
    let (server, url) = local(Engine::Sqlite);
    let browser = Browser::without_scripts();
    browser.go(&format!("{url}/account"));
    assert!(!browser.shows("form[data-passkey=get]"));
    sign_in(&browser, &server.world().user);
    assert!(browser.has("form[data-passkey=create]") && !browser.shows("form[data-passkey=create]"));
}
