//! Policies of trust: what a client may do with the tokens of others (extensions that are off by default), and which metadata
//! a client that registers itself may have.

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
    /// Whether the new token may have no actor (impersonation). Otherwise it always has one.
    pub impersonation: bool,
}

/// The metadata that an application may set for itself; what is not understood is ignored (RFC 7591, section 2), and what
/// is a matter of trust is not its own to set.
pub const OWN: [&str; 26] = [
    "token_endpoint_auth_method",
    "token_endpoint_auth_signing_alg",
    "jwks",
    "tls_client_auth_subject_dn",
    "tls_client_auth_san_dns",
    "tls_client_auth_san_uri",
    "tls_client_auth_san_ip",
    "tls_client_auth_san_email",
    "tls_client_certificate_bound_access_tokens",
    "dpop_bound_access_tokens",
    "require_pushed_authorization_requests",
    "request_object_signing_alg",
    "require_signed_request_object",
    "authorization_details_types",
    "id_token_signed_response_alg",
    "userinfo_signed_response_alg",
    "introspection_signed_response_alg",
    "authorization_signed_response_alg",
    "subject_type",
    "default_max_age",
    "require_auth_time",
    "default_acr_values",
    "backchannel_logout_uri",
    "backchannel_logout_session_required",
    "frontchannel_logout_uri",
    "frontchannel_logout_session_required",
];
