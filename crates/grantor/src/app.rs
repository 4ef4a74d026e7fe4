use std::sync::Arc;
use std::time::Duration;

use authority::Authority;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::routing::{get, post};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;

use crate::connections::keep_reserved;
use crate::metrics::{self, Metrics};
use crate::rate_limit::{RateLimits, limit_models};
use crate::supervisor::TaskStates;
use crate::upstream::Upstream;
use crate::{domain, gate, graphql, health, http, leaks, oauth, odata, pages, reference};

/// What every handler shares.
pub(crate) struct App {
    /// The rules and the registry.
    pub(crate) authority: Arc<Authority>,
    /// Whether the program runs with a demonstration world.
    pub(crate) demo: bool,
    /// The proxies whose word about a client's address is believed.
    pub(crate) proxies: http::Proxies,
    /// The header in which they name the certificate of the client.
    pub(crate) client_certificate_header: Option<HeaderName>,
    /// The forms that may be sent once and were.
    pub(crate) sent_forms: pages::SentForms,
    /// The OpenID providers at which people may sign in.
    pub(crate) upstream: Upstream,
    /// What answers GraphQL.
    pub(crate) graphql: graphql::Service,
    /// How much of the APIs callers and networks may use.
    pub(crate) rate_limits: Arc<RateLimits>,
    /// What is measured.
    pub(crate) metrics: Metrics,
    /// The state of the tasks that run beside the answers.
    pub(crate) tasks: Arc<TaskStates>,
    /// The reference, once somebody asked for it.
    pub(crate) reference: reference::Files,
}

impl App {
    /// Whether people reach the program over TLS.
    pub(crate) fn is_secure(&self) -> bool {
        self.authority.settings().public_url.starts_with("https:")
    }
}

/// The longest body of a request, in bytes.
const MAX_BODY: usize = 256 * 1024;
/// The longest time that a request may take.
const MAX_TIME: Duration = Duration::from_secs(30);

/// Every surface under its path.
pub(crate) fn router(app: Arc<App>) -> Router {
    // RFC 6797, section 7.2: not over plain http.
    let strict = app.is_secure().then(|| HeaderValue::from_static("max-age=31536000"));
    let authority = Arc::clone(&app.authority);
    let (counting, limiting) = (Arc::clone(&app), Arc::clone(&app));
    services()
        .merge(pages::router())
        .with_state(app)
        .layer(axum::middleware::from_fn_with_state(limiting, limit_models))
        .layer(axum::middleware::from_fn_with_state(
            Arc::clone(&authority),
            http::protected::point_to_metadata,
        ))
        .layer(axum::middleware::from_fn_with_state(authority, http::offer_nonce))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(axum::middleware::map_request(http::patient))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, MAX_TIME))
        .layer(CatchPanicLayer::custom(http::panicked))
        .layer(axum::middleware::map_request(http::one_host))
        .layer(axum::middleware::map_request(keep_reserved))
        .layer(axum::middleware::map_response(http::protect))
        .layer(SetResponseHeaderLayer::overriding(header::STRICT_TRANSPORT_SECURITY, strict))
        .layer(axum::middleware::from_fn_with_state(counting, http::log))
}

/// Every surface but the pages.
pub(crate) fn services() -> Router<Arc<App>> {
    let health = Router::new().route("/live", get(health::live)).route("/ready", get(health::ready));
    Router::new()
        .merge(oauth::router())
        .merge(odata::router())
        .merge(domain::router())
        .merge(graphql::router())
        .merge(gate::router())
        .route("/leaks", post(leaks::report))
        .nest("/health", health)
        .route(metrics::PATH, get(metrics::show))
        .merge(reference::router())
}
