//! Answers for clients that have a row already (RFC 9110, section 13).

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use web::http::etag::fnv_1a;

/// What the conditions of a request say of a row with an entity tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is answered.
    Answer,
    /// The client has it already: `If-None-Match` (13.1.2).
    NotModified,
    /// It is no longer what the client takes it for: `If-Match` (13.1.1).
    Failed,
}

/// Judges the conditions of a request that reads a row.
pub(super) fn judge(headers: &HeaderMap, etag: &str) -> Verdict {
    if names(headers, &header::IF_MATCH, etag) == Some(false) {
        Verdict::Failed
    } else if names(headers, &header::IF_NONE_MATCH, etag) == Some(true) {
        Verdict::NotModified
    } else {
        Verdict::Answer
    }
}

/// Whether a header names the tag; none where there is no such header. A header that cannot be read names no tag. The
/// comparison is the weak one: the tags of rows are weak, since they do not say in which form a row was written.
fn names(headers: &HeaderMap, header: &HeaderName, etag: &str) -> Option<bool> {
    if !headers.contains_key(header) {
        return None;
    }
    let lines = headers.get_all(header).iter().filter_map(|line| line.to_str().ok());
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let wanted = opaque(etag);
    Some(lines.flat_map(|line| line.split(',')).any(|tag| tag.trim() == "*" || opaque(tag) == wanted))
}

/// Returns the entity tag of a document. It is weak, because responses can be compressed.
pub(super) fn document_etag(body: &[u8]) -> String {
    format!("W/\"{:016x}\"", fnv_1a(body))
}

/// The answer with its tag.
pub(super) fn with_etag(mut response: Response, etag: &str) -> Response {
    if let Ok(etag) = HeaderValue::from_str(etag) {
        response.headers_mut().insert(header::ETAG, etag);
    }
    response
}

/// The answer without its body, as the client has it.
pub(super) fn not_modified(mut response: Response) -> Response {
    *response.status_mut() = StatusCode::NOT_MODIFIED;
    *response.body_mut() = Body::empty();
    response.headers_mut().remove(header::CONTENT_TYPE);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_judged_in_order() {
        use Verdict::{Answer, Failed, NotModified};
        for (conditions, verdict) in [
            (&[][..], Answer),
            (&[("if-none-match", "W/\"3\"")], NotModified),
            (&[("if-none-match", "\"2\", \"3\"")], NotModified),
            (&[("if-none-match", "*")], NotModified),
            (&[("if-none-match", "W/\"33\"")], Answer),
            (&[("if-match", "W/\"3\"")], Answer),
            (&[("if-match", "*")], Answer),
            (&[("if-match", "W/\"2\"")], Failed),
            (&[("if-match", "\u{e9}")], Failed),
            (&[("if-match", "")], Failed),
            (&[("if-none-match", "\u{e9}")], Answer),
            (&[("if-match", "W/\"2\""), ("if-none-match", "W/\"3\"")], Failed),
            (&[("if-match", "W/\"3\""), ("if-none-match", "W/\"3\"")], NotModified),
        ] {
            let mut headers = HeaderMap::new();
            for (name, value) in conditions {
                let value = HeaderValue::from_bytes(value.as_bytes()).unwrap();
                headers.append(HeaderName::from_static(name), value);
            }
            assert_eq!(judge(&headers, "W/\"3\""), verdict, "{conditions:?}");
        }
    }
}
