//! Signed tokens: compact JWS (RFC 7515) and the keys as JWK (RFC 7517).
//!
//! We sign with ES256, RS256 and `EdDSA`; what others sign may also be RS, PS and ES with longer hashes (RFC 7518
//! section 3, RFC 8037). Shared secrets are in [`verify_mac`] alone.
//!
//! Key pairs are parsed once and kept. They, and the nonces inside ES256 signatures, are the one thing here that is
//! made with the cryptographic library's own generator: it takes no other.

mod decoy;
mod jwk;
mod jwk_set;
mod mac;
mod numeric_date;
mod sign;
mod verify;

pub use jwk::{Curve, PublicJwk};
pub use jwk_set::JwkSet;
pub use mac::{MacAlgorithm, verify_mac};
pub use numeric_date::NumericDate;
pub use sign::SigningKey;
pub(crate) use verify::Parts;
pub use verify::{MAX_TOKEN_LENGTH, VerifiedJws, VerifyKey, unverified_subject, verify, verify_foreign};

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// How a token is signed. There is neither `none` nor a shared secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    #[serde(rename = "RS256")]
    Rs256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    #[serde(rename = "RS384")]
    Rs384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    #[serde(rename = "RS512")]
    Rs512,
    /// RSASSA-PSS with SHA-256.
    #[serde(rename = "PS256")]
    Ps256,
    /// RSASSA-PSS with SHA-384.
    #[serde(rename = "PS384")]
    Ps384,
    /// RSASSA-PSS with SHA-512.
    #[serde(rename = "PS512")]
    Ps512,
    /// ECDSA on P-256 with SHA-256.
    #[serde(rename = "ES256")]
    Es256,
    /// ECDSA on P-384 with SHA-384.
    #[serde(rename = "ES384")]
    Es384,
    /// ECDSA on P-521 with SHA-512.
    #[serde(rename = "ES512")]
    Es512,
    /// Ed25519 (RFC 8037).
    #[serde(rename = "EdDSA")]
    EdDsa,
}

impl Algorithm {
    /// Every one that is verified.
    pub const ALL: [Self; 10] = [
        Self::Rs256,
        Self::Rs384,
        Self::Rs512,
        Self::Ps256,
        Self::Ps384,
        Self::Ps512,
        Self::Es256,
        Self::Es384,
        Self::Es512,
        Self::EdDsa,
    ];
    /// Those with which we sign.
    pub const OWN: [Self; 3] = [Self::Es256, Self::Rs256, Self::EdDsa];

    /// The name in JOSE headers and metadata, such as `ES256`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Rs384 => "RS384",
            Self::Rs512 => "RS512",
            Self::Ps256 => "PS256",
            Self::Ps384 => "PS384",
            Self::Ps512 => "PS512",
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::Es512 => "ES512",
            Self::EdDsa => "EdDSA",
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Algorithm {
    type Err = JoseError;

    fn from_str(name: &str) -> Result<Self, JoseError> {
        Self::ALL.into_iter().find(|alg| alg.name() == name).ok_or(JoseError::Algorithm)
    }
}

/// Why a key or a token was refused, or could not be made. Never quotes the token or the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JoseError {
    /// The algorithm is not one of ours, or not the one of the key.
    #[error("the token is not signed with the algorithm of its key")]
    Algorithm,
    /// The key is malformed, too weak, or of another algorithm.
    #[error("the key is malformed, too weak, or not one for this algorithm")]
    Key,
    /// The library could not make the key or the signature.
    #[error("the key or the signature could not be made")]
    Crypto,
    /// The claims are not a JSON object.
    #[error("the claims are not a JSON object")]
    Claims,
    /// The token is longer than any token may be.
    #[error("the token is longer than {MAX_TOKEN_LENGTH} bytes")]
    TooLong,
    /// It is not three parts of canonical base64url with a JSON header.
    #[error("the token is not a compact JWS")]
    Malformed,
    /// It has a `crit` header: extensions that must be understood. None is.
    #[error("the token requires extensions that are not understood")]
    Critical,
    /// Its `typ` header is missing or not an expected one.
    #[error("the token is not of the expected type")]
    Type,
    /// It names no key, or one that is not among the given ones.
    #[error("the token names no known key")]
    UnknownKey,
    /// The signature is not that of the key over this token.
    #[error("the signature of the token is wrong")]
    Signature,
}

#[cfg(test)]
mod tests;
