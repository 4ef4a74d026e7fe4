//! The middleware around all surfaces.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{from_fn_with_state, map_request, map_response};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;

use crate::connections::keep_reserved;
use crate::http::{self, Endpoints};
use crate::rate_limit::limit_models;
use crate::state::App;

/// The longest body of a request, in bytes.
const MAX_BODY: usize = 256 * 1024;
/// The longest time that a request may take.
const MAX_TIME: Duration = Duration::from_secs(30);

/// Returns the endpoints and pages with the middleware that every request passes.
pub fn surround(endpoints: Endpoints, pages: Router<Arc<App>>, app: Arc<App>) -> Router {
    // RFC 6797, section 7.2: not over plain http.
    let strict = app.is_secure().then(|| HeaderValue::from_static("max-age=31536000"));
    let authority = Arc::clone(&app.authority);
    let (counting, limiting, sharing) = (Arc::clone(&app), Arc::clone(&app), Arc::clone(&app));
    endpoints
        .into_router()
        .merge(pages)
        .with_state(app)
        .layer(from_fn_with_state(limiting, limit_models))
        .layer(from_fn_with_state(Arc::clone(&authority), http::protected::point_to_metadata))
        .layer(from_fn_with_state(authority, http::offer_nonce))
        .layer(from_fn_with_state(sharing, http::cross_origin))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(map_request(http::with_body_timeout))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, MAX_TIME))
        .layer(CatchPanicLayer::custom(http::panicked))
        .layer(map_request(http::one_host))
        .layer(map_request(keep_reserved))
        .layer(map_response(http::protect))
        .layer(SetResponseHeaderLayer::overriding(header::STRICT_TRANSPORT_SECURITY, strict))
        .layer(from_fn_with_state(counting, http::log))
}
