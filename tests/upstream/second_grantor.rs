//! Another Grantor as the provider.

use super::*;
use crate::support::{Asking, Person};

/// Starts a server, and another one as its provider.
fn two(engine: Engine) -> (Server, Server, Application) {
    let upstream = Server::demo(Engine::Sqlite);
    let secret_file = upstream.folder().join("acme-secret");
    let more = format!(
        r#",client_secret_file="{}",create_users="community",trust_email=true,scopes="openid profile email""#,
        secret_file.display()
    );
    std::fs::write(&secret_file, "x").unwrap();
    let issuer = format!("{}/id", upstream.url);
    let mut server = server_with(engine, &issuer, "downstream", &more);
    // The port of a loopback redirect URI is arbitrary, so the registered URI survives the restart.
    let callback = format!("{}/signin/provider/acme/callback", server.url);
    let application = upstream.new_application("downstream", &json!({"redirectUris": [callback]}));
    std::fs::write(&secret_file, application.client_secret.as_deref().unwrap()).unwrap();
    server.restart_with("GRANTOR_LOG_FILTER", "info");
    (server, upstream, application)
}

/// Signs in at the provider and returns; gives the final page of the browser at the server.
fn through(server: &Server, upstream: &Server, person: &Person) -> (Browser, Page) {
    let browser = Browser::new(server);
    let page = go(&browser, &browser.open("/signin"), upstream, person);
    (browser, page)
}

fn go(browser: &Browser, page: &Page, upstream: &Server, person: &Person) -> Page {
    let (address, _) = leave(browser, page);
    let there = Browser::of(upstream, person);
    let path = address.strip_prefix(&upstream.url).unwrap().to_owned();
    let back = match Asking::allowed_at(&there, &path) {
        Ended::Elsewhere(location) => location,
        Ended::Here(page) => panic!("still at the provider: {page:?}"),
    };
    let url: reqwest::Url = back.parse().unwrap();
    browser.open(&format!("{}?{}", url.path(), url.query().unwrap()))
}

on_both_engines! {
    /// A user of the provider signs in, with name and verified address from UserInfo; clients see which
    /// provider was used.
    fn a_user_of_another_grantor_signs_in(engine: Engine) {
        let (server, upstream, _) = two(engine);
        let (ben, world) = (upstream.world().user, server.world());
        let (browser, page) = through(&server, &upstream, &ben);
        assert_eq!(page.path, "/tokens", "{}", page.body);
        // Both servers have a Ben with the same confirmed address, and the provider is trusted with it.
        let own = links(&server, &world.user.pat);
        assert_eq!((own.len(), own[0]["Email"].as_str(), own[0]["DisplayName"].as_str()), (1, Some("ben@example.com"), Some("Ben Okafor")));
        let web = &world.applications.web;
        let tokens = server.tokens(&Asking::of(web, "openid"), &browser);
        let claims = tokens["id_token"].as_str().unwrap().split('.').nth(1).unwrap();
        let claims = data_encoding::BASE64URL_NOPAD.decode(claims.as_bytes()).unwrap();
        let claims: Value = serde_json::from_slice(&claims).unwrap();
        assert_eq!((&claims["idp"], &claims["amr"], &claims["acr"]), (&json!("acme"), &json!(["fed"]), &json!("urn:grantor:acr:1")));
        // An administrator is not found by an address: a new user is created instead.
        let (_, page) = through(&server, &upstream, &upstream.world().admin);
        assert_eq!(page.path, "/tokens", "{}", page.body);
        let made = server.rows("Systems_Security_Users?$filter=Email eq 'ada@example.com'&$orderby=Login", &world.admin.pat);
        assert_eq!(made.len(), 2, "{made:?}");
        assert_eq!((&made[0]["IsAdmin"], &made[0]["EmailConfirmed"]), (&json!(false), &json!(false)), "the address belongs to the administrator");
        assert!(made[0]["Login"].as_str().unwrap().starts_with("acme:"), "{made:?}");
    }

    /// A client that requires reauthentication gets it through the provider.
    fn a_new_sign_in_goes_through(engine: Engine) {
        let (server, upstream, _) = two(engine);
        let (ben, web) = (upstream.world().user, server.world().applications.web);
        let (browser, _) = through(&server, &upstream, &ben);
        let page = match browser.visit(&Asking::of(&web, "openid").with("prompt", "login").path()) {
            Ended::Here(page) => page,
            Ended::Elsewhere(location) => panic!("not asked: {location}"),
        };
        assert!(page.path.starts_with("/signin?"), "{page:?}");
        let (address, asked) = leave(&browser, &page);
        assert_eq!((asked["prompt"].as_str(), asked["max_age"].as_str()), ("login", "0"));
        let there = Browser::of(&upstream, &ben);
        let asks = there.visit(address.strip_prefix(&upstream.url).unwrap()).page();
        assert!(asks.path.starts_with("/signin?"), "the provider asks as well: {asks:?}");
        let entered = [("login", ben.login.as_str()), ("password", &ben.password)];
        let back = match there.send(&asks, "/signin", &entered) {
            Ended::Here(page) => there.send(&page, "/id/connect/authorize/decide", &[("decision", "allow"), ("scope", "email"), ("scope", "profile")]),
            elsewhere => elsewhere,
        };
        let url = back.elsewhere();
        let ended = browser.visit(&format!("{}?{}", url.path(), url.query().unwrap()));
        let answered = match ended {
            Ended::Here(page) => browser.send(&page, "/id/connect/authorize/decide", &[("decision", "allow")]),
            elsewhere => elsewhere,
        };
        assert!(answered.answer().contains_key("code"));
    }
}
