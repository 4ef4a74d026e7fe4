//! What an application may do with the tokens of others. No standard has names for it; all of it is off unless it is said.

use serde::{Deserialize, Serialize};

/// Which tokens an application may exchange, and for what (RFC 8693). Its own it may always make less of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TokenExchange {
    /// The other applications whose tokens it may exchange, by their client_id.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub subjects: Vec<String>,
    /// The services of others for which it may ask, by `resource` or `audience`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub audiences: Vec<String>,
    /// Whether the new token may pass for the user's own: otherwise it always says who acts.
    pub impersonation: bool,
}
