//! The pages in Chromium, from a user's point of view.

mod chain;
mod conduct;
mod device;
mod driver;
mod hand_over;
mod passkey;
mod reference;
mod sessions;
mod sign_in;
mod sign_out;
mod tour;

use driver::Browser;

use crate::support::{Person, Server};

/// Signs a user in on the current page or on the page that it leads to.
fn sign_in(browser: &Browser, person: &Person) {
    browser.fill("#login", &person.login);
    browser.fill("#password", &person.password);
    browser.follow("main button[type=submit]");
}

/// Opens a page as a user who was not signed in before.
fn enter(browser: &Browser, server: &Server, person: &Person, path: &str) {
    browser.go(&format!("{}{path}", server.url));
    assert!(browser.path().starts_with("/signin?return_to="), "{}", browser.path());
    sign_in(browser, person);
    assert_eq!(browser.path(), path);
}
