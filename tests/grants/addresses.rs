//! Tokens that can be used only from some networks.

use crate::support::{Browser, Server};

/// Returns the status for a token in a request through proxies with this header.
fn status(server: &Server, token: &str, forwarded: Option<&str>) -> u16 {
    let request = server.get("/api/domain/odata/Systems_Security_AccessTokens?$top=1", Some(token));
    let request = match forwarded {
        Some(addresses) => request.header("x-forwarded-for", addresses),
        None => request,
    };
    request.send().unwrap().status().as_u16()
}

on_both_engines! {
    /// The origin of a request is accepted only from proxies that the operator trusts.
    fn a_token_is_kept_to_its_networks(server: &mut Server) {
        let world = server.world();
        let browser = Browser::of(server, &world.user);
        let allow = |networks| browser.token("demo-web", &["read"], &[("allowed_ip_addresses", networks)]);
        let (elsewhere, here) = (allow("192.0.2.0/24\n2001:db8::/32"), allow("127.0.0.1"));
        assert_eq!(
            server.grant(&elsewhere, &world.user.pat)["AllowedIPAddresses"],
            "192.0.2.0/24 2001:db8::/32"
        );
        assert!(server.accepts(&here) && !server.accepts(&elsewhere));
        assert_eq!(status(server, &elsewhere, Some("192.0.2.7")), 401, "no proxy is trusted");
        assert_eq!(status(server, &here, Some("192.0.2.7")), 200);

        server.restart_with("GRANTOR_TRUSTED_PROXIES", "[\"127.0.0.1/32\", \"10.0.0.0/8\"]");
        for (forwarded, expected) in [
            (None, 401),
            (Some("192.0.2.7"), 200),
            (Some("2001:db8:5::1"), 200),
            (Some("::ffff:192.0.2.7"), 200),
            (Some("198.51.100.1, 192.0.2.7, 10.1.2.3"), 200),
            (Some("192.0.2.7, 198.51.100.1"), 401),
            (Some("192.0.2.7, unknown"), 401),
            (Some("192.0.2.7:51234"), 200),
            (Some("[2001:db8:5::1]"), 200),
            (Some("[2001:db8:5::1]:443, 10.1.2.3:80"), 200),
            (Some("192.0.2.7:51234, nonsense"), 401),
            (Some(""), 401),
        ] {
            assert_eq!(status(server, &elsewhere, forwarded), expected, "{forwarded:?}");
        }
        assert_eq!(status(server, &here, Some("192.0.2.7")), 401);
        assert_eq!(status(server, &here, None), 200);
        for unreadable in ["unknown", "192.0.2.7, _hidden", "nonsense", ",", ""] {
            assert_eq!(status(server, &here, Some(unreadable)), 401, "{unreadable}: the proxy's address was used");
        }
        assert_eq!(server.log().matches("names no readable address").count(), 1, "it is logged once");
    }
}

/// A single proxy needs no brackets.
#[test]
fn one_proxy_is_trusted_by_its_address() {
    let mut server = Server::demo(crate::support::Engine::Sqlite);
    server.restart_with("GRANTOR_TRUSTED_PROXIES", "[127.0.0.1/32]");
    let browser = Browser::of(&server, &server.world().user);
    let token = browser.token("demo-web", &["read"], &[("allowed_ip_addresses", "192.0.2.7")]);
    assert_eq!(status(&server, &token, Some("192.0.2.7")), 200);
    assert_eq!(status(&server, &token, Some("192.0.2.8")), 401);
}

/// `Forwarded` (RFC 7239) is supported as well; if two headers differ, neither is used unless one is
/// configured.
#[test]
fn forwarded_is_read_too() {
    let mut server = Server::demo(crate::support::Engine::Sqlite);
    server.restart_with("GRANTOR_TRUSTED_PROXIES", "[127.0.0.1/32]");
    let browser = Browser::of(&server, &server.world().user);
    let token = browser.token("demo-web", &["read"], &[("allowed_ip_addresses", "192.0.2.7\n2001:db8::/32")]);
    let ask = |server: &Server, headers: &[(&str, &str)]| {
        let request = server.get("/verify", Some(&token));
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        request.send().unwrap().status().as_u16()
    };
    let (own, others) = (("forwarded", "for=192.0.2.7;proto=https"), ("x-forwarded-for", "198.51.100.1"));
    for (value, expected) in [
        ("for=192.0.2.7", 200),
        ("For=\"[2001:db8::7]:4711\"", 200),
        ("for=198.51.100.1, for=\"192.0.2.7:80\";by=127.0.0.1", 200),
        ("for=192.0.2.7, for=unknown", 401),
        ("for=_hidden", 401),
        ("for=\"192.0.2.7", 401),
    ] {
        assert_eq!(ask(&server, &[("forwarded", value)]), expected, "{value}");
    }
    assert_eq!(ask(&server, &[own, ("x-forwarded-for", "192.0.2.7:9")]), 200);
    assert_eq!(ask(&server, &[own, others]), 401);
    server.restart_with("GRANTOR_FORWARDED_HEADER", "forwarded");
    assert_eq!(ask(&server, &[own, others]), 200);
    server.restart_with("GRANTOR_FORWARDED_HEADER", "x-forwarded-for");
    assert_eq!(ask(&server, &[own, others]), 401);
    assert_eq!(ask(&server, &[("forwarded", "for=198.51.100.1"), ("x-forwarded-for", "192.0.2.7")]), 200);
}

/// Attempts are counted by client, also if the proxy reports ports; a proxy that reports no client locks no
/// user out.
#[test]
fn attempts_are_counted_by_client() {
    let mut server = Server::demo(crate::support::Engine::Sqlite);
    server.restart_with("GRANTOR_TRUSTED_PROXIES", "[127.0.0.1/32]");
    let report = |from: &str| {
        let request = server.http.post(format!("{}/leaks", server.url)).header("x-forwarded-for", from);
        request.json(&serde_json::json!([])).send().unwrap().status().as_u16()
    };
    assert!((0..120).all(|client| report(&format!("198.51.100.{client}:{}", 50_000 + client)) == 200));
    assert!((0..1000).any(|_| report("unknown") == 429), "unknown clients share one counter");
    assert_eq!(report("203.0.113.5:1"), 200);
}
