//! A secret is in the response that created it, and nowhere else.

use crate::support::{Browser, Engine, Server};

/// Returns secrets of every kind with a description; each of them was used as well.
fn secrets(server: &Server) -> Vec<(&'static str, String)> {
    let world = server.world();
    let browser = Browser::of(server, &world.user);
    let started = server.start_device("demo-native", "read");
    assert_eq!(browser.decide(&started.user_code, "approve").status, 200);
    let device_token = server.redeem(&started).unwrap();
    let undecided = server.start_device("demo-native", "read");
    let token = browser.token("demo-web", &["read"], &[]);
    let service = &world.applications.service;
    let service_token = server.client_credentials(service);
    for used in [&token, &device_token, &service_token] {
        assert!(server.accepts(used));
        assert_eq!(server.oauth("introspect", service, &[("token", used)]).0, 200);
        assert!(!server.accepts(&format!("{used}x")), "it was part of an error too");
        let in_query = server.get(&format!("/api/domain/odata/?access_token={used}"), None).send().unwrap();
        assert!(in_query.status().is_client_error() || in_query.status().is_success());
    }
    vec![
        ("personal access token", token),
        ("device's token", device_token),
        ("application's token", service_token),
        ("device code", started.device_code),
        ("pending device code", undecided.device_code),
        ("pending user code", undecided.user_code),
        ("client secret", service.client_secret.clone().unwrap()),
        ("password", world.user.password),
        ("session", browser.cookie("grantor").unwrap()),
        ("demonstration's token", world.admin.pat),
    ]
}

on_both_engines! {
    /// Neither the registry nor the log nor a row contains a secret.
    fn no_secret_is_kept(server: &mut Server) {
        let secrets = secrets(server);
        let admin = server.world().admin.pat;
        let rows =
            "Systems_Security_AccessTokens?$orderby=CreationTimestamp desc&$top=50&$select=default,Id,Data";
        let read = serde_json::to_string(&server.rows(rows, &admin)).unwrap();
        assert!(server.stop());
        let (kept, log) = (server.everything_kept(), server.log());
        assert!(log.contains("/id/connect/token"), "the log was read");
        let login = server.world().user.login;
        assert!(kept.windows(login.len()).any(|part| part == login.as_bytes()), "the registry was read");
        for (what, secret) in secrets {
            // A user who can see a grant can see its short code, as the page and GraphQL show it.
            assert!(what == "pending user code" || !read.contains(&secret), "a row shows the {what}");
            assert!(!log.contains(&secret), "the log contains the {what}");
            let is_kept = kept.windows(secret.len()).any(|part| part == secret.as_bytes());
            assert!(!is_kept, "the registry contains the {what}");
        }
    }
}

/// Other users of the machine cannot read the program's files.
#[test]
fn files_are_private() {
    use std::os::unix::fs::PermissionsExt as _;
    let server = Server::demo(Engine::Sqlite);
    for name in ["grantor.db", "grantor.db-wal", "keys", "demo.json"] {
        let mode = std::fs::metadata(server.folder().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{name} is {mode:o}");
    }
}
