//! Security headers of every response.

use reqwest::blocking::Response;
use serde_json::Value;

use crate::support::{Browser, Server, html};

/// The methods in OpenAPI.
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// Checks the headers of a response by its content type.
fn assert_protected(what: &str, answer: &Response) {
    let value = |name: &str| answer.headers().get(name).map_or("", |value| value.to_str().unwrap());
    let status = answer.status().as_u16();
    assert_eq!(value("x-content-type-options"), "nosniff", "{what}: {status}");
    assert!(!value("cache-control").is_empty(), "{what}: {status} says nothing about caching");
    let essence = value("content-type").split(';').next().unwrap_or_default();
    let is_document = essence.is_empty() || essence == "text/html" || essence.ends_with("xml");
    if is_document {
        let policy = value("content-security-policy");
        for rule in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"] {
            assert!(policy.contains(rule), "{what}: {status} {essence}: {rule} in {policy:?}");
        }
        assert!(!policy.contains("unsafe"), "{what}: {policy}");
        assert_eq!(value("x-frame-options"), "DENY", "{what}: {status}");
        assert_eq!(value("referrer-policy"), "same-origin", "{what}: {status}");
    }
    if [429, 503].contains(&status) {
        assert!(value("retry-after").parse::<u64>().is_ok_and(|wait| wait > 0), "{what}: {status}");
    }
}

/// Returns every declared path, with values for its parameters.
fn declared(server: &Server) -> Vec<(String, Vec<String>)> {
    let openapi: Value = server.get("/openapi.json", None).send().unwrap().json().unwrap();
    let paths = openapi["paths"].as_object().unwrap();
    assert!(paths.len() > 30, "{}", paths.len());
    paths
        .iter()
        .map(|(path, item)| {
            let parts = path.split('/').map(|part| if part.contains('{') { "x" } else { part });
            let methods = METHODS.into_iter().filter(|method| item.get(method).is_some());
            (parts.collect::<Vec<_>>().join("/"), methods.map(str::to_uppercase).collect())
        })
        .collect()
}

on_both_engines! {
    /// Every declared endpoint, with valid and invalid requests, and unknown paths.
    fn every_answer_is_protected(server: &mut Server) {
        let world = server.world();
        let send = |method: &str, path: &str, token: Option<&str>, body: Option<(&str, &str)>| {
            let request = server.http.request(method.parse().unwrap(), format!("{}{path}", server.url));
            let request = token.map_or(request.try_clone().unwrap(), |token| request.bearer_auth(token));
            let request = match body {
                Some((media_type, body)) => request.header("content-type", media_type).body(body.to_owned()),
                None => request,
            };
            let answer = request.send().unwrap();
            assert_protected(&format!("{method} {path}"), &answer);
            answer.status().as_u16()
        };
        let mut statuses = std::collections::BTreeSet::new();
        for (path, methods) in declared(server) {
            // A method that the endpoint may not support, and one that no endpoint supports.
            for method in methods.iter().map(String::as_str).chain(["DELETE", "OPTIONS", "BREW"]) {
                for token in [None, Some("nonsense"), Some(world.admin.pat.as_str())] {
                    statuses.insert(send(method, &path, token, None));
                }
                for (media_type, body) in [("application/json", "{"), ("application/x-www-form-urlencoded", "a=%zz"), ("text/html", "<b>")] {
                    statuses.insert(send(method, &path, Some(&world.admin.pat), Some((media_type, body))));
                }
            }
        }
        let long = "x".repeat(300 * 1024);
        for path in ["/id/connect/token", "/graphql", "/leaks", "/signin", "/id/connect/register"] {
            statuses.insert(send("POST", path, None, Some(("application/json", &long))));
        }
        for path in ["/", "/nowhere", "/signin", "/tokens", "/static/x", "/reference", "/reference/", "/reference/x", "/graphql/x", "/id/x", "/api/domain/odata/x", "/metrics", "/health/x", "/setup/x", "/verify/x"] {
            for method in ["GET", "HEAD", "POST", "PUT"] {
                statuses.insert(send(method, path, None, None));
            }
        }
        assert!([200, 303, 400, 401, 403, 404, 405].iter().all(|status| statuses.contains(status)), "{statuses:?}");
    }

    /// The page at the GraphQL endpoint, which is not part of the pages, has the name and the forms of the
    /// signed-in user.
    fn the_page_at_graphql_is_protected(server: &mut Server) {
        let browser = Browser::of(server, &server.world().user);
        let (headers, body) = browser.look_at("/graphql", "text/html");
        assert!(body.contains("name=\"csrf\""), "{body}");
        for (name, expected) in [("x-frame-options", "DENY"), ("cache-control", "no-store"), ("x-content-type-options", "nosniff"), ("referrer-policy", "same-origin")] {
            assert_eq!(headers[name], expected, "{name}");
        }
        assert!(headers["content-security-policy"].to_str().unwrap().contains("frame-ancestors 'none'"));
    }

    /// A 304 response does not change the headers of a cached file.
    fn what_a_browser_keeps_stays_as_it_is(server: &mut Server) {
        let first = server.get("/reference/", None).send().unwrap();
        let tag = first.headers()["etag"].clone();
        let again = server.get("/reference/", None).header("if-none-match", tag).send().unwrap();
        assert_eq!((again.status().as_u16(), &again.headers()["x-content-type-options"]), (304, &"nosniff".parse().unwrap()));
        assert!(again.headers().get("content-security-policy").is_none());
        assert_eq!(again.headers()["cache-control"], first.headers()["cache-control"]);
    }

    /// A refusal for too many attempts says when to retry.
    fn waits_are_named(server: &mut Server) {
        let wait = |answer: Response| {
            assert_protected("too often", &answer);
            (answer.status().as_u16(), answer.headers().get("retry-after").map_or(0, |value| value.to_str().unwrap().parse::<i64>().unwrap()))
        };
        let report = || server.http.post(format!("{}/leaks", server.url)).json(&serde_json::json!([])).send().unwrap();
        let refused = (0..1000).map(|_| wait(report())).find(|(status, _)| *status == 429).unwrap();
        assert!((1..=60).contains(&refused.1), "{refused:?}");
        // The pages do so too: when requesting mails, and when entering a device code.
        let visitor = Browser::of(server, &server.world().user);
        let page = visitor.open("/device");
        let form = html::forms(&page.body).into_iter().find(|form| form.action == "/device").unwrap();
        let (_, csrf) = form.hidden.into_iter().find(|(name, _)| name == "csrf").unwrap();
        let typed = || visitor.answer("/device", &[("csrf", &csrf), ("user_code", "BCDF-GHJK")]);
        let refused = (0..1000).map(|_| wait(typed())).find(|(status, _)| *status == 429).unwrap();
        assert!((1..=60).contains(&refused.1), "{refused:?}");
    }
}
