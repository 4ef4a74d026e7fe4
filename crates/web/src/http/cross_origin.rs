//! Requests of pages of other origins to the OData service (Fetch standard, CORS protocol). The service takes no cookies,
//! so that such a page can do nothing that its user could not do without a browser.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::paths::{AUTO_DISCOVERY, DOMAIN, TOOLS_AUTO_DISCOVERY};
use crate::App;

const METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, POST, PUT, PATCH, DELETE");
/// The headers that requests may have. The model of UI5 sends those of SAP and `X-CSRF-Token` to every service; they have no
/// effect here.
const ALLOWED: HeaderValue = HeaderValue::from_static(
    "Accept, Accept-Language, Api-Key, Authorization, Content-ID, Content-Language, Content-Type, DPoP, If-Match, \
     If-None-Match, Isolation, MaxVersion, MIME-Version, OData-Isolation, OData-MaxVersion, OData-Version, Prefer, \
     SAP-Cancel-On-Close, TransactionId, Version, X-Api-Key, X-CSRF-Token, X-SAP-Security-Session",
);
/// The headers of responses that pages may read.
const EXPOSED: HeaderValue = HeaderValue::from_static(
    "DPoP-Nonce, ETag, Location, OData-EntityId, OData-Version, Preference-Applied, RateLimit, RateLimit-Policy, \
     Retry-After, WWW-Authenticate",
);
/// The seconds for which a browser remembers the response to a preflight request.
const MAX_AGE: HeaderValue = HeaderValue::from_static("3600");

/// The origins whose pages may call the OData service.
#[derive(Clone, Debug, Default)]
pub struct CrossOrigin {
    origins: Vec<String>,
    loopback: bool,
}

impl CrossOrigin {
    /// Allows the listed origins and, if `loopback`, every origin on a loopback address.
    pub fn new(origins: impl IntoIterator<Item = String>, loopback: bool) -> Self {
        Self { origins: origins.into_iter().map(|origin| origin.to_ascii_lowercase()).collect(), loopback }
    }

    /// Returns whether pages of an origin may call the service.
    ///
    /// ```
    /// use web::http::CrossOrigin;
    ///
    /// let listed = CrossOrigin::new(["https://app.example.org".to_owned()], false);
    /// assert!(listed.allows("https://app.example.org") && !listed.allows("http://localhost:3000"));
    /// assert!(CrossOrigin::new([], true).allows("http://localhost:3000"));
    /// ```
    pub fn allows(&self, origin: &str) -> bool {
        let known = self.origins.iter().any(|known| known.eq_ignore_ascii_case(origin));
        known || self.loopback && is_loopback(origin)
    }
}

/// Returns the scheme, host and port of an origin: `https://app.example.org`; `None` for other texts.
pub fn parse_origin(text: &str) -> Option<Uri> {
    let uri: Uri = text.parse().ok()?;
    let is_web = matches!(uri.scheme_str(), Some("http" | "https"));
    let has_user = uri.authority().is_some_and(|authority| authority.as_str().contains('@'));
    // The parser gives an empty path as a slash.
    let is_bare = uri.path() == "/" && uri.query().is_none() && !text.ends_with(['/', '?', '#']);
    (is_web && is_bare && !has_user && uri.host().is_some() && !text.contains('#')).then_some(uri)
}

fn is_loopback(origin: &str) -> bool {
    let Some(uri) = parse_origin(origin) else { return false };
    let host = uri.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Answers preflight requests, and lets pages of allowed origins read the responses.
pub async fn cross_origin(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let origin = request.headers().get(header::ORIGIN).cloned();
    if !is_shared(request.uri().path()) || origin.is_none() {
        return next.run(request).await;
    }
    let origin = origin.filter(|origin| origin.to_str().is_ok_and(|origin| app.cross_origin.allows(origin)));
    let is_preflight = request.method() == Method::OPTIONS
        && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let mut response = match &origin {
        Some(_) if is_preflight => preflight(),
        _ => next.run(request).await,
    };
    let headers = response.headers_mut();
    // Without it, a cache would give the response for one origin to another.
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    if let Some(origin) = origin {
        allow(headers, origin);
    }
    response
}

fn preflight() -> Response {
    let headers = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, METHODS),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, ALLOWED),
        (header::ACCESS_CONTROL_MAX_AGE, MAX_AGE),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}

fn allow(headers: &mut HeaderMap, origin: HeaderValue) {
    let shared: [(HeaderName, HeaderValue); 2] =
        [(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin), (header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED)];
    headers.extend(shared);
}

/// Returns whether a path is one of those that pages of other origins may call.
fn is_shared(path: &str) -> bool {
    let below = path.strip_prefix(DOMAIN).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    below || path == AUTO_DISCOVERY || path == TOOLS_AUTO_DISCOVERY
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_listed_or_on_this_computer() {
        let listed = CrossOrigin::new(["https://App.example.org:8443".to_owned()], false);
        assert!(listed.allows("https://app.example.org:8443"));
        for other in
            ["https://app.example.org", "http://app.example.org:8443", "null", "", "http://127.0.0.1"]
        {
            assert!(!listed.allows(other), "{other}");
        }
        let local = CrossOrigin::new([], true);
        for origin in
            ["http://localhost", "https://LOCALHOST:3000", "http://127.0.0.2:5173", "http://[::1]:80"]
        {
            assert!(local.allows(origin), "{origin}");
        }
        for other in [
            "http://localhost.example.org",
            "http://192.0.2.1",
            "file://localhost",
            "http://localhost/",
            "http://localhost/x",
            "http://user@localhost",
            "null",
        ] {
            assert!(!local.allows(other), "{other}");
        }
    }

    #[test]
    fn only_the_service_and_its_description_are_shared() {
        for (path, shared) in [
            ("/api/domain/odata/Users", true),
            ("/api/domain", true),
            ("/sys/auto-discovery", true),
            ("/tools/auto-discovery", true),
            ("/api/domains", false),
            ("/graphql", false),
            ("/id/connect/authorize", false),
        ] {
            assert_eq!(is_shared(path), shared, "{path}");
        }
    }
}
