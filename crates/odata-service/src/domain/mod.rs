//! What programs ask before they ask for data: the model as JSON, and where the sites are.

mod auto_discovery;
mod members;
mod model_as_json;
mod repository;
mod words;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use tower_http::compression::CompressionLayer;
use web::App;
use web::http::paths::{AUTO_DISCOVERY, DOMAIN, TOOLS_AUTO_DISCOVERY};

/// The model under two names – as it is delivered and as it is here – and the list of the sites.
pub(crate) fn router() -> Router<Arc<App>> {
    Router::new()
        .route(&format!("{DOMAIN}/standardmodel"), get(model_as_json::standard))
        .route(&format!("{DOMAIN}/standardmodel/{{set}}"), get(model_as_json::standard_set))
        .route(&format!("{DOMAIN}/currentmodel"), get(model_as_json::current))
        .route(&format!("{DOMAIN}/currentmodel/{{set}}"), get(model_as_json::current_set))
        .route(AUTO_DISCOVERY, get(auto_discovery::answer))
        .route(TOOLS_AUTO_DISCOVERY, get(auto_discovery::answer))
        .layer(CompressionLayer::new())
}
