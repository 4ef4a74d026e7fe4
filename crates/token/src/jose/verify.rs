//! Verification of tokens.

use super::{Algorithm, JoseError, PublicJwk};
use crate::digest;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ECDSA_P521_SHA512_FIXED, ED25519, ParsedPublicKey,
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512,
    RSA_PSS_2048_8192_SHA256, RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512, RsaParameters,
    RsaPublicKeyComponents, VerificationAlgorithm,
};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use std::fmt;

/// Maximum length of a token in bytes.
pub const MAX_TOKEN_LENGTH: usize = 16 * 1024;

/// A public key that verifies tokens, parsed once.
#[derive(Clone)]
pub struct VerifyKey {
    kid: String,
    alg: Algorithm,
    key: ParsedPublicKey,
}

#[cfg(test)]
thread_local! {
    /// Number of signatures that this thread has verified.
    pub(super) static VERIFIED: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

impl VerifyKey {
    /// Creates the key for its default algorithm, identified by its thumbprint.
    ///
    /// # Errors
    /// [`JoseError::Key`] if the point is not on the curve, or if an RSA key is too weak or too large.
    pub fn new(public: &PublicJwk) -> Result<Self, JoseError> {
        Self::for_algorithm(public, public.algorithm())
    }

    /// Creates the key for `alg` only.
    ///
    /// # Errors
    /// Like [`new`](Self::new); [`JoseError::Algorithm`] if the key cannot be used with `alg`.
    pub fn for_algorithm(public: &PublicJwk, alg: Algorithm) -> Result<Self, JoseError> {
        if !public.fits(alg) {
            return Err(JoseError::Algorithm);
        }
        let key = match public {
            PublicJwk::Ec { x, y, .. } => {
                // SEC 1 section 2.3.3: the encoding of an uncompressed point.
                let point = [&[4], x.as_slice(), y.as_slice()].concat();
                ParsedPublicKey::new(curve(alg)?, point)
            }
            PublicJwk::Rsa { n, e } => {
                check_rsa(n, e)?;
                RsaPublicKeyComponents { n, e }.to_parsed_public_key(rsa(alg)?)
            }
            PublicJwk::Ed25519 { x } => ParsedPublicKey::new(&ED25519, x),
        };
        let key = key.map_err(|_| JoseError::Key)?;
        Ok(Self { kid: public.thumbprint(), alg, key })
    }

    /// Sets the key identifier that the key's owner assigned.
    #[must_use]
    pub fn with_kid(self, kid: &str) -> Self {
        Self { kid: kid.to_owned(), ..self }
    }

    /// Returns the key identifier.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// Returns the algorithm of the signatures that the key verifies.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.alg
    }

    /// Verifies that `signature` is the signature of this key over `message`.
    pub(super) fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), JoseError> {
        #[cfg(test)]
        VERIFIED.with(|count| count.set(count.get() + 1));
        self.key.verify_sig(message, signature).map_err(|_| JoseError::Signature)
    }
}

impl fmt::Debug for VerifyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifyKey({}, {})", self.alg, self.kid)
    }
}

/// Checks the size of an RSA key: 2048 to 8192 bits (RFC 7518 section 3.3 requires the minimum), and an odd
/// exponent of 2 to 33 bits.
fn check_rsa(n: &[u8], e: &[u8]) -> Result<(), JoseError> {
    let bits =
        |number: &[u8]| number.len() * 8 - number.first().map_or(0, |byte| byte.leading_zeros() as usize);
    let odd = |number: &[u8]| number.last().is_some_and(|byte| byte % 2 == 1);
    let sane = (2048..=8192).contains(&bits(n)) && odd(n) && (2..=33).contains(&bits(e)) && odd(e);
    if sane { Ok(()) } else { Err(JoseError::Key) }
}

/// A token with valid signature, algorithm and type. The caller checks its times and its audience.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedJws<T> {
    /// Identifier of the key that signed the token.
    pub kid: String,
    /// Type in the header.
    pub typ: String,
    /// Claims.
    pub claims: T,
}

/// The header members that are read. `jku`, `x5u`, `x5c` and the like are ignored, because a token does not
/// choose its own key. `jwk` is read for proofs of possession only (RFC 9449).
#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    typ: Option<String>,
    jwk: Option<Value>,
    #[serde(default, deserialize_with = "is_there")]
    crit: bool,
}

/// A parsed compact JWS. Nothing of it is verified.
pub(crate) struct Parts<'a> {
    header: Header,
    message: &'a str,
    claims: Vec<u8>,
    signature: Vec<u8>,
}

impl<'a> Parts<'a> {
    /// Parses a token with one of the expected types.
    pub(crate) fn parse(token: &'a str, expected_typ: &[&str]) -> Result<Self, JoseError> {
        if token.len() > MAX_TOKEN_LENGTH {
            return Err(JoseError::TooLong);
        }
        let (message, signature) = token.rsplit_once('.').ok_or(JoseError::Malformed)?;
        let (header, claims) = message.split_once('.').ok_or(JoseError::Malformed)?;
        let (header, claims, signature) = (decode(header)?, decode(claims)?, decode(signature)?);
        let header: Header = object(&header).ok_or(JoseError::Malformed)?;
        if header.crit {
            return Err(JoseError::Critical);
        }
        let typ = header.typ.as_deref().unwrap_or_default();
        if !expected_typ.iter().any(|expected| same_type(typ, expected)) {
            return Err(JoseError::Type);
        }
        Ok(Self { header, message, claims, signature })
    }

    pub(super) fn alg(&self) -> &str {
        &self.header.alg
    }

    pub(super) fn kid(&self) -> Option<&str> {
        self.header.kid.as_deref()
    }

    pub(super) fn message(&self) -> &[u8] {
        self.message.as_bytes()
    }

    pub(super) fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// Returns the key of a proof of possession.
    pub(crate) fn jwk(&self) -> Option<&Value> {
        self.header.jwk.as_ref()
    }

    /// Returns the signature algorithm.
    pub(crate) fn algorithm(&self) -> Result<Algorithm, JoseError> {
        self.header.alg.parse()
    }

    /// Verifies the signature with the algorithm of `key`, and parses the claims.
    pub(crate) fn verify<T: DeserializeOwned>(self, key: &VerifyKey) -> Result<VerifiedJws<T>, JoseError> {
        if self.header.alg != key.alg.name() {
            return Err(JoseError::Algorithm);
        }
        key.verify(self.message.as_bytes(), &self.signature)?;
        self.claims(key.kid.clone())
    }

    /// Parses the claims. Call only after the signature was verified.
    pub(super) fn claims<T: DeserializeOwned>(self, kid: String) -> Result<VerifiedJws<T>, JoseError> {
        let claims = object(&self.claims).ok_or(JoseError::Claims)?;
        Ok(VerifiedJws { kid, typ: self.header.typ.unwrap_or_default(), claims })
    }
}

/// Verifies a compact JWS and parses its claims.
///
/// `keys` are the keys that may have signed the token. The key that the header names by `kid` is used, with
/// that key's own algorithm. The header's `typ` must be one of `expected_typ`, ignoring case and a leading
/// `application/` (RFC 7515 section 4.1.9). To parse the claims later, use `serde_json::Value` as their
/// type.
///
/// # Errors
/// [`JoseError`]. The claims are parsed only after the signature was verified.
pub fn verify<T: DeserializeOwned>(
    token: &str,
    keys: &[VerifyKey],
    expected_typ: &[&str],
) -> Result<VerifiedJws<T>, JoseError> {
    let parts = Parts::parse(token, expected_typ)?;
    let key = keys.iter().find(|key| Some(key.kid()) == parts.kid()).ok_or(JoseError::UnknownKey)?;
    parts.verify(key)
}

/// Returns the unverified subject (`sub`) of a token, to find the keys that can verify it.
#[must_use]
pub fn unverified_subject(token: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Subject {
        sub: String,
    }
    let claims = token.split('.').nth(1).filter(|_| token.len() <= MAX_TOKEN_LENGTH)?;
    object::<Subject>(&digest::from_base64url(claims)?).map(|claims| claims.sub)
}

fn curve(alg: Algorithm) -> Result<&'static dyn VerificationAlgorithm, JoseError> {
    match alg {
        Algorithm::Es256 => Ok(&ECDSA_P256_SHA256_FIXED),
        Algorithm::Es384 => Ok(&ECDSA_P384_SHA384_FIXED),
        Algorithm::Es512 => Ok(&ECDSA_P521_SHA512_FIXED),
        _ => Err(JoseError::Algorithm),
    }
}

fn rsa(alg: Algorithm) -> Result<&'static RsaParameters, JoseError> {
    match alg {
        Algorithm::Rs256 => Ok(&RSA_PKCS1_2048_8192_SHA256),
        Algorithm::Rs384 => Ok(&RSA_PKCS1_2048_8192_SHA384),
        Algorithm::Rs512 => Ok(&RSA_PKCS1_2048_8192_SHA512),
        Algorithm::Ps256 => Ok(&RSA_PSS_2048_8192_SHA256),
        Algorithm::Ps384 => Ok(&RSA_PSS_2048_8192_SHA384),
        Algorithm::Ps512 => Ok(&RSA_PSS_2048_8192_SHA512),
        _ => Err(JoseError::Algorithm),
    }
}

/// Parses a JSON object; serde would also accept an array for a struct.
fn object<T: DeserializeOwned>(json: &[u8]) -> Option<T> {
    let is_object = json.trim_ascii_start().first() == Some(&b'{');
    is_object.then(|| serde_json::from_slice(json).ok()).flatten()
}

fn decode(part: &str) -> Result<Vec<u8>, JoseError> {
    digest::from_base64url(part).ok_or(JoseError::Malformed)
}

fn same_type(typ: &str, expected: &str) -> bool {
    const MEDIA: &str = "application/";
    let short = match typ.split_at_checked(MEDIA.len()) {
        Some((media, rest)) if media.eq_ignore_ascii_case(MEDIA) => rest,
        _ => typ,
    };
    short.eq_ignore_ascii_case(expected)
}

/// Returns true for any value, including `null`; serde refuses duplicates.
fn is_there<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(deserializer).map(|_| true)
}
