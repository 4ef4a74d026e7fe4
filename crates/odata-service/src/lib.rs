//! The registry as OData under `/api/domain/odata/`, and the description of its model.

mod answer;
mod conditional;
mod domain;
mod extent;
mod grouped;
mod headers;
mod page;
mod posted_query;
mod prefer;
mod read;
mod respond;
mod roots;
mod service;
mod stream;

use std::sync::Arc;

use axum::Router;
use axum::routing::any;
use tower_http::compression::CompressionLayer;
use web::App;
use web::http::paths::ODATA;

/// Returns the routes of the service and of the model's description. The `odata` crate parses the path below the root, so
/// one handler answers every path.
pub fn router() -> Router<Arc<App>> {
    Router::new()
        .route(ODATA, any(service::answer))
        .route(&format!("{ODATA}/"), any(service::answer))
        .route(&format!("{ODATA}/{{*path}}"), any(service::answer))
        .layer(CompressionLayer::new())
        .merge(domain::router())
}
