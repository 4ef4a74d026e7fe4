use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smart_default::SmartDefault;

/// Connections
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize, SmartDefault)]
#[serde(default)]
pub struct ConnectionSettings {
    /// Maximum number of open connections. A new one replaces the one that has been idle longest. If none is idle, the
    /// response is 503. The default is below 1024, a common limit of open files (`ulimit -n`).
    #[default = 900]
    #[schemars(range(min = 1))]
    pub max_connections: u16,
    /// Maximum number of open connections from one address or one IPv6 /64. Does not apply to `trusted_proxies`.
    #[default = 300]
    #[schemars(range(min = 1))]
    pub max_connections_per_address: u16,
    /// Timeout of a new connection for its first complete request head, in seconds.
    #[default = 10]
    #[schemars(range(min = 1))]
    pub first_request_timeout: u16,
    /// Timeout of a connection for the complete head of its next request, in seconds. Set it longer than the idle timeout
    /// of the proxy in front, often 60, so that the proxy closes the connection first.
    #[default = 75]
    #[schemars(range(min = 1))]
    pub idle_timeout: u16,
}

impl ConnectionSettings {
    /// Returns the timeout for the first request head.
    pub(super) fn first_head(&self) -> Duration {
        Duration::from_secs(self.first_request_timeout.into())
    }

    /// Returns the timeout for a later request head, including the idle time before it.
    pub(super) fn idle(&self) -> Duration {
        Duration::from_secs(self.idle_timeout.into())
    }
}
