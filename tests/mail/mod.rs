//! Mail: confirmed addresses, forgotten passwords, notices, and delivery.

mod absence;
mod confirm;
mod delivery;
mod encryption;
mod notices;
mod reset;

use std::sync::Barrier;

use serde_json::Value;

use crate::support::{Browser, Catcher, Engine, Page, Person, Server};

/// Starts a server with the demonstration data that sends mail.
pub fn with_mail(engine: Engine) -> (Server, Catcher) {
    let catcher = Catcher::start();
    (Server::start_with(engine, &["--demo"], &catcher.environment()), catcher)
}

/// Returns the registry's row of a user.
fn user(server: &Server, person: &Person) -> Value {
    let path = format!("Systems_Security_Users?$filter=Login eq '{}'", person.login);
    server.rows(&path, &server.world().admin.pat).remove(0)
}

/// Enters another address on the account page.
fn change_address(browser: &Browser, address: &str) -> Page {
    browser.submit(&browser.open("/account/email"), "/account/email", &[("email", address)])
}

/// Requests a link to set a new password.
pub fn forgot(server: &Server, login: &str) -> Page {
    let browser = Browser::new(server);
    browser.submit(&browser.open("/signin/forgot"), "/signin/forgot", &[("login", login)])
}

/// Opens a link and submits the form in `at_once` browsers at the same time; returns the statuses.
fn race(server: &Server, link: &str, entered: &[(&str, &str)], at_once: usize) -> Vec<u16> {
    let pages: Vec<_> = (0..at_once)
        .map(|_| {
            let browser = Browser::new(server);
            let page = browser.open(link);
            assert_eq!(page.status, 200, "{}", page.body);
            (browser, page)
        })
        .collect();
    let barrier = Barrier::new(at_once);
    let press = |(browser, page): &(Browser, Page)| {
        barrier.wait();
        browser.submit(page, link, entered).status
    };
    let press = &press;
    std::thread::scope(|scope| {
        let running: Vec<_> = pages.iter().map(|own| scope.spawn(move || press(own))).collect();
        running.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

/// Shifts the time of waiting or temporary data, while the server is stopped.
fn shift(server: &mut Server, statement: &str) {
    server.kill();
    server.change(statement);
    server.run();
}
