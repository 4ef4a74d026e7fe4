//! The router: every surface under its path.

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use web::App;
use web::http::paths;
use web::surround;

use crate::{forward_auth, health, leaks, reference};

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
        .merge(odata_service::router())
        .merge(graphql::router(graphql, pages::graphql::show))
        .merge(forward_auth::router())
        .route(paths::LEAKS, post(leaks::report))
        .nest(paths::HEALTH, health)
        .route(paths::METRICS, get(web::metrics::show))
        .merge(reference::router(Arc::default()))
}
