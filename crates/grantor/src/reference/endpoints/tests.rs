//! The declared endpoints against the routers: what is served is declared, and the other way round.

use std::collections::BTreeMap;
use std::sync::Arc;

use regex::Regex;
use web::http::paths;

use super::all;
use crate::router::services;

/// Routes to which forms of our own pages post: nothing that others call.
const OF_PAGES: [&str; 2] = [paths::oauth::DECIDE, paths::oauth::SIGN_OUT];

/// The routes with their methods, from what the router says of itself when it is printed; `ANY` stands for all methods.
fn routes() -> BTreeMap<String, String> {
    let printed = format!("{:?}", services(Arc::default()));
    // What follows is for paths that no route has.
    let printed = printed.split("fallback_router").next().unwrap();
    let path = Regex::new(r#"(RouteId\(\d+\)): "([^"]*)""#).unwrap();
    let method =
        Regex::new(r#"(RouteId\(\d+\)): MethodRouter\(.*?allow_header: (?:Bytes\(b"([A-Z,]*)"\)|Skip|None)"#)
            .unwrap();
    let methods: BTreeMap<_, _> = method
        .captures_iter(printed)
        .map(|found| (found[1].to_owned(), found.get(2).map_or("ANY", |methods| methods.as_str()).to_owned()))
        .collect();
    let routes: BTreeMap<_, _> =
        path.captures_iter(printed).map(|found| (found[2].to_owned(), methods[&found[1]].clone())).collect();
    assert!(routes.len() > 35, "the router prints itself in another way: {}", routes.len());
    routes
}

/// Whether a route serves a declared path; a parameter may stand for another one.
fn serves(route: &str, path: &str) -> bool {
    let part = Regex::new(r"\{\*[^}]*\}|\{[^}]*\}").unwrap();
    let mut pattern = String::from("^");
    let mut last = 0;
    for found in part.find_iter(route) {
        pattern += &regex::escape(&route[last..found.start()]);
        pattern += if found.as_str().starts_with("{*") { ".+" } else { "[^/]+" };
        last = found.end();
    }
    pattern += &(regex::escape(&route[last..]) + "$");
    Regex::new(&pattern).unwrap().is_match(path)
}

#[test]
fn the_reference_has_every_route() {
    let declared = all();
    let lacks: Vec<_> = routes()
        .into_keys()
        // The same without its last slash.
        .filter(|route| !["/reference", paths::ODATA].contains(&route.as_str()))
        .filter(|route| !OF_PAGES.contains(&route.as_str()))
        .filter(|route| !declared.iter().any(|endpoint| serves(route, endpoint.path)))
        .collect();
    assert!(lacks.is_empty(), "crates/grantor/src/reference/endpoints lacks {lacks:?}");
}

#[test]
fn the_reference_has_no_other_routes_and_methods() {
    let routes = routes();
    for endpoint in all() {
        let serving: Vec<_> = routes.iter().filter(|(route, _)| serves(route, endpoint.path)).collect();
        assert!(!serving.is_empty(), "{} is not served", endpoint.path);
        for operation in endpoint.operations {
            let method = operation.method.to_uppercase();
            let offers = |methods: &str| methods == "ANY" || methods.split(',').any(|known| known == method);
            assert!(serving.iter().any(|(_, methods)| offers(methods)), "{method} {}", endpoint.path);
        }
        // Each method of a route that stands for this path alone is declared.
        for (_, methods) in serving.iter().filter(|(route, _)| **route == endpoint.path) {
            for method in methods.split(',').filter(|method| !["ANY", "HEAD"].contains(method)) {
                let known = endpoint.operations.iter().any(|one| one.method.to_uppercase() == method);
                assert!(known, "{method} {} is not declared", endpoint.path);
            }
        }
    }
}
