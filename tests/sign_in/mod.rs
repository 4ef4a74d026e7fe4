//! Signing in, for users and for attackers.

mod administration;
mod authenticator;
mod endings;
mod lockout;
mod passkeys;
mod passwords;
mod sessions;
mod step_up;

use std::time::{SystemTime, UNIX_EPOCH};

use crate::support::{Browser, Page, Person, Server};

/// An independent implementation of an authenticator app (RFC 6238).
pub struct App {
    key: Vec<u8>,
}

impl App {
    /// Returns the app after the user entered the key from the page.
    fn reading(page: &Page) -> Self {
        let text = page.body.split_once("id=\"secret\">").expect("the page shows a key").1;
        let text = text.split_once('<').unwrap().0.replace(' ', "");
        Self { key: data_encoding::BASE32_NOPAD.decode(text.as_bytes()).unwrap() }
    }

    /// Returns the code of a later step.
    #[allow(clippy::disallowed_methods, reason = "an app has a clock")]
    fn code(&self, steps: i64) -> String {
        let seconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        let step = i64::try_from(seconds).unwrap() / 30 + steps;
        let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &self.key);
        let tag = aws_lc_rs::hmac::sign(&key, &step.to_be_bytes());
        let tag = tag.as_ref();
        let at = usize::from(tag[19] & 15);
        let number = u32::from_be_bytes(tag[at..at + 4].try_into().unwrap()) & 0x7fff_ffff;
        format!("{:06}", number % 1_000_000)
    }

    /// Returns a code that is wrong now and in the near future.
    fn wrong_code(&self) -> String {
        let right: Vec<String> = (-2..=2).map(|steps| self.code(steps)).collect();
        (0..).map(|number| format!("{number:06}")).find(|code| !right.contains(code)).unwrap()
    }
}

/// Adds an app to the signed-in user's account, with the code of the previous step; also returns the recovery
/// codes.
pub fn add_app(browser: &Browser) -> (App, Vec<String>) {
    let page = browser.submit(&browser.open("/account/authenticator"), "/account/authenticator", &[]);
    assert!(page.status == 200 && page.has("<svg"), "{}", page.body);
    let app = App::reading(&page);
    let page = browser.submit(&page, "/account/authenticator/confirm", &[("code", &app.code(-1))]);
    assert!(page.status == 200 && page.has("Your recovery codes"), "{}", page.body);
    (app, codes(&page))
}

/// Returns the recovery codes on a page.
fn codes(page: &Page) -> Vec<String> {
    let text = page.body.split_once("<code id=\"codes\">").expect("the page shows codes").1;
    text.split_once('<').unwrap().0.lines().map(str::to_owned).collect()
}

/// Returns a new browser of a user who entered the password and is asked for a code.
fn halfway(server: &Server, person: &Person) -> (Browser, Page) {
    let browser = Browser::new(server);
    let page = browser.sign_in(&person.login, &person.password);
    assert!(page.status == 200 && page.path.starts_with("/signin/code"), "{page:?}");
    (browser, page)
}

/// Enters a code; returns the status and the final path.
fn enter_code(browser: &Browser, page: &Page, code: &str) -> (u16, String) {
    let page = browser.submit(page, "/signin/code", &[("code", code)]);
    (page.status, page.path)
}

/// Returns the registry's row of a user.
fn user(server: &Server, person: &Person) -> serde_json::Value {
    let path = format!("Systems_Security_Users?$filter=Login eq '{}'", person.login);
    server.rows(&path, &server.world().admin.pat).remove(0)
}

/// Returns how many seconds a refused sign-in must wait.
fn wait(page: &Page) -> u64 {
    let text = page.body.split_once("try again in ").expect("it says how long").1;
    text.split_once(' ').unwrap().0.parse().unwrap()
}

/// Enters wrong passwords until no more are verified for a while; returns how many were.
fn exhaust(browser: &Browser, login: &str) -> usize {
    let mut looked_at = 0;
    loop {
        let page = browser.sign_in(login, "wrong");
        match page.status {
            401 => looked_at += 1,
            429 if wait(&page) > 15 => return looked_at,
            429 => std::thread::sleep(std::time::Duration::from_secs(wait(&page))),
            status => panic!("{status}: {}", page.body),
        }
        assert!(looked_at < 100, "there is no limit");
    }
}
