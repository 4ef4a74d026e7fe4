//! The body of a request that writes.

use authority::{Fault, json};
use axum::body::Bytes;
use axum::extract::{FromRequest as _, Request};
use axum::http::{HeaderMap, StatusCode};
use web::http::BodyError;
use web::http::negotiation::{ContentType, JSON};

use super::super::answer::Refusal;

/// Reads the bytes of a body.
///
/// # Errors
/// [`Refusal::Unread`] for a body that is too long, incomplete or too slow.
pub(in super::super) async fn raw(sent: Request) -> Result<Bytes, Refusal> {
    web::http::body(Bytes::from_request(sent, &()).await).map_err(unread)
}

/// Checks that a body is JSON, and that there is one.
///
/// # Errors
/// [`Refusal::Unread`] for another type.
pub(super) fn check_type(headers: &HeaderMap, body: &[u8]) -> Result<(), Refusal> {
    if ContentType::from_headers(headers).is_none_or(|media| media.essence() != JSON) {
        return Err(other_type("the body is application/json"));
    }
    if body.is_empty() {
        return Err(Fault::InvalidRequest("the request has no body".to_owned()).into());
    }
    Ok(())
}

/// The refusal of a body by its media type; the message names those that are accepted.
pub(in super::super) fn other_type(message: &str) -> Refusal {
    Refusal::Unread(StatusCode::UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE", message.to_owned())
}

fn unread(error: BodyError) -> Refusal {
    let code = match error {
        BodyError::TooLong => "PAYLOAD_TOO_LARGE",
        BodyError::TooSlow | BodyError::Incomplete => "BAD_REQUEST",
    };
    Refusal::Unread(error.status(), code, error.to_string())
}

/// Reads a body as a JSON object.
///
/// # Errors
/// [`Fault::InvalidRequest`] for anything else, and for an object with a repeated member.
pub(in super::super) fn object(body: &[u8]) -> Result<serde_json::Map<String, serde_json::Value>, Fault> {
    json::object(body).map_err(|error| Fault::InvalidRequest(format!("the body cannot be read: {error}")))
}
