//! Percent-encoding (RFC 3986, section 2.1) of what the surfaces write, and of the header that has it.
//!
//! Forms and queries of requests are read by `input::form`, paths and queries of OData by the pure crate `odata`.

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// Everything except what is literal in forms and in queries (RFC 3986, section 2.3).
const RESERVED: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Everything that is not literal in a header that others read. All characters outside ASCII are encoded in any case.
const NOT_IN_HEADERS: AsciiSet = CONTROLS.add(b'%').add(b'"').add(b',').add(b';').add(b'\\');

/// Encodes pairs as a form or a query.
pub fn encode_form<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let encoded = |text| utf8_percent_encode(text, &RESERVED);
    let pairs = pairs.into_iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value)));
    pairs.collect::<Vec<_>>().join("&")
}

/// Encodes a text as the value of a header.
pub fn encode_header(text: &str) -> String {
    utf8_percent_encode(text, &NOT_IN_HEADERS).to_string()
}

/// Decodes the value of a header, if it is UTF-8.
pub(super) fn decode_header(text: &str) -> Option<String> {
    percent_decode_str(text).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}
