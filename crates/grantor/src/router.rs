//! The router: every surface under its path.

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use crate::http::paths;
use crate::layers::surround;
use crate::state::App;
use crate::{domain, forward_auth, graphql, health, leaks, metrics, oauth, odata, pages, reference};

/// Returns the router of all surfaces.
pub(crate) fn router(app: Arc<App>, graphql: Arc<graphql::Service>) -> Router {
    surround(services(graphql).merge(pages::router()), app)
}

/// Returns the routes that are no pages. The reference declares each of them.
pub(crate) fn services(graphql: Arc<graphql::Service>) -> Router<Arc<App>> {
    let health = Router::new().route("/live", get(health::live)).route("/ready", get(health::ready));
    Router::new()
        .merge(oauth::router())
        .merge(pages::oauth::router())
        .merge(odata::router())
        .merge(domain::router())
        .merge(graphql::router(graphql, pages::graphql::show))
        .merge(forward_auth::router())
        .route(paths::LEAKS, post(leaks::report))
        .nest(paths::HEALTH, health)
        .route(paths::METRICS, get(metrics::show))
        .merge(reference::router(Arc::default()))
}
