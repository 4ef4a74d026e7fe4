use std::borrow::Cow;
use std::io;

use authority::Fault;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode, header};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode, utf8_percent_encode};

/// How many fields a form may have.
const MAX_FIELDS: usize = 100;

/// Why the body of a request was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BodyError {
    /// It has too many bytes.
    #[error("the body of the request is too long")]
    TooLong,
    /// It did not arrive in time.
    #[error("the body of the request did not arrive in time")]
    TooSlow,
    /// The connection was closed, or the body is not what its headers say.
    #[error("the body of the request is incomplete")]
    Incomplete,
}

impl BodyError {
    /// The status that says so.
    pub(crate) const fn status(self) -> StatusCode {
        match self {
            Self::TooLong => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Incomplete => StatusCode::BAD_REQUEST,
        }
    }
}

/// The body of a request.
///
/// # Errors
/// [`BodyError`] says why there is none.
pub(crate) fn body(body: Result<Bytes, BytesRejection>) -> Result<Bytes, BodyError> {
    body.map_err(|rejection| match rejection.status() {
        _ if is_too_slow(&rejection) => BodyError::TooSlow,
        StatusCode::PAYLOAD_TOO_LARGE => BodyError::TooLong,
        _ => BodyError::Incomplete,
    })
}

/// Whether nobody waited any longer for what was still to come.
fn is_too_slow(rejection: &BytesRejection) -> bool {
    let first = rejection as &(dyn std::error::Error + 'static);
    let mut causes = std::iter::successors(Some(first), |error| error.source());
    causes.any(|error| {
        error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::TimedOut)
    })
}

/// The fields of a form, in the order in which they came.
///
/// # Errors
/// [`Fault::InvalidRequest`] where the body is not `application/x-www-form-urlencoded`, or not UTF-8.
pub(crate) fn form_fields(headers: &HeaderMap, body: &[u8]) -> Result<Vec<(String, String)>, Fault> {
    let content_type =
        headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Err(invalid("the body is application/x-www-form-urlencoded"));
    }
    form_pairs(body)
}

/// The pairs of a form or of an address's query, in the order in which they came.
///
/// # Errors
/// [`Fault::InvalidRequest`] where they are malformed, or too many.
pub(crate) fn form_pairs(text: &[u8]) -> Result<Vec<(String, String)>, Fault> {
    let pairs = text.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty());
    let fields = pairs.map(|pair| {
        let mut sides = pair.splitn(2, |byte| *byte == b'=');
        Ok((decode(sides.next().unwrap_or_default())?, decode(sides.next().unwrap_or_default())?))
    });
    let fields = fields.collect::<Result<Vec<_>, Fault>>()?;
    if fields.len() > MAX_FIELDS { Err(invalid("there are too many parameters")) } else { Ok(fields) }
}

/// Everything but what stands for itself in forms and queries alike (RFC 3986, section 2.3).
const RESERVED: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Pairs as a form or a query.
pub(crate) fn encode_form<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let encoded = |text| utf8_percent_encode(text, &RESERVED);
    let pairs = pairs.into_iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value)));
    pairs.collect::<Vec<_>>().join("&")
}

/// One name or value as forms encode it.
pub(crate) fn decode(encoded: &[u8]) -> Result<String, Fault> {
    let spaced: Vec<u8> = encoded.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    if !is_encoded(&spaced) {
        return Err(invalid("a percent sign has no two hexadecimal digits behind it"));
    }
    let decoded = percent_decode(&spaced).decode_utf8().map(Cow::into_owned);
    let decoded = decoded.map_err(|_| invalid("the parameters are not UTF-8"))?;
    if decoded.contains('\0') { Err(invalid("a parameter contains a null character")) } else { Ok(decoded) }
}

/// Whether every percent sign begins an encoded byte (RFC 3986, section 2.1).
fn is_encoded(text: &[u8]) -> bool {
    let behind =
        text.iter().enumerate().filter(|(_, byte)| **byte == b'%').map(|(at, _)| text.get(at + 1..at + 3));
    behind.into_iter().all(|digits| digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)))
}

fn invalid(message: &str) -> Fault {
    Fault::InvalidRequest(message.to_owned())
}
