//! Tokens that were authenticated with a shared secret. Apart from the rest, so that a public key is never one.

use super::verify::Parts;
use super::{JoseError, VerifiedJws};
use aws_lc_rs::hmac;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// How a token is authenticated with a shared secret (RFC 7518 section 3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum MacAlgorithm {
    /// HMAC with SHA-256.
    #[serde(rename = "HS256")]
    Hs256,
    /// HMAC with SHA-384.
    #[serde(rename = "HS384")]
    Hs384,
    /// HMAC with SHA-512.
    #[serde(rename = "HS512")]
    Hs512,
}

impl MacAlgorithm {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Hs256, Self::Hs384, Self::Hs512];

    /// The name in JOSE headers and metadata.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hs256 => "HS256",
            Self::Hs384 => "HS384",
            Self::Hs512 => "HS512",
        }
    }

    const fn hmac(self) -> hmac::Algorithm {
        match self {
            Self::Hs256 => hmac::HMAC_SHA256,
            Self::Hs384 => hmac::HMAC_SHA384,
            Self::Hs512 => hmac::HMAC_SHA512,
        }
    }
}

/// Verifies a compact JWS that was made with a shared secret, and reads its claims. The header's `kid` does not count:
/// there is one secret. As to types, see [`verify_foreign`](super::verify_foreign).
///
/// # Errors
/// [`JoseError`]; [`JoseError::Key`] where the secret is shorter than the hash (RFC 7518 section 3.2).
pub fn verify_mac<T: DeserializeOwned>(
    token: &str,
    secret: &[u8],
    algorithms: &[MacAlgorithm],
    expected_typ: &[&str],
) -> Result<VerifiedJws<T>, JoseError> {
    let parts = Parts::parse(token, expected_typ)?;
    let algorithm = algorithms.iter().find(|algorithm| algorithm.name() == parts.alg());
    let hash = algorithm.ok_or(JoseError::Algorithm)?.hmac();
    if secret.len() < hash.digest_algorithm().output_len() {
        return Err(JoseError::Key);
    }
    let key = hmac::Key::new(hash, secret);
    hmac::verify(&key, parts.message(), parts.signature()).map_err(|_| JoseError::Signature)?;
    parts.claims(String::new())
}
