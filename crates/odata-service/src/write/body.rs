//! The body of a request that writes.

use authority::{Fault, json};
use axum::body::Bytes;
use axum::extract::{FromRequest as _, Request};
use axum::http::{HeaderMap, Method, StatusCode, header};
use web::http::BodyError;

use super::super::answer::Refusal;

/// Reads the body: JSON, or nothing where something is deleted.
///
/// # Errors
/// [`Refusal::Unread`] for a body that is too long, incomplete, too slow, or of another type.
pub(super) async fn read(headers: &HeaderMap, method: &Method, sent: Request) -> Result<Bytes, Refusal> {
    let read = web::http::body(Bytes::from_request(sent, &()).await).map_err(unread)?;
    if *method == Method::DELETE {
        return if read.is_empty() { Ok(read) } else { Err(not_empty()) };
    }
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/json") {
        let message = "the body is application/json".to_owned();
        return Err(Refusal::Unread(StatusCode::UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE", message));
    }
    if read.is_empty() {
        return Err(Fault::InvalidRequest("the request has no body".to_owned()).into());
    }
    Ok(read)
}

fn not_empty() -> Refusal {
    Fault::InvalidRequest("a request that deletes has no body".to_owned()).into()
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
pub(super) fn object(body: &[u8]) -> Result<serde_json::Map<String, serde_json::Value>, Fault> {
    json::object(body).map_err(|error| Fault::InvalidRequest(format!("the body cannot be read: {error}")))
}
