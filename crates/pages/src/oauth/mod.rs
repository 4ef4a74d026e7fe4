//! The OAuth endpoints for browsers: authorization and logout.

mod authorize;
mod declaration;
mod end_session;
mod prompt_marker;
mod response;

use std::sync::Arc;

use axum::Router;
use axum::routing::post;
use web::App;
use web::http::Endpoints;

/// Returns the endpoints.
pub fn endpoints() -> Endpoints {
    Endpoints::default()
        .add(&authorize::ENDPOINT, authorize::show)
        .add(&authorize::BY_FORM, authorize::posted)
        .add(&end_session::ENDPOINT, end_session::show)
        .add(&end_session::BY_FORM, end_session::posted)
}

/// Returns the targets of the forms on their pages.
pub(super) fn forms() -> Router<Arc<App>> {
    Router::new()
        .route("/id/connect/authorize/decide", post(authorize::decide))
        .route("/id/connect/endsession/confirm", post(end_session::confirmed))
}
