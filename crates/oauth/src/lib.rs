//! The Identity Server's endpoints under `/id`.

mod answer;
mod backchannel_authentication;
mod client;
mod device_authorization;
mod discovery;
mod introspect;
mod pushed_authorization;
mod registration;
mod revocation;
mod token;
mod user_info;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::{HeaderName, Method, header};
use axum::routing::{get, post};
use tower_http::cors::{Any, CorsLayer};
use web::App;
use web::http::paths::oauth as path;
use web::http::protected;

/// The endpoints.
pub fn router() -> Router<Arc<App>> {
    // What applications in browsers need; never where somebody signs in (RFC 9700, section 2.6).
    let called = Router::new()
        .route(path::TOKEN, post(token::token))
        .route(path::PAR, post(pushed_authorization::pushed_authorization))
        .route(path::USER_INFO, get(user_info::user_info).post(user_info::user_info))
        .route(path::REVOCATION, post(revocation::revocation))
        .route(path::DEVICE_AUTHORIZATION, post(device_authorization::device_authorization))
        .route(path::JWKS, get(discovery::jwks))
        .route(path::OPENID_CONFIGURATION, get(discovery::metadata))
        .route(path::AUTHORIZATION_SERVER, get(discovery::metadata));
    let called = protected::metadata_paths()
        .fold(called, |router, path| router.route(&path, get(protected::metadata)));
    Router::new()
        .merge(called.layer(cross_origin()))
        .route(path::INTROSPECT, post(introspect::introspect))
        .route(path::BACKCHANNEL_AUTHENTICATION, post(backchannel_authentication::backchannel_authentication))
        .route(path::REGISTER, post(registration::register))
        .route(
            path::REGISTRATION,
            get(registration::show).put(registration::replace).delete(registration::remove),
        )
}

/// Lets pages of every origin call an endpoint (CORS). They send no cookies, so they learn nothing that they could not
/// ask for themselves.
fn cross_origin() -> CorsLayer {
    let proof = HeaderName::from_static("dpop");
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE, proof])
        .expose_headers([header::WWW_AUTHENTICATE, HeaderName::from_static("dpop-nonce")])
        .max_age(Duration::from_secs(3600))
}
