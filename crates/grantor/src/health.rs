//! Health checks.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use web::App;
use web::tasks::Task;

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
