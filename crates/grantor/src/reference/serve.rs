//! The reference over HTTP: the pages under `/reference/`, and the machine-readable descriptions.

use std::sync::Arc;

use axum::extract::{Extension, Path, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use reference::http::{Answer, Body, Endpoint, Field, Kind, Method, Tag};
use tower_http::compression::CompressionLayer;
use web::App;
use web::http::Endpoints;
use web::http::etag::has_current;

use super::files::Files;

const UNCHANGED: Answer = Answer::empty(304, "The cached version is current (`If-None-Match`).");

const fn endpoint(path: &'static str, id: &'static str, summary: &'static str) -> Endpoint {
    Endpoint::new(Method::Get, path, Tag::Descriptions, id, summary)
}

const OPENAPI: Endpoint = Endpoint {
    answers: &[
        Answer::new(
            200,
            "OpenAPI 3.1.",
            Body::json(&[Field::required("openapi", Kind::Text, "The version of OpenAPI.")]),
        ),
        UNCHANGED,
    ],
    ..endpoint("/openapi.json", "openApi", "Describes the endpoints")
};

const ASYNCAPI: Endpoint = Endpoint {
    answers: &[
        Answer::new(
            200,
            "AsyncAPI 3.0.",
            Body::json(&[Field::required("asyncapi", Kind::Text, "The version of AsyncAPI.")]),
        ),
        UNCHANGED,
    ],
    ..endpoint("/asyncapi.json", "asyncApi", "Describes the messages that the program sends")
};

const CONFIGURATION: Endpoint = Endpoint {
    answers: &[
        Answer::new(
            200,
            "JSON Schema 2020-12.",
            Body::json(&[Field::required("$schema", Kind::Text, "The version of JSON Schema.")]),
        ),
        UNCHANGED,
    ],
    ..endpoint("/config.schema.json", "configurationSchema", "Describes the configuration")
};

const REFERENCE: Endpoint = Endpoint {
    answers: &[Answer::new(200, "The first page.", Body::text("text/html")), UNCHANGED],
    ..endpoint("/reference/", "reference", "Returns the first page of the reference")
};

const PAGE: Endpoint = Endpoint {
    parameters: &[Field::required("path", Kind::Text, "The path of the page.").in_path()],
    answers: &[
        Answer::new(200, "The page.", Body::text("text/html")),
        UNCHANGED,
        Answer::new(404, "The page does not exist.", Body::text("text/plain")),
    ],
    ..endpoint("/reference/{*path}", "referencePage", "Returns a page of the reference")
};

/// Returns the endpoints of the reference of the program, which has the `others` and itself. All of it is public.
pub(crate) fn endpoints(others: &[Endpoint]) -> Endpoints {
    let own = Endpoints::default()
        .add(&OPENAPI, description)
        .add(&ASYNCAPI, description)
        .add(&CONFIGURATION, description)
        .add(&REFERENCE, first)
        .add(&PAGE, page)
        .add_alias("/reference", &REFERENCE);
    let files = Files::new([others, own.declared()].concat());
    own.layer(Extension(Arc::new(files))).layer(CompressionLayer::new())
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
