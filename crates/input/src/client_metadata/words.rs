//! The values that members of the metadata can have.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use token::jose::{Algorithm, JwkSet, MacAlgorithm};

use crate::ClientCertificates;

/// How an application proves who it is (RFC 7591, section 2; RFC 8705; OpenID Connect Core 1.0, section 9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuthMethod {
    /// It does not: it is public.
    None,
    /// By its secret, with HTTP Basic.
    ClientSecretBasic,
    /// By its secret, in the form.
    ClientSecretPost,
    /// By a token that it authenticates with its secret.
    ClientSecretJwt,
    /// By a token that it signs with its private key.
    PrivateKeyJwt,
    /// By a certificate that an authority issued to it.
    TlsClientAuth,
    /// By a certificate that it registered.
    SelfSignedTlsClientAuth,
}

impl AuthMethod {
    /// The name in metadata.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::ClientSecretBasic => "client_secret_basic",
            Self::ClientSecretPost => "client_secret_post",
            Self::ClientSecretJwt => "client_secret_jwt",
            Self::PrivateKeyJwt => "private_key_jwt",
            Self::TlsClientAuth => "tls_client_auth",
            Self::SelfSignedTlsClientAuth => "self_signed_tls_client_auth",
        }
    }

    /// Every one that is offered; those with certificates only where the server is told of them.
    pub fn offered(certificates: ClientCertificates) -> impl Iterator<Item = Self> {
        let all = [
            Self::ClientSecretBasic,
            Self::ClientSecretPost,
            Self::None,
            Self::ClientSecretJwt,
            Self::PrivateKeyJwt,
            Self::SelfSignedTlsClientAuth,
            Self::TlsClientAuth,
        ];
        all.into_iter().filter(move |method| match method {
            Self::SelfSignedTlsClientAuth => certificates.are_shown(),
            Self::TlsClientAuth => certificates == ClientCertificates::Checked,
            _ => true,
        })
    }

    /// Whether the application has a secret for it.
    #[must_use]
    pub const fn has_secret(self) -> bool {
        matches!(self, Self::ClientSecretBasic | Self::ClientSecretPost | Self::ClientSecretJwt)
    }
}

/// The algorithm of an assertion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum AssertionAlgorithm {
    /// With a private key.
    Signed(Algorithm),
    /// With a shared secret.
    Shared(MacAlgorithm),
}

/// How the people who sign in are named to an application (OpenID Connect Core 1.0, section 8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SubjectType {
    /// By the same name as to others.
    Public,
    /// By a name of their own.
    Pairwise,
}

/// How an application learns what a person decided (OpenID CIBA, section 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeliveryMode {
    /// It asks.
    Poll,
}

impl DeliveryMode {
    /// Every one that is offered, by its name.
    pub const OFFERED: [&str; 1] = ["poll"];
}

/// When people are asked whether they agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ConsentPolicy {
    /// At each sign-in.
    Always,
    /// Once; what they agreed to is remembered.
    Once,
    /// Never: the application belongs to the house.
    Never,
}

/// The public keys of an application: what was registered, and the same parsed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Value", into = "Value")]
pub struct Jwks {
    json: Value,
    /// The keys.
    pub keys: JwkSet,
}

impl TryFrom<Value> for Jwks {
    type Error = token::jose::JoseError;

    fn try_from(json: Value) -> Result<Self, Self::Error> {
        Ok(Self { keys: JwkSet::from_json(&json)?, json })
    }
}

impl From<Jwks> for Value {
    fn from(jwks: Jwks) -> Self {
        jwks.json
    }
}
