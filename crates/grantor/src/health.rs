//! Health checks.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use reference::http::{Answer, Body, Endpoint, Method, Tag};
use web::App;
use web::tasks::Task;

pub(crate) const LIVE: Endpoint = Endpoint {
    answers: &[Answer::new(200, "The program runs.", Body::text("text/plain"))],
    ..Endpoint::new(Method::Get, "/health/live", Tag::Health, "live", "Reports whether the program runs")
};

pub(crate) const READY: Endpoint = Endpoint {
    answers: &[
        Answer::new(200, "The program is ready.", Body::text("text/plain")),
        Answer::new(
            503,
            "The registry does not answer, or a background task is not running.",
            Body::text("text/plain"),
        ),
    ],
    ..Endpoint::new(
        Method::Get,
        "/health/ready",
        Tag::Health,
        "ready",
        "Reports whether the program is ready",
    )
};

/// Reports that the program is running.
pub(crate) async fn live() -> &'static str {
    "ok\n"
}

/// Reports whether the registry can be read and written, and whether every background task is running.
pub(crate) async fn ready(State(app): State<Arc<App>>) -> Response {
    if let Some(task) = Task::ALL.into_iter().find(|task| app.tasks.is_down(*task)) {
        let reason = format!("the background task '{}' is not running\n", task.name());
        return (StatusCode::SERVICE_UNAVAILABLE, reason).into_response();
    }
    if app.authority.is_ready(clock::now()).await {
        "ok\n".into_response()
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "the registry cannot be read or written\n").into_response()
    }
}
