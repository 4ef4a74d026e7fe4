//! Server-sent events: one operation per request (GraphQL over Server-Sent Events, distinct connections mode).

use std::convert::Infallible;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse as _;
use futures_util::stream::{self, StreamExt as _};
use web::connections::ConnectionGuard;

use super::response::GraphqlResponse;
use super::streams::Responses;

/// The interval of comments on an idle connection, so that no proxy closes it.
const HEARTBEAT: Duration = Duration::from_secs(12);

/// The answer that lasts as long as the operation, or until the program stops.
pub(super) fn answer(answers: Responses, held: Option<ConnectionGuard>) -> axum::response::Response {
    let pieces = stream::unfold(Some((answers, held)), |state| async {
        let (mut answers, held) = state?;
        let said = tokio::select! {
            said = tokio::time::timeout(HEARTBEAT, answers.next()) => said,
            () = ConnectionGuard::stop(held.as_ref()) => Ok(None),
        };
        Some(match said {
            Err(_) => (Bytes::from_static(b":\n\n"), Some((answers, held))),
            Ok(Some(answer)) => (next(&answer), Some((answers, held))),
            Ok(None) => (Bytes::from_static(b"event: complete\ndata:\n\n"), None),
        })
    });
    let headers =
        [(header::CONTENT_TYPE, "text/event-stream; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    (StatusCode::OK, headers, Body::from_stream(pieces.map(Ok::<_, Infallible>))).into_response()
}

fn next(answer: &GraphqlResponse) -> Bytes {
    // JSON has no line ends but those between its parts, and here there are none.
    let text = serde_json::to_string(answer).unwrap_or_default();
    Bytes::from(format!("event: next\ndata: {text}\n\n"))
}
