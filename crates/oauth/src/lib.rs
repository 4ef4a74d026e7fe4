//! The OAuth and OpenID Connect endpoints that clients call, under `/id`. One file per endpoint has its declaration and
//! its handler.

mod answer;
mod backchannel_authentication;
mod client;
mod declaration;
mod device_authorization;
mod discovery;
mod introspect;
mod pushed_authorization;
mod registration;
mod revocation;
mod token;
mod user_info;

use std::time::Duration;

use axum::http::{HeaderName, Method, header};
use tower_http::cors::{Any, CorsLayer};
use web::http::{Endpoints, protected};

/// Returns the endpoints.
pub fn endpoints() -> Endpoints {
    // For clients in browsers; never where users sign in (RFC 9700, section 2.6).
    let cross_origin_endpoints = Endpoints::default()
        .add(&token::ENDPOINT, token::token)
        .add(&pushed_authorization::ENDPOINT, pushed_authorization::pushed_authorization)
        .add(&user_info::ENDPOINT, user_info::user_info)
        .add(&user_info::BY_POST, user_info::user_info)
        .add(&revocation::ENDPOINT, revocation::revocation)
        .add(&device_authorization::ENDPOINT, device_authorization::device_authorization)
        .add(&discovery::OPENID_CONFIGURATION, discovery::metadata)
        .add(&discovery::AUTHORIZATION_SERVER, discovery::metadata)
        .add(&discovery::JWKS, discovery::jwks)
        .merge(protected::endpoints());
    cross_origin_endpoints
        .layer(cross_origin())
        .add(&introspect::ENDPOINT, introspect::introspect)
        .add(&backchannel_authentication::ENDPOINT, backchannel_authentication::backchannel_authentication)
        .add(&registration::REGISTER, registration::register)
        .add(&registration::SHOW, registration::show)
        .add(&registration::REPLACE, registration::replace)
        .add(&registration::REMOVE, registration::remove)
}

/// Allows pages of every origin to call an endpoint (CORS). They send no cookies, so they receive nothing that their own
/// server could not request.
fn cross_origin() -> CorsLayer {
    let proof = HeaderName::from_static("dpop");
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE, proof])
        .expose_headers([header::WWW_AUTHENTICATE, HeaderName::from_static("dpop-nonce")])
        .max_age(Duration::from_secs(3600))
}
