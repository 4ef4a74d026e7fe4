//! The public keys of somebody else.

use super::{Algorithm, JoseError, PublicJwk, VerifyKey};
use crate::digest;
use data_encoding::BASE64;
use serde_json::Value;

/// The public keys of somebody else, as they published them (RFC 7517 section 5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JwkSet(Vec<Member>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Member {
    kid: Option<String>,
    alg: Option<Algorithm>,
    key: PublicJwk,
    certificate: Option<[u8; 32]>,
}

/// How many keys a set may have.
const MOST: usize = 20;

impl JwkSet {
    /// Of somebody who has none.
    #[must_use]
    pub const fn none() -> Self {
        Self(Vec::new())
    }

    /// Reads a set. Keys for encryption are left out.
    ///
    /// # Errors
    /// [`JoseError::Key`] where it has no key for signatures or too many, where one is not usable, or where one has
    /// a private part.
    pub fn from_json(set: &Value) -> Result<Self, JoseError> {
        let keys = set.get("keys").and_then(Value::as_array).ok_or(JoseError::Key)?;
        let signing = keys.iter().filter(|key| key.get("use").is_none_or(|value| value != "enc"));
        let members = signing.map(Member::from_json).collect::<Result<Vec<_>, _>>()?;
        if (1..=MOST).contains(&members.len()) { Ok(Self(members)) } else { Err(JoseError::Key) }
    }

    /// Reads the set that a provider published. Keys that cannot be used are left out: others may use them (RFC 7517
    /// section 5).
    ///
    /// # Errors
    /// [`JoseError::Key`] where none is left, or too many are.
    pub fn published(set: &Value) -> Result<Self, JoseError> {
        let keys = set.get("keys").and_then(Value::as_array).ok_or(JoseError::Key)?;
        let signing = keys.iter().filter(|key| key.get("use").is_none_or(|value| value != "enc"));
        let members: Vec<_> = signing.filter_map(|key| Member::from_json(key).ok()).collect();
        if (1..=MOST).contains(&members.len()) { Ok(Self(members)) } else { Err(JoseError::Key) }
    }

    /// Whether some key of the set has this certificate (`x5c`), by the SHA-256 of its DER.
    #[must_use]
    pub fn has_certificate(&self, thumbprint: &[u8; 32]) -> bool {
        self.0.iter().any(|member| member.certificate.as_ref() == Some(thumbprint))
    }

    /// Whether any key of the set has a certificate.
    #[must_use]
    pub fn has_certificates(&self) -> bool {
        self.0.iter().any(|member| member.certificate.is_some())
    }

    /// The key that a token says it was signed with: by its name, or, where the token names none, the only one that
    /// can have been used.
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
        // A key that no signature could be verified with is refused here, not when it is needed.
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

/// The certificate of a key: the first of `x5c`, which is base64 with padding (RFC 7517 section 4.7).
fn certificate(jwk: &Value) -> Result<Option<[u8; 32]>, JoseError> {
    let Some(chain) = jwk.get("x5c") else { return Ok(None) };
    let first = chain.get(0).and_then(Value::as_str).ok_or(JoseError::Key)?;
    let der = BASE64.decode(first.as_bytes()).map_err(|_| JoseError::Key)?;
    Ok(Some(digest::sha256(&der)))
}
