//! Purging: grants that ended long ago are removed, and no others.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Asking, Browser, Server, sha256};

const DAY: i64 = 86_400_000_000;

/// Returns the time `days` days ago, in microseconds.
#[allow(clippy::disallowed_methods, reason = "a test looks at the clock")]
fn days_ago(days: i64) -> i64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    i64::try_from(now.as_micros()).unwrap() - days * DAY
}

fn is_kept(server: &Server, secret: &str) -> bool {
    let key = sha256(secret);
    let query = format!("Systems_Security_AccessTokens?$filter=AccessTokenKey eq '{key}'&$select=Id");
    !server.rows(&query, &server.world().admin.pat).is_empty()
}

/// Sets the end of a grant directly in the database, while the program is stopped.
fn ended(server: &Server, secret: &str, column: &str, days: i64) {
    let (time, key) = (days_ago(days), sha256(secret));
    server.change(&format!(
        "UPDATE \"Sec_Access_Tokens\" SET {column} = {time} WHERE access_token_key = '{key}'"
    ));
}

/// Waits until a grant is gone.
fn wait_for_removal(server: &Server, secret: &str) {
    let began = Instant::now();
    while is_kept(server, secret) {
        assert!(began.elapsed() < Duration::from_secs(20), "the grant was not removed");
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// Returns the link to later changes of tokens.
fn delta_link(server: &Server) -> String {
    delta_link_of(server, "Systems_Security_AccessTokens")
}

fn delta_link_of(server: &Server, set: &str) -> String {
    let headers = [("OData-MaxVersion", "4.01"), ("Prefer", "track-changes,maxpagesize=1000")];
    let mut query = format!("{set}?$select=Id");
    loop {
        let page = server.ask(&Method::GET, &query, &headers, Some(&server.world().admin.pat));
        let page: Value = page.json().unwrap();
        let link =
            |name: &str| page[name].as_str().map(|link| link.split("/odata/").nth(1).unwrap().to_owned());
        match (link("@deltaLink"), link("@nextLink")) {
            (Some(link), _) => return link,
            (None, Some(next)) => query = next,
            (None, None) => panic!("{page}"),
        }
    }
}

fn follow(server: &Server, link: &str) -> u16 {
    let headers = [("OData-MaxVersion", "4.01")];
    server.ask(&Method::GET, link, &headers, Some(&server.world().admin.pat)).status().as_u16()
}

on_both_engines! {
    /// Grants that ended before the retention period are removed; recently ended ones stay, and so do the
    /// ancestors of valid ones. Clients that track changes must start again.
    fn what_ended_long_ago_is_removed(server: &mut Server) {
        let world = server.world();
        let browser = Browser::of(server, &world.user);
        let token = || browser.token("demo-web", &["read", "update"], &[]);
        let (long_ago, lately, valid, expired) = (token(), token(), token(), token());
        for token in [&long_ago, &lately] {
            assert_eq!(server.revoke(&world.applications.web, token), 200);
        }
        let board = server.new_application("board", &json!({}));
        let asking = Asking::of(&board, "openid read offline_access");
        let code = asking.code(&browser);
        let tokens = server.exchange_code(&board, &code).1;
        let (first, access) = (tokens["refresh_token"].as_str().unwrap(), tokens["access_token"].as_str().unwrap());
        let second = server.refresh(&board, first).1;
        let second = second["refresh_token"].as_str().unwrap();
        let link = delta_link(server);
        assert!(server.stop());
        ended(server, &long_ago, "revoked_timestamp", 31);
        ended(server, &lately, "revoked_timestamp", 29);
        ended(server, &expired, "expire_timestamp", 31);
        for of_family in [&*code, first, access] {
            ended(server, of_family, "expire_timestamp", 40);
        }
        server.run();
        assert_eq!(follow(server, &link), 200);
        server.restart_with("GRANTOR_RETENTION_DAYS", "30");
        server.restart_with("GRANTOR_PURGE_INTERVAL", "1");
        for gone in [long_ago.as_str(), &expired, access, first] {
            wait_for_removal(server, gone);
        }
        for kept in [lately.as_str(), &valid, second, &code] {
            assert!(is_kept(server, kept));
        }
        assert!(server.accepts(&valid) && !server.accepts(&long_ago) && !server.accepts(&expired));
        let third = server.refresh(&board, second).1;
        let third = third["access_token"].as_str().unwrap();
        assert!(server.accepts(third), "the family remains valid");
        assert_eq!(server.refresh(&world.applications.web, first).1["error"], "invalid_grant", "another client's");
        assert!(server.accepts(third));
        assert_eq!(server.refresh(&board, first).1["error"], "invalid_grant");
        assert!(!server.accepts(third), "reuse of a purged token is detected");
        assert_eq!(follow(server, &link), 200);
        let changes = server.odata(&link, &world.admin.pat).text().unwrap();
        assert!(changes.matches("\"reason\":\"deleted\"").count() >= 4, "purged rows are reported: {changes}");
        let scopes = server.rows("Systems_Security_AccessTokenScopes?$expand=AccessToken($select=Id)&$top=1000", &world.admin.pat);
        assert!(scopes.iter().all(|row| row["AccessToken"]["Id"].is_string()), "no scope remains without its grant");
    }

    /// A purge removes no grant of the demonstration data.
    fn the_demonstration_stays(server: &mut Server) {
        let admin = server.world().admin.pat;
        let grants = |server: &Server| server.count("Systems_Security_AccessTokens", &admin);
        let before = grants(server);
        assert!(before >= 400, "{before}");
        let old = Browser::of(server, &server.world().user).token("demo-web", &["read"], &[]);
        assert!(server.stop());
        ended(server, &old, "expire_timestamp", 91);
        server.run();
        server.restart_with("GRANTOR_PURGE_INTERVAL", "1");
        wait_for_removal(server, &old);
        assert_eq!(grants(server), before);
    }

    /// Events are kept longer than the rows that they describe. After a purge of events, delta links of events are refused, and
    /// those of tokens are not.
    fn old_events_are_removed(server: &mut Server) {
        let admin = server.world().admin.pat;
        let events = |server: &Server| server.count("Systems_Security_AuditEvents", &admin);
        for _ in 0..2 {
            Browser::of(server, &server.world().user);
        }
        server.restart_with("GRANTOR_RETENTION_DAYS", "0");
        let links = [delta_link_of(server, "Systems_Security_AuditEvents"), delta_link(server)];
        let age = |server: &mut Server, days: i64| {
            assert!(server.stop());
            server.change(&format!("UPDATE \"Sec_Audit_Events\" SET time_utc = {} WHERE event_type = 'signed_in'", days_ago(days)));
            server.run();
        };
        age(server, 401);
        server.restart_with("GRANTOR_PURGE_INTERVAL", "1");
        let began = Instant::now();
        while server.count("Systems_Security_AuditEvents?$filter=Type eq 'SignedIn'", &admin) > 0 {
            assert!(began.elapsed() < Duration::from_secs(20), "the events were not removed");
            std::thread::sleep(Duration::from_millis(200));
        }
        assert!(events(server) > 0, "other events are kept");
        assert_eq!(links.each_ref().map(|link| follow(server, link)), [410, 200]);
    }
}
