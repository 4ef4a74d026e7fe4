//! Proofs that a request comes from whoever holds a private key (DPoP, RFC 9449).

mod url;

use crate::digest;
use crate::jose::{JoseError, NumericDate, Parts, PublicJwk, VerifyKey};
use serde::Deserialize;

/// What a proof has to be about.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// The method of the request.
    pub method: &'a str,
    /// The address of the request; its query does not count.
    pub url: &'a str,
    /// The token that the request carries, where it carries one.
    pub access_token: Option<&'a str>,
    /// Now, in seconds since 1970.
    pub now: i64,
}

/// A proof that is right. Whether it was seen before, and whether its nonce is one of ours, is for the caller to judge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The thumbprint of the key (RFC 7638), to which tokens are bound.
    pub thumbprint: String,
    /// Its identifier (`jti`), which is there once for this key.
    pub id: String,
    /// The nonce that it carries.
    pub nonce: Option<String>,
    /// When nobody takes it any more, in seconds since 1970.
    pub expires: i64,
}

impl Proof {
    /// When it was made, as it says itself, in seconds since 1970.
    pub const fn issued(&self) -> i64 {
        self.expires - MAX_AGE
    }
}

/// How old a proof may be, in seconds (RFC 9449 section 11.1).
pub const MAX_AGE: i64 = 120;
/// How far in the future it may have been made: clocks differ.
pub const MAX_AHEAD: i64 = 30;
/// The longest identifier and nonce, in bytes.
const LONGEST: usize = 256;

/// Why a proof is refused. Never quotes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// It is not a signed token of the right type with a usable public key.
    #[error("the DPoP proof is not one: {0}")]
    Token(#[from] JoseError),
    /// It was made for another method or another address.
    #[error("the DPoP proof is for another request")]
    OtherRequest,
    /// It is too old, or from the future.
    #[error("the DPoP proof is too old or from the future")]
    Time,
    /// It was made for another token, or for none.
    #[error("the DPoP proof is for another token")]
    OtherToken,
    /// Its identifier or its nonce is missing or too long.
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

/// Checks a proof as RFC 9449 section 4.3 says.
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
