//! OData over the registry, under `/api/domain/odata/`.

mod answer;
mod conditional;
mod grouped;
mod headers;
mod page;
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

use crate::http::paths::ODATA;
use crate::state::App;

/// The service. The path's own grammar is read by the `odata` crate, so every path comes here.
pub(crate) fn router() -> Router<Arc<App>> {
    Router::new()
        .route(ODATA, any(service::answer))
        .route(&format!("{ODATA}/"), any(service::answer))
        .route(&format!("{ODATA}/{{*path}}"), any(service::answer))
        .layer(CompressionLayer::new())
}
