//! Signed tokens: compact JWS (RFC 7515) with ES256 and RS256 (RFC 7518 section 3), and the keys as JWK (RFC 7517).
//!
//! Key pairs are parsed once and kept. They, and the nonces inside ES256 signatures, are the one thing here that is
//! made with the cryptographic library's own generator: it takes no other.

mod jwk;
mod sign;
mod verify;

pub use jwk::PublicJwk;
pub use sign::SigningKey;
pub use verify::{MAX_TOKEN_LENGTH, VerifiedJws, VerifyKey, verify};

use std::fmt;
use std::str::FromStr;

/// How a token is signed. There is neither `none` nor a shared secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
}

impl Algorithm {
    /// The name in JOSE headers and metadata: `ES256`, `RS256`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::Rs256 => "RS256",
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
        [Self::Es256, Self::Rs256].into_iter().find(|alg| alg.name() == name).ok_or(JoseError::Algorithm)
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
