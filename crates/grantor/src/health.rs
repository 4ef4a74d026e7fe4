//! Whether the program runs, and whether it can work.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::clock;

/// The program runs.
pub(crate) async fn live() -> &'static str {
    "ok\n"
}

/// The registry can be read and written.
pub(crate) async fn ready(State(app): State<Arc<App>>) -> Response {
    if app.authority.is_ready(clock::now()).await {
        "ok\n".into_response()
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "the registry cannot be read or written\n").into_response()
    }
}
