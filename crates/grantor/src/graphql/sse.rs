//! Server-sent events: one operation per request (GraphQL over Server-Sent Events, distinct connections mode).

use std::convert::Infallible;
use std::time::Duration;

use async_graphql::Response;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse as _;
use futures_util::stream::{self, StreamExt as _};

use super::streams::Responses;
use crate::connections::Held;

/// The media type of the answer.
const MEDIA_TYPE: &str = "text/event-stream";
/// How often something is said where nothing happens, so that nobody on the way takes the connection for dead.
const HEARTBEAT: Duration = Duration::from_secs(12);

/// Whether a request names this media type among what it accepts.
pub(super) fn is_accepted(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(header::ACCEPT).iter().filter_map(|line| line.to_str().ok());
    lines
        .flat_map(|line| line.split(','))
        .any(|range| range.split(';').next().is_some_and(|name| name.trim().eq_ignore_ascii_case(MEDIA_TYPE)))
}

/// The answer that lasts as long as the operation, or until the program stops.
pub(super) fn answer(responses: Responses, held: Option<Held>) -> axum::response::Response {
    let pieces = stream::unfold(Some((responses, held)), |state| async {
        let (mut responses, held) = state?;
        let said = tokio::select! {
            said = tokio::time::timeout(HEARTBEAT, responses.next()) => said,
            () = Held::stop(held.as_ref()) => Ok(None),
        };
        Some(match said {
            Err(_) => (Bytes::from_static(b":\n\n"), Some((responses, held))),
            Ok(Some(response)) => (next(&response), Some((responses, held))),
            Ok(None) => (Bytes::from_static(b"event: complete\ndata:\n\n"), None),
        })
    });
    let headers =
        [(header::CONTENT_TYPE, "text/event-stream; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    (StatusCode::OK, headers, Body::from_stream(pieces.map(Ok::<_, Infallible>))).into_response()
}

fn next(response: &Response) -> Bytes {
    // JSON has no line ends but those between its parts, and here there are none.
    let text = serde_json::to_string(response).unwrap_or_default();
    Bytes::from(format!("event: next\ndata: {text}\n\n"))
}
