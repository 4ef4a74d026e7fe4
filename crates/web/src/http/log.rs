use std::any::Any;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{Response, StatusCode};
use axum::middleware::Next;
use axum::response::IntoResponse;

use super::fault::RefusedFor;
use super::paths;
use crate::metrics::Name;
use crate::state::App;

/// Logs every request by method, path, status and time, and counts it. Never the query, a header or a body: they may hold
/// secrets.
pub async fn log(State(app): State<Arc<App>>, request: Request, next: Next) -> axum::response::Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let began = clock::now();
    let response = next.run(request).await;
    let micros = clock::now().micros() - began.micros();
    let status = response.status().as_u16();
    // A clock that was put back meanwhile measures nothing.
    app.metrics.answered(&path, status, u64::try_from(micros).unwrap_or(0));
    if let Some(RefusedFor(code)) = response.extensions().get() {
        app.metrics.count(Name::Refusals, &[code]);
    }
    // What follows is a secret, or the address of another service, which may hold one.
    let cut =
        [("/setup/", "/setup/…"), (paths::mail::ALL, "/mail/…"), (paths::VERIFY_ENVOY, "/verify/envoy/…")];
    let path =
        cut.iter().find(|(start, _)| path.starts_with(start)).map_or(path.as_str(), |(_, shown)| shown);
    tracing::info!(%method, path, status, micros, "request");
    response
}

/// The answer where a handler stopped unexpectedly.
pub fn panicked(_: Box<dyn Any + Send>) -> Response<Body> {
    tracing::error!("a handler stopped unexpectedly");
    (StatusCode::INTERNAL_SERVER_ERROR, "an internal error\n").into_response()
}
