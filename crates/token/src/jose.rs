//! Signed tokens: compact JWS (RFC 7515), and keys as JWK (RFC 7517).
//!
//! The server signs with ES256, RS256 and `EdDSA`. Tokens of other issuers may also be signed with RS, PS
//! and ES and longer hashes (RFC 7518 section 3, RFC 8037). Shared secrets are supported by [`verify_mac`]
//! only.
//!
//! Key pairs are parsed once and kept. Key generation and the nonces of ES256 signatures use the random
//! generator of the cryptographic library, because it accepts no other.
//!
//! ```
//! use serde_json::{Value, json};
//! use token::jose::{Algorithm, SigningKey, verify};
//!
//! let key = SigningKey::generate(Algorithm::Es256).unwrap();
//! let token = key.sign("at+jwt", &json!({"sub": "ada"})).unwrap();
//! let verified = verify::<Value>(&token, &[key.verify_key().clone()], &["at+jwt"]).unwrap();
//! assert_eq!(verified.claims["sub"], "ada");
//! assert!(verify::<Value>(&token, &[key.verify_key().clone()], &["id+jwt"]).is_err());
//! ```

mod decoy;
mod foreign;
mod jwk;
mod jwk_set;
mod mac;
mod numeric_date;
mod sign;
mod verify;

pub use foreign::verify_foreign;
pub use jwk::{Curve, PublicJwk};
pub use jwk_set::JwkSet;
pub use mac::{MacAlgorithm, verify_mac};
pub use numeric_date::NumericDate;
pub use sign::SigningKey;
pub(crate) use verify::Parts;
pub use verify::{MAX_TOKEN_LENGTH, VerifiedJws, VerifyKey, unverified_subject, verify};

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A signature algorithm. Neither `none` nor shared secrets are included.
///
/// ```
/// use token::jose::{Algorithm, JoseError};
///
/// assert_eq!("ES256".parse(), Ok(Algorithm::Es256));
/// assert_eq!("none".parse::<Algorithm>(), Err(JoseError::Algorithm));
/// assert_eq!("HS256".parse::<Algorithm>(), Err(JoseError::Algorithm));
/// ```
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
    /// All algorithms that can be verified.
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
    /// The algorithms with which the server signs.
    pub const OWN: [Self; 3] = [Self::Es256, Self::Rs256, Self::EdDsa];

    /// Returns the name in JOSE headers and metadata, such as `ES256`.
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

/// A key or token was refused or could not be created. Messages never quote the token or the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JoseError {
    /// The algorithm is unknown, or is not the algorithm of the key.
    #[error("the token is not signed with the algorithm of its key")]
    Algorithm,
    /// The key is malformed, too weak, or does not fit the algorithm.
    #[error("the key is malformed, too weak, or does not fit the algorithm")]
    Key,
    /// The library could not create the key or the signature.
    #[error("the key or the signature could not be created")]
    Crypto,
    /// The claims are not a JSON object.
    #[error("the claims are not a JSON object")]
    Claims,
    /// The token is longer than [`MAX_TOKEN_LENGTH`].
    #[error("the token is longer than {MAX_TOKEN_LENGTH} bytes")]
    TooLong,
    /// The token is not three parts of canonical base64url with a JSON header.
    #[error("the token is not a compact JWS")]
    Malformed,
    /// The token has a `crit` header, that is, extensions that must be understood. None are supported.
    #[error("the token requires unsupported extensions")]
    Critical,
    /// The `typ` header is missing or not an expected one.
    #[error("the token is not of the expected type")]
    Type,
    /// The token names no key, or a key that is not in the set.
    #[error("the token names no known key")]
    UnknownKey,
    /// The signature is not the key's signature of this token.
    #[error("the signature of the token is wrong")]
    Signature,
}

#[cfg(test)]
mod tests;
