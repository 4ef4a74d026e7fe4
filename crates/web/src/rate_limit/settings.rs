use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smart_default::SmartDefault;

use super::RateLimits;

/// Rate limits
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize, SmartDefault)]
#[serde(default)]
pub struct RateLimitSettings {
    /// Points per minute that a token or a session of the pages can use of OData and GraphQL: OData costs a point for each
    /// request and each row, GraphQL the cost of its operations. `0` turns the limit off.
    #[default = 600_000]
    pub api_rate_limit: u64,
    /// Points per minute for all requests of one network: an IPv4 address, or an IPv6 network of 64 bits. `0` turns the
    /// limit off. Behind a proxy that is not in `trusted_proxies`, all clients share one network.
    #[default = 2_400_000]
    pub api_network_rate_limit: u64,
    /// Number of programs that serve the same registry. Each of them allows its share of `api_rate_limit` and
    /// `api_network_rate_limit`.
    #[default = 1]
    #[schemars(range(min = 1))]
    pub nodes: u32,
}

impl RateLimitSettings {
    /// Creates this program's share of the rate limits.
    pub fn limits(&self) -> RateLimits {
        let share = |points: u64| points.div_ceil(self.nodes.max(1).into());
        RateLimits::new(share(self.api_rate_limit), share(self.api_network_rate_limit))
    }
}
