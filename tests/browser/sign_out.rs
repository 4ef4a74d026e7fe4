//! Signing out in a real browser: frames of clients, and automatic continuation.

use serde_json::json;

use super::{Browser, sign_in};
use crate::oauth::open_id::id_token;
use crate::support::{Application, Asking, Engine, Server, Told};

/// Returns the query of the next request for a path; a browser also requests icons.
fn query_of(told: &Told, path: &str) -> String {
    loop {
        let line = told.next().line;
        let target = line.split(' ').nth(1).unwrap();
        let (asked, query) = target.split_once('?').unwrap_or((target, ""));
        if asked == path {
            return query.to_owned();
        }
    }
}

#[test]
fn applications_are_told_in_frames() {
    told_in_frames(&Browser::open());
}

#[test]
fn applications_are_told_in_frames_without_scripts() {
    told_in_frames(&Browser::without_scripts());
}

fn told_in_frames(browser: &Browser) {
    let (server, told) = (Server::demo(Engine::Sqlite), Told::listen());
    let at = |path: &str| format!("{}{path}", told.url);
    let more = json!({
        "redirectUris": [at("/callback")],
        "postLogoutRedirectUris": [at("/bye")],
        "metadata": { "frontchannel_logout_uri": at("/out?now=1"), "consent": "never" },
    });
    let application = Application { redirect_uri: at("/callback"), ..server.new_application("board", &more) };
    browser.go(&format!("{}{}", server.url, Asking::of(&application, "openid").path()));
    sign_in(browser, &server.world().user);
    let back = query_of(&told, "/callback");
    let code = back.split('&').find_map(|pair| pair.strip_prefix("code=")).expect("a code");
    let (status, tokens) = server.exchange_code(&application, code);
    assert_eq!(status, 200, "{tokens}");
    let sid = id_token(&server, &tokens)["sid"].as_str().unwrap().to_owned();
    let hint = tokens["id_token"].as_str().unwrap();
    let bye = at("/bye").replace(':', "%3A").replace('/', "%2F");
    browser.go(&format!(
        "{}/id/connect/endsession?id_token_hint={hint}&post_logout_redirect_uri={bye}&state=s",
        server.url
    ));
    let query = query_of(&told, "/out");
    assert!(
        query.starts_with("now=1&iss=http%3A%2F%2F127.0.0.1") && query.ends_with(&format!("&sid={sid}")),
        "{query}"
    );
    assert_eq!(query_of(&told, "/bye"), "state=s");
    browser.assert_quiet();
}
