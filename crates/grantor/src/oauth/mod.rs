//! The Identity Server's endpoints under `/id`.

mod answer;
mod client;
mod device_authorization;
mod discovery;
mod introspect;
mod revocation;
mod token;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use crate::app::App;

/// The paths of the endpoints, for the router and the metadata alike.
mod path {
    pub(super) const TOKEN: &str = "/id/connect/token";
    pub(super) const INTROSPECT: &str = "/id/connect/introspect";
    pub(super) const REVOCATION: &str = "/id/connect/revocation";
    pub(super) const DEVICE_AUTHORIZATION: &str = "/id/connect/deviceauthorization";
    pub(super) const JWKS: &str = "/id/.well-known/openid-configuration/jwks";
    pub(super) const OPENID_CONFIGURATION: &str = "/id/.well-known/openid-configuration";
    /// RFC 8414, section 3.1: the well-known part stands before the issuer's path.
    pub(super) const AUTHORIZATION_SERVER: &str = "/.well-known/oauth-authorization-server/id";
}

/// The endpoints.
pub(crate) fn router() -> Router<Arc<App>> {
    Router::new()
        .route(path::TOKEN, post(token::token))
        .route(path::INTROSPECT, post(introspect::introspect))
        .route(path::REVOCATION, post(revocation::revocation))
        .route(path::DEVICE_AUTHORIZATION, post(device_authorization::device_authorization))
        .route(path::JWKS, get(discovery::jwks))
        .route(path::OPENID_CONFIGURATION, get(discovery::metadata))
        .route(path::AUTHORIZATION_SERVER, get(discovery::metadata))
}
