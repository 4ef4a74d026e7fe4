//! The reference in a browser: from a server and from a folder, with and without JavaScript, on small
//! screens.

use std::process::Command;

use fantoccini::key::Key;

use super::Browser;
use crate::support::{Engine, Server};

const TYPE: &str = "graphql/object/apiaccesstokencode.html";
const ENTITY: &str = "entities/Systems.Security.AccessTokens.html";

/// Searches for words and returns the titles of the results.
fn search(browser: &Browser, words: &str) -> Vec<String> {
    browser.fill("#search", words);
    for _ in 0..250 {
        if browser.shows("#found p") {
            return browser.texts("#found b");
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    panic!("the search finds nothing for {words}");
}

/// Searches, and opens the first result with the keyboard only.
fn finds_its_way(browser: &Browser) {
    browser.type_keys("/");
    assert_eq!(search(browser, "AccessTokenKey")[0], "AccessTokenKey");
    assert!(search(browser, "accesstokenkey").len() > 1);
    assert!(search(browser, "no such thing anywhere").is_empty());
    assert_eq!(search(browser, "APIAccessTokenCode")[0], "APIAccessTokenCode");
    browser.press(Key::Down);
    browser.enter();
    assert!(browser.path().ends_with(TYPE), "{}", browser.path());
    assert_eq!(browser.text("main h1 code"), "OBJECT");
    browser.follow("#authorizedat a.pill");
    assert!(browser.path().ends_with("graphql/scalar/datetime.html"), "{}", browser.path());
}

#[test]
fn people_find_their_way_on_a_server() {
    let server = Server::demo(Engine::Sqlite);
    let browser = Browser::open();
    browser.go(&server.url);
    browser.follow("a[href='/reference/']");
    finds_its_way(&browser);
    browser.assert_quiet();
}

#[test]
fn people_find_their_way_in_a_folder() {
    let folder = std::env::temp_dir().join(format!("grantor-pages-{}", std::process::id()));
    let status =
        Command::new(env!("CARGO_BIN_EXE_grantor")).args(["reference", "--out"]).arg(&folder).output();
    assert!(status.unwrap().status.success());
    let browser = Browser::open();
    browser.go(&format!("file://{}/index.html", folder.display()));
    finds_its_way(&browser);
    browser.assert_quiet();
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn the_pages_fit_small_screens_and_need_no_scripts() {
    let server = Server::demo(Engine::Sqlite);
    let browser = Browser::without_scripts();
    browser.go(&format!("{}/reference/{ENTITY}", server.url));
    assert!(browser.shows("#contents a[aria-current=page]") && !browser.shows("form.search"));
    browser.follow("#contents a[href$='TrustedApplications.html']");
    assert_eq!(browser.text("h1"), "Systems.Security.TrustedApplications");

    let small = Browser::open_with(&["--window-size=500,900"]);
    for page in
        [TYPE, ENTITY, "configuration.html", "errors.html", "http/tokens.html", "commands.html", "index.html"]
    {
        // The width of a small phone, which a window cannot have.
        small.go(&format!("{}/reference/{page}", server.url));
        small.run("document.documentElement.style.width = '360px'; document.body.style.width = '360px';");
        let widest = "return Math.max(...[...document.querySelectorAll('body *:not(pre *, .hidden-text, .skip, thead, thead *)')]
            .map((element) => element.getBoundingClientRect().right))";
        let right = small.run(widest).as_f64().unwrap();
        assert!(right <= 360.5, "{page}: {right}");
    }
}
