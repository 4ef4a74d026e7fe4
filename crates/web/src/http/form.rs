use std::io;

use authority::Fault;
pub use authority::form::{decode, pairs as form_pairs};
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode};

use super::negotiation::{FORM, require_media_type};

/// The reason why the body of a request was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// It has too many bytes.
    #[error("the body of the request is too long")]
    TooLong,
    /// It did not arrive in time.
    #[error("the body of the request did not arrive in time")]
    TooSlow,
    /// The connection was closed, or the body does not match its headers.
    #[error("the body of the request is incomplete")]
    Incomplete,
}

impl BodyError {
    /// Returns the status.
    pub const fn status(self) -> StatusCode {
        match self {
            Self::TooLong => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Incomplete => StatusCode::BAD_REQUEST,
        }
    }
}

/// Returns the body of a request.
///
/// # Errors
/// [`BodyError`].
pub fn body(body: Result<Bytes, BytesRejection>) -> Result<Bytes, BodyError> {
    body.map_err(|rejection| match rejection.status() {
        _ if is_too_slow(&rejection) => BodyError::TooSlow,
        StatusCode::PAYLOAD_TOO_LARGE => BodyError::TooLong,
        _ => BodyError::Incomplete,
    })
}

/// Returns whether the body was cut off by the timeout.
fn is_too_slow(rejection: &BytesRejection) -> bool {
    let first = rejection as &(dyn std::error::Error + 'static);
    let mut causes = std::iter::successors(Some(first), |error| error.source());
    causes.any(|error| {
        error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::TimedOut)
    })
}

/// Returns the fields of a form, in their order.
///
/// # Errors
/// [`Fault::InvalidRequest`] if the body is not `application/x-www-form-urlencoded`, or not UTF-8.
pub fn form_fields(headers: &HeaderMap, body: &[u8]) -> Result<Vec<(String, String)>, Fault> {
    require_media_type(headers, FORM)?;
    Ok(form_pairs(body)?)
}
