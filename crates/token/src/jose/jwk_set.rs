//! The public keys of another party.

use super::{Algorithm, JoseError, PublicJwk, VerifyKey};
use crate::digest;
use data_encoding::BASE64;
use serde_json::Value;

/// The public keys of another party, as published in its JWK set (RFC 7517 section 5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JwkSet(Vec<Member>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Member {
    kid: Option<String>,
    alg: Option<Algorithm>,
    key: PublicJwk,
    certificate: Option<[u8; 32]>,
}

/// Maximum number of keys in a set.
const MOST: usize = 20;

impl JwkSet {
    /// Returns the empty set.
    #[must_use]
    pub const fn empty() -> Self {
        Self(Vec::new())
    }

    /// Parses a set. Encryption keys are skipped.
    ///
    /// # Errors
    /// [`JoseError::Key`] if the set has no signature keys or too many, or if a key is unusable or has
    /// private members.
    pub fn from_json(set: &Value) -> Result<Self, JoseError> {
        let keys = set.get("keys").and_then(Value::as_array).ok_or(JoseError::Key)?;
        let signing = keys.iter().filter(|key| key.get("use").is_none_or(|value| value != "enc"));
        let members = signing.map(Member::from_json).collect::<Result<Vec<_>, _>>()?;
        if (1..=MOST).contains(&members.len()) { Ok(Self(members)) } else { Err(JoseError::Key) }
    }

    /// Parses the set of a provider. Unusable keys are skipped, because other parties may use them (RFC
    /// 7517 section 5).
    ///
    /// # Errors
    /// [`JoseError::Key`] if no usable key is left, or too many.
    pub fn from_provider_json(set: &Value) -> Result<Self, JoseError> {
        let keys = set.get("keys").and_then(Value::as_array).ok_or(JoseError::Key)?;
        let signing = keys.iter().filter(|key| key.get("use").is_none_or(|value| value != "enc"));
        let members: Vec<_> = signing.filter_map(|key| Member::from_json(key).ok()).collect();
        if (1..=MOST).contains(&members.len()) { Ok(Self(members)) } else { Err(JoseError::Key) }
    }

    /// Returns whether a key of the set has this certificate (`x5c`), given the SHA-256 of its DER
    /// encoding.
    #[must_use]
    pub fn has_certificate(&self, thumbprint: &[u8; 32]) -> bool {
        self.0.iter().any(|member| member.certificate.as_ref() == Some(thumbprint))
    }

    /// Returns whether any key of the set has a certificate.
    #[must_use]
    pub fn has_certificates(&self) -> bool {
        self.0.iter().any(|member| member.certificate.is_some())
    }

    /// Finds the key of a token: by its name or, if the token names none, the only one that fits the
    /// algorithm.
    pub(super) fn find(&self, kid: Option<&str>, alg: Algorithm) -> Result<VerifyKey, JoseError> {
        let named = |member: &&Member| kid.is_none() || member.kid.as_deref() == kid;
        if !self.0.iter().any(|member| named(&member)) {
            return Err(JoseError::UnknownKey);
        }
        let mut fitting = self.0.iter().filter(named).filter(|member| member.fits(alg));
        let member = fitting.next().ok_or(JoseError::Algorithm)?;
        if fitting.next().is_some() {
            return Err(JoseError::UnknownKey);
        }
        let key = VerifyKey::for_algorithm(&member.key, alg)?;
        Ok(member.kid.as_deref().map(|kid| key.clone().with_kid(kid)).unwrap_or(key))
    }
}

impl Member {
    fn from_json(jwk: &Value) -> Result<Self, JoseError> {
        let key = PublicJwk::from_public_json(jwk)?;
        // A key that cannot verify any signature is refused here, not when it is needed.
        VerifyKey::new(&key)?;
        let text = |name: &str| match jwk.get(name) {
            None => Ok(None),
            Some(value) => value.as_str().map(|text| Some(text.to_owned())).ok_or(JoseError::Key),
        };
        let alg = text("alg")?.map(|alg| alg.parse()).transpose()?;
        Ok(Self { kid: text("kid")?, alg, key, certificate: certificate(jwk)? })
    }

    fn fits(&self, alg: Algorithm) -> bool {
        self.key.fits(alg) && self.alg.is_none_or(|own| own == alg)
    }
}

/// Returns the thumbprint of a key's certificate: the first of `x5c`, which is base64 with padding (RFC
/// 7517 section 4.7).
fn certificate(jwk: &Value) -> Result<Option<[u8; 32]>, JoseError> {
    let Some(chain) = jwk.get("x5c") else { return Ok(None) };
    let first = chain.get(0).and_then(Value::as_str).ok_or(JoseError::Key)?;
    let der = BASE64.decode(first.as_bytes()).map_err(|_| JoseError::Key)?;
    Ok(Some(digest::sha256(&der)))
}
