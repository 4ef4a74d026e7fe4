//! Tokens authenticated with a shared secret. Kept apart from signatures, so that a public key is never
//! used as a secret.

use super::verify::Parts;
use super::{JoseError, VerifiedJws};
use aws_lc_rs::hmac;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// A MAC algorithm (RFC 7518 section 3.2).
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
    /// All MAC algorithms.
    pub const ALL: [Self; 3] = [Self::Hs256, Self::Hs384, Self::Hs512];

    /// Returns the name in JOSE headers and metadata.
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

/// Verifies a compact JWS that is authenticated with a shared secret, and parses its claims. The header's
/// `kid` is ignored, because there is one secret. For types, see [`verify_foreign`](super::verify_foreign).
///
/// # Errors
/// [`JoseError`]; [`JoseError::Key`] if the secret is shorter than the hash (RFC 7518 section 3.2).
///
/// ```
/// use serde_json::Value;
/// use token::digest::{base64url, hmac_sha256};
/// use token::jose::{JoseError, MacAlgorithm, verify_mac};
///
/// let secret = [7; 32];
/// let message = format!("{}.{}", base64url(br#"{"alg":"HS256","typ":"JWT"}"#), base64url(br#"{"iss":"app"}"#));
/// let token = format!("{message}.{}", base64url(&hmac_sha256(&secret, message.as_bytes())));
/// let verified = verify_mac::<Value>(&token, &secret, &MacAlgorithm::ALL, &["jwt"]).unwrap();
/// assert_eq!(verified.claims["iss"], "app");
/// let refused = verify_mac::<Value>(&token, &secret[1..], &MacAlgorithm::ALL, &["jwt"]);
/// assert_eq!(refused.unwrap_err(), JoseError::Key);
/// ```
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
