//! The state that all handlers share.

use std::sync::Arc;

use authority::Authority;
use axum::http::HeaderName;

use crate::http::{CrossOrigin, Proxies, SentForms};
use crate::metrics::Metrics;
use crate::rate_limit::RateLimits;
use crate::tasks::TaskStates;
use crate::upstream::Upstream;

/// The state that all handlers share. What one surface needs alone is its own state.
pub struct App {
    /// The rules and the registry.
    pub authority: Arc<Authority>,
    /// Whether the program runs with a demonstration world.
    pub demo: bool,
    /// The trusted proxies, whose headers name the address of a client.
    pub proxies: Proxies,
    /// The header in which they name the certificate of the client.
    pub client_certificate_header: Option<HeaderName>,
    /// The origins whose pages may call the OData service.
    pub cross_origin: CrossOrigin,
    /// The one-time forms that were sent.
    pub sent_forms: SentForms,
    /// The client of the OpenID providers at which users may sign in.
    pub upstream: Upstream,
    /// The rate limits of callers and networks.
    pub rate_limits: Arc<RateLimits>,
    /// The metrics registry.
    pub metrics: Metrics,
    /// The states of the background tasks.
    pub tasks: Arc<TaskStates>,
}

impl App {
    /// Returns whether browsers reach the program over TLS.
    pub fn is_secure(&self) -> bool {
        self.authority.settings().public_url.starts_with("https:")
    }
}
