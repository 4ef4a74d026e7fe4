//! Demonstrating Proof of Possession of a private key (DPoP, RFC 9449).

mod url;

use crate::digest;
use crate::jose::{JoseError, NumericDate, Parts, PublicJwk, VerifyKey};
use serde::Deserialize;

/// The request for which a proof must have been created.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// HTTP method of the request.
    pub method: &'a str,
    /// URL of the request; the query is ignored.
    pub url: &'a str,
    /// Access token of the request, if it has one.
    pub access_token: Option<&'a str>,
    /// Current time in seconds since 1970-01-01T00:00:00Z.
    pub now: i64,
}

/// A valid proof. The caller decides whether it was seen before and whether its nonce is valid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// JWK thumbprint of the key (RFC 7638), to which tokens are bound.
    pub thumbprint: String,
    /// Identifier (`jti`), unique per key.
    pub id: String,
    /// Nonce, if the proof has one.
    pub nonce: Option<String>,
    /// Expiry in seconds since 1970-01-01T00:00:00Z.
    pub expires: i64,
}

impl Proof {
    /// Returns the proof's own creation time (`iat`), in seconds since 1970-01-01T00:00:00Z.
    pub const fn issued(&self) -> i64 {
        self.expires - MAX_AGE
    }
}

/// Maximum age of a proof in seconds (RFC 9449 section 11.1).
pub const MAX_AGE: i64 = 120;
/// Maximum time in seconds that a proof may be ahead of the server's clock.
pub const MAX_AHEAD: i64 = 30;
/// Maximum length of the identifier and the nonce, in bytes.
const LONGEST: usize = 256;

/// A proof is refused. Messages never quote the proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The proof is not a signed token of the required type with a usable public key.
    #[error("the DPoP proof is malformed: {0}")]
    Token(#[from] JoseError),
    /// The proof was created for another method or URL.
    #[error("the DPoP proof is for another request")]
    OtherRequest,
    /// The proof is too old or in the future.
    #[error("the DPoP proof is too old or from the future")]
    Time,
    /// The proof was created for another access token, or for none.
    #[error("the DPoP proof is for another token")]
    OtherToken,
    /// The identifier is missing, or the identifier or the nonce has an invalid length.
    #[error("the DPoP proof has no usable identifier")]
    Identifier,
}

#[derive(Deserialize)]
struct Claims {
    jti: String,
    htm: String,
    htu: String,
    iat: NumericDate,
    ath: Option<String>,
    nonce: Option<String>,
}

/// Verifies a proof according to RFC 9449 section 4.3.
///
/// # Errors
/// [`ProofError`].
pub fn verify(proof: &str, expected: &Expected<'_>) -> Result<Proof, ProofError> {
    let parts = Parts::parse(proof, &["dpop+jwt"])?;
    let algorithm = parts.algorithm()?;
    let key = PublicJwk::from_public_json(parts.jwk().ok_or(JoseError::Key)?)?;
    let thumbprint = key.thumbprint();
    let claims: Claims = parts.verify(&VerifyKey::for_algorithm(&key, algorithm)?)?.claims;
    let asked = url::normalized(expected.url);
    if claims.htm != expected.method || asked.is_none() || url::normalized(&claims.htu) != asked {
        return Err(ProofError::OtherRequest);
    }
    let issued = claims.iat.seconds();
    if issued < expected.now - MAX_AGE || issued > expected.now + MAX_AHEAD {
        return Err(ProofError::Time);
    }
    let ath = expected.access_token.map(|token| digest::base64url(&digest::sha256(token.as_bytes())));
    if ath.is_some() && claims.ath != ath {
        return Err(ProofError::OtherToken);
    }
    let fits = |text: &str| (1..=LONGEST).contains(&text.len());
    if !fits(&claims.jti) || claims.nonce.as_deref().is_some_and(|nonce| !fits(nonce)) {
        return Err(ProofError::Identifier);
    }
    Ok(Proof { thumbprint, id: claims.jti, nonce: claims.nonce, expires: issued + MAX_AGE })
}

#[cfg(test)]
mod tests;
