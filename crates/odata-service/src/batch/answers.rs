//! Responses of a batch.

use axum::body::to_bytes;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use odata::batch::{Answer, BatchResponse};
use odata::payload::error_body;

use super::Notation;

/// The maximum length of a response in a batch, in bytes.
const MAX_RESPONSE: usize = 8 * 1024 * 1024;

/// Returns the responses to a change set that failed: in JSON one for each request, otherwise that to the request that failed.
pub(super) fn failed_set(
    ids: Vec<Option<String>>,
    at: usize,
    failed: BatchResponse,
    notation: &Notation,
) -> Vec<Answer> {
    match notation {
        Notation::Multipart => vec![Answer::Single(failed)],
        Notation::Json => {
            let each = ids.into_iter().enumerate().map(|(index, id)| {
                Answer::Single(if index == at { failed.clone() } else { failed_dependency(id) })
            });
            each.collect()
        }
    }
}

/// The response to a request that was not processed because another one failed.
pub(super) fn failed_dependency(id: Option<String>) -> BatchResponse {
    let message = "a request on which this one depends has failed";
    BatchResponse {
        id,
        status: StatusCode::FAILED_DEPENDENCY.as_u16(),
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        body: error_body("FAILED_DEPENDENCY", message, None, None),
    }
}

/// Reads a response into memory.
pub(super) async fn captured(id: Option<String>, response: Response) -> BatchResponse {
    let (parts, body) = response.into_parts();
    let header = |(name, value): (&HeaderName, &HeaderValue)| {
        Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
    };
    let kept = |(name, _): &(&HeaderName, &HeaderValue)| *name != header::CONTENT_LENGTH;
    let headers = parts.headers.iter().filter(kept).filter_map(header).collect();
    match to_bytes(body, MAX_RESPONSE).await {
        Ok(body) => BatchResponse { id, status: parts.status.as_u16(), headers, body: body.to_vec() },
        Err(_) => {
            let message = "the response is too long for a batch; request less, or send the request alone";
            BatchResponse {
                id,
                status: StatusCode::INTERNAL_SERVER_ERROR.as_u16(),
                headers: vec![("content-type".to_owned(), "application/json".to_owned())],
                body: error_body("LIMIT_EXCEEDED", message, None, None),
            }
        }
    }
}
