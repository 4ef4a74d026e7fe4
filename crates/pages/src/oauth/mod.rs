//! The OAuth endpoints for browsers: authorization and logout.

mod authorize;
mod end_session;
mod prompt_marker;
mod response;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use web::App;
use web::http::paths::oauth as path;

/// Returns the routes.
pub fn router() -> Router<Arc<App>> {
    Router::new()
        .route(path::AUTHORIZE, get(authorize::show).post(authorize::posted))
        .route(path::DECIDE, post(authorize::decide))
        .route(path::END_SESSION, get(end_session::show).post(end_session::posted))
        .route(path::SIGN_OUT, post(end_session::confirmed))
}
