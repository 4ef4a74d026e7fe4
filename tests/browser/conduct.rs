//! Behavior of the pages: with the keyboard only, on a small screen, and under the content security policy.

use fantoccini::key::Key;

use super::{Browser, enter};
use crate::support::{Engine, Server, wait_until};

/// Every page that only requires a signed-in user.
const PAGES: [&str; 15] = [
    "/account",
    "/account/password",
    "/account/authenticator",
    "/catalogue",
    "/catalogue/scope",
    "/catalogue/resource",
    "/requests",
    "/users",
    "/users/one?login=ben",
    "/tokens",
    "/tokens?show=all",
    "/tokens/new",
    "/device",
    "/device?user_code=BCDF-GHJK",
    "/nowhere",
];

#[test]
fn no_page_breaks_the_policy_or_the_screen() {
    let server = Server::demo(Engine::Sqlite);
    let browser = Browser::open();
    browser.set_width(360);
    for path in ["/", "/signin", "/nowhere", "/setup/unknown"] {
        browser.go(&format!("{}{path}", server.url));
        fits(&browser);
    }
    enter(&browser, &server, &server.world().admin, "/tokens");
    for path in PAGES {
        browser.go(&format!("{}{path}", server.url));
        fits(&browser);
    }
    browser.assert_quiet();
}

/// Asserts that the page does not scroll sideways.
pub fn fits(browser: &Browser) {
    let over =
        browser.run("return document.documentElement.scrollWidth - document.documentElement.clientWidth");
    assert_eq!(over, 0, "{}", browser.path());
}

/// Checks the method of these tests: the browser reports violations of the policy.
#[test]
fn a_breach_of_the_policy_would_be_noticed() {
    let server = Server::demo(Engine::Sqlite);
    let browser = Browser::open();
    browser.go(&server.url);
    browser.assert_quiet();
    browser.run(
        "const script = document.createElement('script');
         script.textContent = 'document.title = \"owned\"';
         document.body.append(script);",
    );
    let complaints = browser.complaints();
    assert!(
        complaints.iter().any(|complaint| complaint.contains("Content Security Policy")),
        "{complaints:?}"
    );
    assert_ne!(browser.run("return document.title"), "owned");
}

#[test]
fn the_secret_is_copied_with_a_button() {
    let server = Server::demo(Engine::Sqlite);
    let browser = Browser::open();
    enter(&browser, &server, &server.world().user, "/tokens/new");
    browser.fill("#description", "Copied");
    browser.follow_text("button", "Make the token");
    let copy = "button[data-copy=secret]";
    assert!(browser.shows(copy));
    browser.click(copy);
    wait_until("the button says what it did", || {
        ["Copied", "Selected"].contains(&browser.text(copy).as_str())
    });
    browser.assert_quiet();
}

#[test]
fn without_scripts_there_is_no_button_to_copy() {
    let server = Server::demo(Engine::Sqlite);
    let browser = Browser::without_scripts();
    enter(&browser, &server, &server.world().user, "/tokens/new");
    browser.fill("#description", "Copied by hand");
    browser.follow_text("button", "Make the token");
    assert!(browser.has("button[data-copy=secret]") && !browser.shows("button[data-copy]"));
}

#[test]
fn everything_can_be_done_with_the_keyboard() {
    let server = Server::demo(Engine::Sqlite);
    let browser = Browser::open();
    let ben = server.world().user;
    browser.go(&format!("{}/signin", server.url));
    assert_eq!(focus(&browser), "login", "the first field has the focus");
    browser.type_keys(&ben.login);
    browser.press(Key::Tab);
    browser.type_keys(&ben.password);
    browser.press(Key::Tab);
    assert_eq!(focus(&browser), "Sign in");
    browser.enter();
    assert_eq!(browser.path(), "/tokens");

    tab_to(&browser, "New token");
    browser.enter();
    tab_to(&browser, "description");
    browser.type_keys("By hand");
    tab_to(&browser, "Make the token");
    browser.enter();
    assert_eq!(browser.text("h1"), "Your new token");
    tab_to(&browser, "Done, I have copied it");
    browser.enter();
    tab_to(&browser, "Revoke By hand");
    browser.enter();
    tab_to(&browser, "Revoke");
    browser.enter();
    assert_eq!(browser.text("[role=status]"), "The token was revoked.");
    browser.assert_quiet();
}

#[test]
fn the_first_stop_of_the_keyboard_leads_past_the_navigation() {
    let server = Server::demo(Engine::Sqlite);
    let browser = Browser::open();
    enter(&browser, &server, &server.world().user, "/tokens");
    browser.press(Key::Tab);
    assert_eq!(focus(&browser), "Skip to the content");
    browser.press(Key::Enter);
    browser.press(Key::Tab);
    assert_eq!(focus(&browser), "New token");
}

/// Moves the focus until it reaches the element with this id or text; the focus must be visible at each step.
fn tab_to(browser: &Browser, wanted: &str) {
    let mut stops = Vec::new();
    for _ in 0..60 {
        browser.press(Key::Tab);
        stops.push(focus(browser));
        let outline = browser.run(
            "const style = getComputedStyle(document.activeElement);
             return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2",
        );
        assert_eq!(outline, true, "the focus is not visible: {stops:?}");
        if stops.last().is_some_and(|stop| stop == wanted) {
            return;
        }
    }
    panic!("the keyboard does not reach {wanted}: {stops:?}");
}

/// Returns the id or the text of the focused element.
fn focus(browser: &Browser) -> String {
    let script =
        "const at = document.activeElement; return at.id || at.textContent.replace(/\\s+/g, ' ').trim()";
    browser.run(script).as_str().unwrap().to_owned()
}
