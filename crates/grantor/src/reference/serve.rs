//! The reference over HTTP: the pages under `/reference/`, and the descriptions for programs beside them.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use reference::write::html;
use tokio::sync::OnceCell;
use tower_http::compression::CompressionLayer;

use crate::app::App;
use crate::pages::static_files::{fnv_1a, has_current};

/// The path of the pages.
pub(crate) const PATH: &str = "/reference/";

/// The files of the reference, made when somebody first asks for one.
#[derive(Default)]
pub(crate) struct Files(OnceCell<HashMap<String, Served>>);

/// A file and its entity tag.
struct Served {
    content: Bytes,
    tag: String,
}

/// Everything that describes the program. All of it is public.
pub(crate) fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/reference", get(async || Redirect::permanent(PATH)))
        .route(PATH, get(first))
        .route("/reference/{*path}", get(page))
        .route("/openapi.json", get(description))
        .route("/asyncapi.json", get(description))
        .route("/config.schema.json", get(description))
        .layer(CompressionLayer::new())
}

async fn first(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    answer(&app, &headers, "index.html").await
}

async fn page(State(app): State<Arc<App>>, headers: HeaderMap, Path(path): Path<String>) -> Response {
    answer(&app, &headers, &path).await
}

async fn description(State(app): State<Arc<App>>, headers: HeaderMap, address: Uri) -> Response {
    answer(&app, &headers, address.path().trim_start_matches('/')).await
}

async fn answer(app: &App, request: &HeaderMap, path: &str) -> Response {
    let files = match app.reference.0.get_or_try_init(|| make(app)).await {
        Ok(files) => files,
        Err(error) => {
            tracing::error!(%error, "the reference could not be made");
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    };
    let Some(file) = files.get(path) else {
        return (StatusCode::NOT_FOUND, "The reference has no such page.\n").into_response();
    };
    // Another version of the program may be there tomorrow.
    let kept = [(header::CACHE_CONTROL, "no-cache"), (header::ETAG, file.tag.as_str())];
    if has_current(request, &file.tag) {
        return (StatusCode::NOT_MODIFIED, kept).into_response();
    }
    (kept, [(header::CONTENT_TYPE, media_type(path))], file.content.clone()).into_response()
}

async fn make(app: &App) -> anyhow::Result<HashMap<String, Served>> {
    let site = reference::make(&super::declared(&app.authority.settings().public_url).await?);
    let served = |file: reference::File| {
        let tag = format!("\"{:016x}\"", fnv_1a(file.content.as_bytes()));
        (file.path, Served { content: file.content.into(), tag })
    };
    Ok(html::files(&site).into_iter().map(served).collect())
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
