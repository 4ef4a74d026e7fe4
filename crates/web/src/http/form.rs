use std::io;

use authority::Fault;
pub use authority::form::{decode, pairs as form_pairs};
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode};

use super::negotiation::{FORM, require_media_type};

/// Why the body of a request was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
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
    pub const fn status(self) -> StatusCode {
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
pub fn body(body: Result<Bytes, BytesRejection>) -> Result<Bytes, BodyError> {
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
pub fn form_fields(headers: &HeaderMap, body: &[u8]) -> Result<Vec<(String, String)>, Fault> {
    require_media_type(headers, FORM)?;
    Ok(form_pairs(body)?)
}
