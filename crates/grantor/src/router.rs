//! The router: every surface under its path.

use std::sync::Arc;

use axum::Router;
use web::http::Endpoints;
use web::{App, metrics, surround};

use crate::{forward_auth, health, leaks, reference};

/// Returns the router of all surfaces.
pub(crate) fn router(app: Arc<App>, graphql: Arc<graphql::Service>) -> Router {
    surround(endpoints(graphql), pages::router(), app)
}

/// Returns every endpoint, in the order of the reference. All other routes are pages.
pub(crate) fn endpoints(graphql: Arc<graphql::Service>) -> Endpoints {
    let described = Endpoints::default()
        .merge(pages::oauth::endpoints())
        .merge(oauth::endpoints())
        .merge(odata_service::endpoints())
        .merge(graphql::endpoints(graphql, pages::graphql::show))
        .merge(forward_auth::endpoints())
        .add(&leaks::ENDPOINT, leaks::report)
        .add(&health::LIVE, health::live)
        .add(&health::READY, health::ready)
        .add(&metrics::ENDPOINT, metrics::show);
    let reference = reference::endpoints(described.declared());
    described.merge(reference)
}
