//! OData over the registry, under `/api/domain/odata/`.

mod answer;
mod conditional;
mod grouped;
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

use crate::app::App;

/// The path of the service root, for the router and for addresses in answers alike.
pub(crate) const ROOT: &str = "/api/domain/odata";

/// The service. The path's own grammar is read by the `odata` crate, so every path comes here.
pub(crate) fn router() -> Router<Arc<App>> {
    Router::new()
        .route(ROOT, any(service::answer))
        .route(&format!("{ROOT}/"), any(service::answer))
        .route(&format!("{ROOT}/{{*path}}"), any(service::answer))
        .layer(CompressionLayer::new())
}
