//! The endpoint of the metrics.

use std::net::SocketAddr;
use std::sync::Arc;

use authority::Fault;
use axum::extract::{ConnectInfo, Extension, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use reference::http::{Answer, Body, Endpoint, Method, Tag};
use store::Outbox;

use super::text::{Format, write};
use super::{Metrics, Name};
use crate::http::negotiation::{Accept, Authorization};
use crate::http::paths::METRICS;
use crate::state::App;
use crate::tasks::Task;

/// The endpoint of the metrics.
pub const ENDPOINT: Endpoint = Endpoint {
    description: "For requests from this computer only. If the operator sets `metrics_token`, for every request with that bearer token.",
    answers: &[
        Answer::new(200, "The metrics in the text format of Prometheus.", Body::text("text/plain")),
        Answer::new(
            200,
            "The metrics in `OpenMetrics`, if the request accepts it.",
            Body::text("application/openmetrics-text"),
        ),
        Answer::new(400, "The header `Accept` is not readable.", Body::text("text/plain")),
        Answer::new(401, "The token of the operator is required.", Body::text("text/plain")),
        Answer::new(
            403,
            "The request is from another computer or was forwarded by a proxy.",
            Body::text("text/plain"),
        ),
    ],
    ..Endpoint::new(Method::Get, METRICS, Tag::Health, "metrics", "Returns the metrics of the program")
};

/// Answers with the metrics, for the token of the operator; without a configured token, for requests of this computer.
pub async fn show(
    State(app): State<Arc<App>>,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
) -> Response {
    let peer = peer.map(|Extension(ConnectInfo(peer))| peer);
    if let Err(refusal) = admit(&app.metrics, peer, &headers) {
        return *refusal;
    }
    if let Err(fault) = look(&app).await {
        // The counters of the program are valid nevertheless, and of interest just then.
        tracing::warn!(?fault, "what waits in the registry could not be counted");
    }
    let accept = match Accept::from_headers(&headers) {
        Ok(accept) => accept,
        Err(fault) => return (StatusCode::BAD_REQUEST, format!("{fault}\n")).into_response(),
    };
    let is_new = accept.names("application/openmetrics-text");
    let format = if is_new { Format::OpenMetrics } else { Format::Prometheus };
    let kept = [
        (header::CONTENT_TYPE, format.content_type()),
        (header::CACHE_CONTROL, "no-store"),
        (header::VARY, "Accept"),
    ];
    (kept, write(&app.metrics, format)).into_response()
}

/// Headers of requests that a proxy on this computer forwards.
const FORWARDED: [HeaderName; 4] = [
    header::FORWARDED,
    header::VIA,
    HeaderName::from_static("x-forwarded-for"),
    HeaderName::from_static("x-real-ip"),
];

fn admit(metrics: &Metrics, peer: Option<SocketAddr>, headers: &HeaderMap) -> Result<(), Box<Response>> {
    if let Some(token) = &metrics.token {
        let sent = Authorization::from_headers(headers).ok().flatten();
        let sent = sent.and_then(|authorization| authorization.of_scheme("bearer")).unwrap_or_default();
        if token::digest::same(sent.as_bytes(), token.as_bytes()) {
            return Ok(());
        }
        let demand = [(header::WWW_AUTHENTICATE, "Bearer realm=\"grantor metrics\"")];
        let message = "the metrics require metrics_token as a bearer token\n";
        return Err(Box::new((StatusCode::UNAUTHORIZED, demand, message).into_response()));
    }
    let is_near = peer.is_some_and(|peer| peer.ip().to_canonical().is_loopback());
    if is_near && !FORWARDED.iter().any(|name| headers.contains_key(name)) {
        return Ok(());
    }
    let message = "without metrics_token, the metrics are available on this computer only\n";
    Err(Box::new((StatusCode::FORBIDDEN, message).into_response()))
}

/// Reads the numbers that other parts of the program count.
async fn look(app: &App) -> Result<(), Fault> {
    let metrics = &app.metrics;
    metrics.set(Name::Connections, &[], (metrics.connections)());
    metrics.set(Name::Streams, &[], (metrics.streams)());
    let written = app.authority.store_stats();
    metrics.set(Name::Commits, &[], written.commits());
    metrics.set(Name::LostCommits, &[], written.lost());
    metrics.set(Name::Transactions, &[], written.transactions());
    for (kind, count) in written.granted() {
        metrics.set(Name::Grants, &[kind], count);
    }
    for task in Task::ALL {
        metrics.set(Name::TasksDown, &[task.name()], app.tasks.is_down(task).into());
        metrics.set(Name::TaskRestarts, &[task.name()], app.tasks.restarts(task));
    }
    for (name, outbox) in [(Name::Mail, Outbox::Mail), (Name::SignOuts, Outbox::Logouts)] {
        let waiting = app.authority.waiting(outbox).await?;
        metrics.set(name, &[], u64::try_from(waiting).unwrap_or(0));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strangers_are_refused() {
        let admitted = |metrics: &Metrics, peer: &str, headers: &[(&'static str, &'static str)]| {
            let peer = peer.parse().ok();
            let headers = headers.iter().map(|(name, value)| {
                (HeaderName::from_static(name), axum::http::HeaderValue::from_static(value))
            });
            admit(metrics, peer, &headers.collect()).map_err(|refusal| refusal.status().as_u16())
        };
        let none = Metrics::default();
        for near in ["127.0.0.1:9", "[::1]:9", "[::ffff:127.0.0.1]:9"] {
            assert_eq!(admitted(&none, near, &[]), Ok(()), "{near}");
            assert_eq!(
                admitted(&none, near, &[("x-forwarded-for", "127.0.0.1")]),
                Err(403),
                "through a proxy"
            );
        }
        for far in ["192.0.2.1:9", "unknown"] {
            assert_eq!(admitted(&none, far, &[("authorization", "Bearer ")]), Err(403), "{far}");
        }
        let with = Metrics::new(Some("a token of the operator".to_owned()));
        assert_eq!(
            admitted(&with, "192.0.2.1:9", &[("authorization", "bearer a token of the operator")]),
            Ok(())
        );
        for wrong in ["Bearer a token", "Bearer", "Basic a token of the operator"] {
            assert_eq!(admitted(&with, "127.0.0.1:9", &[("authorization", wrong)]), Err(401), "{wrong}");
        }
        assert_eq!(admitted(&with, "127.0.0.1:9", &[]), Err(401), "not for this computer either");
    }
}
