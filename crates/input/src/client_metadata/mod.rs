//! Client metadata (RFC 7591).

mod certificate;
mod certificates;
mod check;
mod policies;
mod schema;
mod words;

use std::collections::BTreeMap;

use model::entities::ClientType;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use token::jose::Algorithm;

pub use certificates::ClientCertificates;
pub use policies::{OWN, TokenExchange};
pub use schema::Schema;
pub use words::{AssertionAlgorithm, AuthMethod, ConsentPolicy, DeliveryMode, Jwks, SubjectType};

use crate::Invalid;

/// The client metadata that is read here, by the names of RFC 7591, OpenID Connect Registration 1.0, RFC 8705, RFC 9126
/// and RFC 9449; names that no standard has are marked as ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ClientMetadata {
    /// How the application proves who it is; none for the usual way of its type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_endpoint_auth_method: Option<AuthMethod>,
    /// The one algorithm of its assertions; none for every one that is supported.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_endpoint_auth_signing_alg: Option<AssertionAlgorithm>,
    /// Its public keys (RFC 7517, section 5).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jwks: Option<Jwks>,
    /// The one name by which its certificate is known, as one of five (RFC 8705, section 2.1.2): the whole subject.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls_client_auth_subject_dn: Option<String>,
    /// The same: the name of a host.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls_client_auth_san_dns: Option<String>,
    /// The same: a URI.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls_client_auth_san_uri: Option<String>,
    /// The same: an address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls_client_auth_san_ip: Option<String>,
    /// The same: an e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls_client_auth_san_email: Option<String>,
    /// Whether its tokens are bound to the certificate that it shows (RFC 8705, section 3.4).
    pub tls_client_certificate_bound_access_tokens: bool,
    /// Whether its tokens are always bound to a key (RFC 9449, section 5.2).
    pub dpop_bound_access_tokens: bool,
    /// Ours: whether its proofs of a key need a nonce of the server.
    pub require_dpop_nonce: bool,
    /// Whether it has to push its authorization requests (RFC 9126, section 6).
    pub require_pushed_authorization_requests: bool,
    /// The one algorithm of its signed requests; none for every one that is supported.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_object_signing_alg: Option<Algorithm>,
    /// Whether it has to sign its requests (RFC 9101, section 10.5).
    pub require_signed_request_object: bool,
    /// The types of details that its requests may have (RFC 9396, section 10).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub authorization_details_types: Vec<String>,
    /// Ours: what details of a type look like, by the type.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub authorization_details_schemas: BTreeMap<String, Schema>,
    /// Ours: whether it has to use PKCE. A confidential application may do without.
    pub require_pkce: bool,
    /// How its ID tokens are signed.
    pub id_token_signed_response_alg: Algorithm,
    /// How the answers of the userinfo endpoint are signed; none for plain JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub userinfo_signed_response_alg: Option<Algorithm>,
    /// How the answers of the introspection endpoint are signed, where it asks for that (RFC 9701, section 6).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub introspection_signed_response_alg: Option<Algorithm>,
    /// How the answers of the authorization endpoint are signed, where it asks for that (JARM).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorization_signed_response_alg: Option<Algorithm>,
    /// The type of subject identifiers.
    pub subject_type: SubjectType,
    /// Ours: the host for which pairwise names are made, where redirect URIs have several (instead of a
    /// `sector_identifier_uri`, which would have to be fetched).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sector_identifier: Option<String>,
    /// The maximum age of the sign-in, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_max_age: Option<i64>,
    /// Whether its ID tokens have `auth_time`.
    pub require_auth_time: bool,
    /// The authentication contexts that it asks for unless a request names others.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub default_acr_values: Vec<String>,
    /// The address that receives logout tokens (OpenID Connect Back-Channel Logout 1.0).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backchannel_logout_uri: Option<String>,
    /// Whether the session has to be named then.
    pub backchannel_logout_session_required: bool,
    /// The address that the browser of a user who signs out loads (OpenID Connect Front-Channel Logout 1.0).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frontchannel_logout_uri: Option<String>,
    /// Whether the session has to be named then.
    pub frontchannel_logout_session_required: bool,
    /// How it receives the result of back-channel requests; absent if it may not send any (OpenID CIBA, section 4).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backchannel_token_delivery_mode: Option<DeliveryMode>,
    /// The one algorithm of its requests for that, which it then has to sign.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backchannel_authentication_request_signing_alg: Option<Algorithm>,
    /// Extension: when users are asked for their consent.
    pub consent: ConsentPolicy,
    /// Ours: whether a refresh token is exchanged for a new one at each use. Only a confidential application may do without.
    pub refresh_token_rotation: bool,
    /// Ours: how long a refresh token lives that is not used, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token_lifetime: Option<i64>,
    /// Ours: how long after the sign-in the last refresh may be, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token_absolute_lifetime: Option<i64>,
    /// Ours: the services of others for which it may ask for tokens (RFC 8707).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<String>,
    /// Extension: the policy of token exchanges (RFC 8693); absent if it may not exchange tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_exchange: Option<TokenExchange>,
    /// Ours: the one other application that may act with its tokens (RFC 8693, section 4.4), by its client_id. Without it,
    /// the other one's policy alone counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub may_act: Option<String>,
    /// Extension: the users, by login or id, as which it may act by its own signature (RFC 7523, section 2.1). `*` means all
    /// users that it may sign in, except administrators.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub jwt_bearer_subjects: Vec<String>,
    /// Extension: whether it registered itself.
    pub registered_itself: bool,
    /// What is none of these. Refused where metadata are registered; a newer program may have stored it.
    #[serde(flatten, skip_serializing)]
    unknown: Map<String, Value>,
}

impl Default for ClientMetadata {
    fn default() -> Self {
        Self {
            token_endpoint_auth_method: None,
            token_endpoint_auth_signing_alg: None,
            jwks: None,
            tls_client_auth_subject_dn: None,
            tls_client_auth_san_dns: None,
            tls_client_auth_san_uri: None,
            tls_client_auth_san_ip: None,
            tls_client_auth_san_email: None,
            tls_client_certificate_bound_access_tokens: false,
            dpop_bound_access_tokens: false,
            require_dpop_nonce: false,
            require_pushed_authorization_requests: false,
            request_object_signing_alg: None,
            require_signed_request_object: false,
            authorization_details_types: Vec::new(),
            authorization_details_schemas: BTreeMap::new(),
            require_pkce: true,
            // OpenID Connect Registration 1.0, section 2.
            id_token_signed_response_alg: Algorithm::Rs256,
            userinfo_signed_response_alg: None,
            introspection_signed_response_alg: None,
            authorization_signed_response_alg: None,
            subject_type: SubjectType::Public,
            sector_identifier: None,
            default_max_age: None,
            require_auth_time: false,
            default_acr_values: Vec::new(),
            backchannel_logout_uri: None,
            backchannel_logout_session_required: false,
            frontchannel_logout_uri: None,
            frontchannel_logout_session_required: false,
            backchannel_token_delivery_mode: None,
            backchannel_authentication_request_signing_alg: None,
            consent: ConsentPolicy::Once,
            refresh_token_rotation: true,
            refresh_token_lifetime: None,
            refresh_token_absolute_lifetime: None,
            resources: Vec::new(),
            token_exchange: None,
            may_act: None,
            jwt_bearer_subjects: Vec::new(),
            registered_itself: false,
            unknown: Map::new(),
        }
    }
}

impl ClientMetadata {
    /// Reads the metadata of a registration, for a client of this type; `certificates` is whether the server knows client
    /// certificates.
    ///
    /// # Errors
    /// [`Invalid::Field`] if a member is unknown or not supported, or has an invalid value.
    pub fn register(
        members: &Map<String, Value>,
        client_type: ClientType,
        certificates: ClientCertificates,
    ) -> Result<Self, Invalid> {
        let metadata = check::read(members)?;
        check::check(&metadata, client_type, certificates)?;
        Ok(metadata)
    }

    /// Reads stored metadata, which were validated before. Members of a newer program are ignored.
    ///
    /// # Errors
    /// [`Invalid::Stored`] if they cannot be read. Callers must not continue with default metadata.
    pub fn stored(text: Option<&str>) -> Result<Self, Invalid> {
        let Some(text) = text else { return Ok(Self::default()) };
        serde_json::from_str(text).map_err(|error| Invalid::Stored(format!("client metadata: {error}")))
    }

    /// The text that the registry keeps: the members that differ from the default, none where none does.
    pub fn to_text(&self) -> Result<Option<String>, Invalid> {
        let (own, usual) = (serde_json::to_value(self)?, serde_json::to_value(Self::default())?);
        let Value::Object(mut own) = own else { return Ok(None) };
        own.retain(|name, value| usual.get(name) != Some(value));
        Ok(if own.is_empty() { None } else { Some(serde_json::to_string(&own)?) })
    }
}

#[cfg(test)]
mod tests;
