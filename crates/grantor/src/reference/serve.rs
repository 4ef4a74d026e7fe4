//! The reference over HTTP: the pages under `/reference/`, and the descriptions for programs beside them.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Extension, Path, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use tower_http::compression::CompressionLayer;
use web::App;
use web::http::etag::has_current;
use web::http::paths::REFERENCE;

use super::files::Files;

/// Returns the routes of the reference and the machine-readable descriptions. All are public.
pub(crate) fn router(files: Arc<Files>) -> Router<Arc<App>> {
    Router::new()
        .route("/reference", get(async || Redirect::permanent(REFERENCE)))
        .route(REFERENCE, get(first))
        .route("/reference/{*path}", get(page))
        .route("/openapi.json", get(description))
        .route("/asyncapi.json", get(description))
        .route("/config.schema.json", get(description))
        .layer(Extension(files))
        .layer(CompressionLayer::new())
}

async fn first(State(app): State<Arc<App>>, files: Extension<Arc<Files>>, headers: HeaderMap) -> Response {
    answer(&app, &files, &headers, "index.html").await
}

async fn page(
    State(app): State<Arc<App>>,
    files: Extension<Arc<Files>>,
    headers: HeaderMap,
    Path(path): Path<String>,
) -> Response {
    answer(&app, &files, &headers, &path).await
}

async fn description(
    State(app): State<Arc<App>>,
    files: Extension<Arc<Files>>,
    headers: HeaderMap,
    address: Uri,
) -> Response {
    answer(&app, &files, &headers, address.path().trim_start_matches('/')).await
}

async fn answer(app: &App, files: &Files, request: &HeaderMap, path: &str) -> Response {
    let file = match files.get(&app.authority.settings().public_url, path).await {
        Ok(file) => file,
        Err(error) => {
            tracing::error!(%error, "creating the reference failed");
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    };
    let Some(file) = file else {
        return (StatusCode::NOT_FOUND, "The reference has no such page.\n").into_response();
    };
    // An update of the program changes the files.
    let kept = [(header::CACHE_CONTROL, "no-cache"), (header::ETAG, file.tag.as_str())];
    if has_current(request, &file.tag) {
        return (StatusCode::NOT_MODIFIED, kept).into_response();
    }
    (kept, [(header::CONTENT_TYPE, media_type(path))], file.content.clone()).into_response()
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        _ => "text/plain; charset=utf-8",
    }
}
