//! The surfaces and the classes of statuses, by which requests are counted.

/// The prefixes of paths and their surfaces; all other paths are pages.
const PATHS: [(&str, &str); 17] = [
    ("/id/", "oauth"),
    ("/.well-known/", "oauth"),
    ("/api/domain/odata", "odata"),
    ("/api/domain/", "model"),
    ("/sys/", "model"),
    ("/graphql", "graphql"),
    ("/verify", "gate"),
    ("/leaks", "leaks"),
    ("/health/", "health"),
    ("/metrics", "health"),
    ("/reference", "reference"),
    ("/openapi.json", "reference"),
    ("/asyncapi.json", "reference"),
    ("/config.schema.json", "reference"),
    ("/static/", "static"),
    ("/mail/", PAGES),
    ("/", PAGES),
];
const PAGES: &str = "pages";

/// Returns the surface of a path.
pub(super) fn surface(path: &str) -> &'static str {
    PATHS.iter().find(|(start, _)| path.starts_with(start)).map_or(PAGES, |(_, surface)| surface)
}

/// The class of a status.
pub(super) const fn class(status: u16) -> &'static str {
    match status {
        0..200 => "1xx",
        200..300 => "2xx",
        300..400 => "3xx",
        400..500 => "4xx",
        _ => "5xx",
    }
}

/// Returns every surface, once.
pub(super) fn surfaces() -> Vec<String> {
    let mut known: Vec<String> = Vec::new();
    for (_, surface) in PATHS {
        if !known.iter().any(|one| one == surface) {
            known.push(surface.to_owned());
        }
    }
    known
}

/// Returns every class of a status.
pub(super) fn classes() -> Vec<String> {
    [100, 200, 300, 400, 500].map(|status| class(status).to_owned()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_of_surfaces() {
        for (path, expected) in [
            ("/", "pages"),
            ("/tokens", "pages"),
            ("/id/connect/token", "oauth"),
            ("/api/domain/odata/$metadata", "odata"),
            ("/api/domain/standardmodel", "model"),
            ("/graphql/schema.graphql", "graphql"),
            ("/verify/envoy/-", "gate"),
            ("*", "pages"),
        ] {
            assert_eq!(surface(path), expected, "{path}");
        }
    }
}
