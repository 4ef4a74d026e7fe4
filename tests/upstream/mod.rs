//! Signing in with an account at another OpenID provider.

mod accounts;
mod hostile;
mod second_grantor;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::support::{Application, Browser, Ended, Engine, Lies, Page, Provider, Server};

/// Starts a server with a provider and these further settings.
fn server_with(engine: Engine, issuer: &str, client_id: &str, more: &str) -> Server {
    let environment = [("GRANTOR_PROVIDERS", &*setting(issuer, client_id, more))];
    Server::start_with(engine, &["--demo"], &environment)
}

/// Returns the setting in the format of the environment.
pub fn setting(issuer: &str, client_id: &str, more: &str) -> String {
    format!(r#"[{{name="acme",label="Acme",issuer="{issuer}",client_id="{client_id}"{more}}}]"#)
}

/// Starts a server with a malicious provider.
fn with_stub(engine: Engine, more: &str) -> (Server, Provider) {
    let provider = Provider::start();
    (server_with(engine, &provider.issuer, "grantor", more), provider)
}

/// Presses the button of the provider; returns the address and the parameters of the redirect.
fn leave(browser: &Browser, page: &Page) -> (String, BTreeMap<String, String>) {
    let start = page.body.find("href=\"/signin/provider/acme").expect("a way to the provider") + 6;
    let href = page.body[start..].split_once('"').unwrap().0.replace("&#38;", "&");
    let address = browser.visit(&href).elsewhere();
    (address.as_str().to_owned(), address.query_pairs().into_owned().collect())
}

/// Returns the browser from the provider.
fn come_back(browser: &Browser, query: &[(&str, &str)]) -> Page {
    let mut url: reqwest::Url = "http://localhost/signin/provider/acme/callback".parse().unwrap();
    url.query_pairs_mut().extend_pairs(query);
    browser.open(&format!("{}?{}", url.path(), url.query().unwrap()))
}

/// Signs in at the malicious provider.
fn sign_in_at(browser: &Browser, provider: &Provider, page: &Page, lies: Lies) -> Page {
    let (_, asked) = leave(browser, page);
    provider.lie(lies, &asked["nonce"]);
    come_back(browser, &[("state", &asked["state"]), ("code", "c-1")])
}

/// Starts at the sign-in page.
fn arrive(server: &Server, provider: &Provider, lies: Lies) -> (Browser, Page) {
    let browser = Browser::new(server);
    let page = sign_in_at(&browser, provider, &browser.open("/signin"), lies);
    (browser, page)
}

/// Links the provider's account to the signed-in user.
pub fn link(browser: &Browser, provider: &Provider, lies: Lies) -> Page {
    sign_in_at(browser, provider, &browser.open("/account"), lies)
}

/// Returns the links that a user sees.
fn links(server: &Server, token: &str) -> Vec<Value> {
    server.rows("Systems_Security_UserProviderLogins", token)
}
