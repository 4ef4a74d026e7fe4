use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smart_default::SmartDefault;

/// Clients
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize, SmartDefault)]
#[serde(default)]
pub struct ClientSettings {
    /// Who can use dynamic client registration (RFC 7591).
    pub dynamic_registration: DynamicRegistration,
    /// Days after which a client that registered itself and was never used is removed. `0` turns this off.
    #[default = 30]
    pub unused_registration_days: u32,
    /// Whether a request with an unknown scope is refused. Otherwise, unknown scopes are ignored.
    pub strict_scopes: bool,
    /// Whether every DPoP proof needs a nonce of the server (RFC 9449, section 8).
    pub require_dpop_nonce: bool,
}

/// The callers that can register a client.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema, Serialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum DynamicRegistration {
    /// None. Administrators create clients in other ways.
    #[default]
    Off,
    /// A caller with a registration token of an administrator, or with an administrator's token with the scope `sec`.
    Token,
    /// Every caller.
    Open,
}
