//! Time, address and scopes of a token's last use.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::{Browser, Server};

const READ: &str = "Systems_Security_AccessTokens?$top=1";

/// Returns the grant's row when it shows a use, which takes a few seconds.
fn used(server: &Server, secret: &str) -> Value {
    let (began, admin) = (Instant::now(), server.world().admin.pat);
    loop {
        let row = server.grant(secret, &admin);
        if row["LastUsedTimestamp"].is_string() {
            return row;
        }
        assert!(began.elapsed() < Duration::from_secs(5), "the use is not visible: {row}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Returns when a scope of the grant was last required.
fn needed(server: &Server, row: &Value, scope: &str) -> Value {
    let id = row["Id"].as_str().unwrap();
    let scopes = format!("Systems_Security_AccessTokens({id})/GrantedScopes");
    let rows = server.rows(&scopes, &server.world().admin.pat);
    rows.iter().find(|row| row["Scope"] == scope).unwrap()["LastUsedTimestamp"].clone()
}

on_both_engines! {
    /// A use is visible within five seconds, with its address and only the required scope.
    fn a_use_shows_soon(server: &mut Server) {
        let world = server.world();
        let token = Browser::of(server, &world.user).token("demo-web", &["read", "update"], &[]);
        let before = server.grant(&token, &world.admin.pat);
        assert!(before["LastUsedTimestamp"].is_null() && before["LastUsedIPAddress"].is_null());
        assert_eq!(server.odata(READ, &token).status(), 200);
        let row = used(server, &token);
        assert_eq!(row["LastUsedIPAddress"], "127.0.0.1");
        assert!(row["LastUsedTimestamp"].as_str() >= row["CreationTimestamp"].as_str());
        assert!(needed(server, &row, "read").is_string());
        assert!(needed(server, &row, "update").is_null(), "the scope was never required");
        assert_eq!(row["ObjectVersion"], before["ObjectVersion"], "a use is not a change");
    }

    /// A user was seen when a token or a session of theirs was used, and can be found by that.
    fn a_user_was_seen(server: &mut Server) {
        let world = server.world();
        let seen = |login: &str| {
            let query = format!("Systems_Security_Users?$select=Login,LastSeenTimestamp,ObjectVersion&$filter=Login eq '{login}'");
            server.rows(&query, &world.admin.pat).remove(0)
        };
        let body = serde_json::json!({ "Login": "never", "Name": "Never Seen" });
        let url = format!("{}/api/domain/odata/Systems_Security_Users", server.url);
        assert_eq!(server.http.post(url).bearer_auth(&world.admin.pat).json(&body).send().unwrap().status(), 201);
        let before = seen("ben");
        Browser::of(server, &world.user);
        let (began, signed_in) = (Instant::now(), "Systems_Security_Users?$select=Login&$orderby=LastSeenTimestamp desc&$filter=LastSeenTimestamp ge 2026-01-01T00:00:00Z");
        assert_eq!(server.odata(READ, &world.user.pat).status(), 200);
        while seen("ben")["LastSeenTimestamp"].is_null() {
            assert!(began.elapsed() < Duration::from_secs(5));
            std::thread::sleep(Duration::from_millis(100));
        }
        assert_eq!(seen("ben")["ObjectVersion"], before["ObjectVersion"], "a use is not a change");
        assert!(seen("never")["LastSeenTimestamp"].is_null());
        let found = server.rows(signed_in, &world.admin.pat);
        assert!(found.iter().any(|row| row["Login"] == "ben") && !found.iter().any(|row| row["Login"] == "never"));
        let never = server.rows("Systems_Security_Users?$select=Login&$filter=LastSeenTimestamp eq null", &world.admin.pat);
        assert!(never.iter().any(|row| row["Login"] == "never"));
    }

    /// Uses are gathered: a request does not write its own.
    fn many_uses_are_written_together(server: &mut Server) {
        const REQUESTS: u64 = 60;
        let pat = server.world().user.pat;
        let written = |server: &Server| server.metric("grantor_store_transactions_total");
        let before = written(server);
        for _ in 0..REQUESTS {
            assert_eq!(server.odata(READ, &pat).status(), 200);
        }
        // The background tasks write meanwhile.
        let more = written(server) - before;
        assert!(more < REQUESTS / 2, "{REQUESTS} requests, {more} transactions");
    }

    /// A refused request is not a use; introspection is.
    fn what_counts_as_a_use(server: &mut Server) {
        let world = server.world();
        let browser = Browser::of(server, &world.user);
        let refused = browser.token("demo-web", &["read"], &[("allowed_ip_addresses", "192.0.2.1")]);
        let introspected = browser.token("demo-web", &["read"], &[]);
        assert_eq!(server.odata(READ, &refused).status(), 401);
        let service = &world.applications.service;
        assert_eq!(server.oauth("introspect", service, &[("token", &introspected)]).0, 200);
        let row = used(server, &introspected);
        assert!(row["LastUsedIPAddress"].is_null(), "the address of the user is not known");
        assert!(server.grant(&refused, &world.admin.pat)["LastUsedTimestamp"].is_null());
    }

    /// A clean shutdown right after a use keeps it.
    fn a_use_survives_a_stop(server: &mut Server) {
        let world = server.world();
        let token = Browser::of(server, &world.user).token("demo-web", &["read"], &[]);
        assert_eq!(server.odata(READ, &token).status(), 200);
        assert!(server.stop());
        server.run();
        let row = server.grant(&token, &world.admin.pat);
        assert!(row["LastUsedTimestamp"].is_string() && row["LastUsedIPAddress"] == "127.0.0.1", "{row}");
        assert!(needed(server, &row, "read").is_string());
    }
}
