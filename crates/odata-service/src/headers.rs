//! The headers of a request.

use axum::http::{HeaderMap, HeaderValue, header};

/// The media types that a request accepts.
pub(super) fn accept(headers: &HeaderMap) -> Option<&str> {
    text_of(headers.get(header::ACCEPT))
}

/// What stands before the names of the standard's own headers, and may be left out (OData 4.01 part 1, section 13).
const PREFIX: &str = "odata-";

/// One of the standard's own headers.
pub(super) fn header_text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    text_of(headers.get(format!("{PREFIX}{name}")).or_else(|| headers.get(name)))
}

fn text_of(value: Option<&HeaderValue>) -> Option<&str> {
    value.and_then(|value| value.to_str().ok())
}
