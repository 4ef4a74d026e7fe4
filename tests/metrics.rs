//! Metrics.

use serde_json::json;

use crate::support::{Engine, Server};

const NEW: &str = "application/openmetrics-text";

on_both_engines! {
    fn what_happens_is_counted(server: &mut Server) {
        let service = server.world().applications.service;
        let secret = service.client_secret.as_deref().unwrap();
        let (id, user) = (service.client_id.as_str(), server.world().user.pat);
        let watched = [
            "grantor_grants_issued_total{kind=\"ReferenceToken\"}",
            "grantor_introspections_total{result=\"active\"}",
            "grantor_introspections_total{result=\"inactive\"}",
            "grantor_refusals_total{code=\"invalid_client\"}",
            "grantor_refusals_total{code=\"GRAPHQL_VALIDATION_FAILED\"}",
            "grantor_refusals_total{code=\"UNKNOWN_PROPERTY\"}",
            "grantor_http_requests_total{surface=\"oauth\",status=\"2xx\"}",
            "grantor_http_requests_total{surface=\"oauth\",status=\"4xx\"}",
            "grantor_http_request_duration_seconds_count{surface=\"graphql\"}",
        ];
        let numbers = |server: &Server| watched.map(|series| server.metric(series));
        let (before, written) = (numbers(server), server.metric("grantor_store_transactions_total"));
        let form = [("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret)];
        let issued = server.post("/id/connect/token", &form).send().unwrap();
        let token = issued.json::<serde_json::Value>().unwrap()["access_token"].as_str().unwrap().to_owned();
        for token in [token.as_str(), "nonsense", "grt_pat_nonsense"] {
            let form = [("token", token), ("client_id", id), ("client_secret", secret)];
            assert_eq!(server.post("/id/connect/introspect", &form).send().unwrap().status(), 200);
        }
        let wrong = [("grant_type", "client_credentials"), ("client_id", id), ("client_secret", "wrong")];
        assert_eq!(server.post("/id/connect/token", &wrong).send().unwrap().status(), 401);
        server.graphql("{ nothing }", &json!({}), &user);
        server.get("/api/domain/odata/Systems_Security_Users?$select=Nothing", Some(&user)).send().unwrap();
        let after = numbers(server);
        let grown: Vec<u64> = before.iter().zip(after).map(|(before, after)| after - before).collect();
        assert_eq!(grown, [1, 1, 2, 1, 1, 1, 4, 1, 1]);
        // The error page contains each of these codes; the metrics have no others.
        assert_eq!(server.metric("grantor_refusals_total{code=\"other\"}"), 0);
        assert!(server.metric("grantor_store_transactions_total") > written);
        assert!(server.metric("grantor_store_transactions_total") >= server.metric("grantor_store_commits_total"));
    }

    /// The reference page and the metrics contain the same series.
    fn the_reference_has_every_metric(server: &mut Server) {
        let page = server.get("/reference/metrics.html", None).send().unwrap().text().unwrap();
        let answer = server.get("/metrics", None).header("accept", NEW).send().unwrap();
        assert!(answer.headers()["content-type"].to_str().unwrap().starts_with(NEW));
        let text = answer.text().unwrap();
        let names = text.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next());
        let names: Vec<_> = names.collect();
        assert!(names.len() >= 10 && text.ends_with("# EOF\n"), "{text}");
        for name in &names {
            assert!(page.contains(&format!("<code>{name}</code>")), "{name}");
        }
        assert_eq!(page.matches("<th scope=\"row\"").count(), names.len());
    }
}

/// With an operator's token, every request needs it, even from this computer.
#[test]
fn a_collector_presents_its_token() {
    let mut server = Server::demo(Engine::Sqlite);
    let through = server.get("/metrics", None).header("x-forwarded-for", "192.0.2.1").send().unwrap();
    assert_eq!(through.status(), 403);
    server.restart_with("GRANTOR_METRICS_TOKEN", "a token of the operator");
    assert_eq!(server.get("/metrics", Some("a token of the operator")).send().unwrap().status(), 200);
    for wrong in [None, Some("another token"), Some(server.world().admin.pat.as_str())] {
        let refused = server.get("/metrics", wrong).send().unwrap();
        assert_eq!(refused.status(), 401);
        assert!(refused.headers().contains_key("www-authenticate"));
    }
    let log = server.log();
    assert!(!log.contains("a token of the operator"), "{log}");
}
