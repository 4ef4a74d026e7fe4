//! Signing in with an account at another OpenID provider.

mod accounts;
mod hostile;
mod second_grantor;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::support::{Application, Browser, Ended, Engine, Lies, Page, Provider, Server};

/// A server at which people may sign in with an account at a provider, with these settings besides.
fn server_with(engine: Engine, issuer: &str, client_id: &str, more: &str) -> Server {
    let environment = [("GRANTOR_PROVIDERS", &*setting(issuer, client_id, more))];
    Server::start_with(engine, &["--demo"], &environment)
}

/// The setting, as the environment has it.
pub fn setting(issuer: &str, client_id: &str, more: &str) -> String {
    format!(r#"[{{name="acme",label="Acme",issuer="{issuer}",client_id="{client_id}"{more}}}]"#)
}

/// A server that believes a provider which a test lets lie.
fn with_stub(engine: Engine, more: &str) -> (Server, Provider) {
    let provider = Provider::start();
    (server_with(engine, &provider.issuer, "grantor", more), provider)
}

/// Presses the button for the provider; gives the address to which the browser is sent, and its parameters.
fn leave(browser: &Browser, page: &Page) -> (String, BTreeMap<String, String>) {
    let start = page.body.find("href=\"/signin/provider/acme").expect("a way to the provider") + 6;
    let href = page.body[start..].split_once('"').unwrap().0.replace("&#38;", "&");
    let address = browser.visit(&href).elsewhere();
    (address.as_str().to_owned(), address.query_pairs().into_owned().collect())
}

/// Sends the browser back from the provider.
fn come_back(browser: &Browser, query: &[(&str, &str)]) -> Page {
    let mut url: reqwest::Url = "http://localhost/signin/provider/acme/callback".parse().unwrap();
    url.query_pairs_mut().extend_pairs(query);
    browser.open(&format!("{}?{}", url.path(), url.query().unwrap()))
}

/// Signs in at the stub, which lies as it is told.
fn sign_in_at(browser: &Browser, provider: &Provider, page: &Page, lies: Lies) -> Page {
    let (_, asked) = leave(browser, page);
    provider.lie(lies, &asked["nonce"]);
    come_back(browser, &[("state", &asked["state"]), ("code", "c-1")])
}

/// Begins at the page to sign in.
fn arrive(server: &Server, provider: &Provider, lies: Lies) -> (Browser, Page) {
    let browser = Browser::new(server);
    let page = sign_in_at(&browser, provider, &browser.open("/signin"), lies);
    (browser, page)
}

/// Links the stub's account to whoever is signed in.
pub fn link(browser: &Browser, provider: &Provider, lies: Lies) -> Page {
    sign_in_at(browser, provider, &browser.open("/account"), lies)
}

/// The links that somebody sees.
fn links(server: &Server, token: &str) -> Vec<Value> {
    server.rows("Systems_Security_UserProviderLogins", token)
}
