//! The security headers of every response. They depend on the response, not on its route.

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;

use super::fault::DEFAULT_WAIT;
use super::negotiation::ContentType;
use super::policy::standard_policy;

/// What only documents need: no framing, and no full address in the requests to other sites.
const OF_DOCUMENTS: [(HeaderName, HeaderValue); 2] = [
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
];

/// Adds the headers. A policy or caching that the handler has set remains.
pub async fn protect(mut response: Response) -> Response {
    let (status, is_document) = (response.status(), is_document(response.headers()));
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // RFC 9111, section 3.2: the headers of a 304 replace those of the cached response.
    if status == StatusCode::NOT_MODIFIED {
        return response;
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if is_document {
        for (name, value) in OF_DOCUMENTS {
            headers.insert(name, value);
        }
        if let (header::Entry::Vacant(entry), Ok(policy)) =
            (headers.entry(header::CONTENT_SECURITY_POLICY), HeaderValue::from_str(&standard_policy()))
        {
            entry.insert(policy);
        }
    }
    if [StatusCode::TOO_MANY_REQUESTS, StatusCode::SERVICE_UNAVAILABLE].contains(&status) {
        headers.entry(header::RETRY_AFTER).or_insert(HeaderValue::from(DEFAULT_WAIT));
    }
    response
}

/// Returns whether a browser shows the response as a document that can load or run something. A response without a type is a
/// redirect, or empty.
fn is_document(headers: &HeaderMap) -> bool {
    // A response without a readable type is protected as well.
    let Some(content_type) = ContentType::from_headers(headers) else { return true };
    let essence = content_type.essence();
    essence.is_empty()
        || ["text/html", "text/xml", "application/xml"].contains(&essence)
        || essence.ends_with("+xml")
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse as _;

    use super::*;

    #[tokio::test]
    async fn every_wait_is_named() {
        for status in [StatusCode::TOO_MANY_REQUESTS, StatusCode::SERVICE_UNAVAILABLE] {
            assert_eq!(protect(status.into_response()).await.headers()[header::RETRY_AFTER], "5");
            let known = (status, [(header::RETRY_AFTER, "77")]).into_response();
            assert_eq!(protect(known).await.headers()[header::RETRY_AFTER], "77");
        }
        assert!(protect(StatusCode::OK.into_response()).await.headers().get(header::RETRY_AFTER).is_none());
    }

    #[test]
    fn the_content_type_decides() {
        for (content_type, expected) in [
            (None, true),
            (Some("text/html; charset=utf-8"), true),
            (Some("Text/HTML"), true),
            (Some("application/xhtml+xml"), true),
            (Some("image/svg+xml"), true),
            (Some("application/xml;charset=utf-8"), true),
            (Some(""), true),
            (Some("text/plain; charset=utf-8"), false),
            (Some("application/json"), false),
            (Some("application/graphql-response+json; charset=utf-8"), false),
            (Some("text/event-stream"), false),
            (Some("text/css"), false),
        ] {
            let headers = content_type.map(|value| (header::CONTENT_TYPE, HeaderValue::from_static(value)));
            assert_eq!(is_document(&HeaderMap::from_iter(headers)), expected, "{content_type:?}");
        }
    }
}
