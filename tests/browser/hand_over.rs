//! Handing over a service token on the page of a user.

use super::{Browser, conduct::fits, enter};
use crate::pages::hand_over::World;
use crate::support::{Engine, Server};

#[test]
fn a_service_token_is_handed_over() {
    hand_over(&Browser::open());
}

#[test]
fn a_service_token_is_handed_over_without_scripts() {
    hand_over(&Browser::without_scripts());
}

fn hand_over(browser: &Browser) {
    let server = Server::demo(Engine::Sqlite);
    let world = World::new(&server);
    enter(browser, &server, &world.eve, "/users");
    browser.go(&format!("{}/users/one?login=ada", server.url));
    assert!(browser.text("main").contains("Service tokens that they created"));
    browser.set_width(360);
    fits(browser);
    browser.follow_text("button", "Hand over");
    assert_eq!(browser.text("h1"), "Hand over this token");
    fits(browser);
    browser.fill("#login", "ben");
    browser.follow_text("button", "Continue");
    assert!(browser.text("[role=alert]").contains("There is no active administrator with this login."));
    browser.fill("#login", "eve");
    browser.follow_text("button", "Continue");
    assert_eq!(browser.text("h1"), "Hand over this token to Eve Adams?");
    fits(browser);
    browser.follow_text("a", "Cancel");
    assert!(browser.text("main").contains("Nightly run"), "cancelling changes nothing");

    browser.follow_text("button", "Hand over");
    browser.fill("#login", "eve");
    browser.follow_text("button", "Continue");
    browser.follow_text("button", "Hand over");
    assert_eq!(browser.path(), "/users/one?login=ada&handed-over=yes");
    assert_eq!(browser.text("[role=status]"), "The token was handed over.");
    assert!(!browser.text("main").contains("Nightly run"));
    browser.assert_quiet();
    assert_eq!(world.creator(&server, &server.world().admin.pat), "eve");
}
