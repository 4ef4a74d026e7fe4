//! Verifying tokens.

use super::{Algorithm, JoseError, JwkSet, PublicJwk, decoy};
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

/// The longest token that is looked at, in bytes.
pub const MAX_TOKEN_LENGTH: usize = 16 * 1024;

/// A public key that verifies tokens; parsed once.
#[derive(Clone)]
pub struct VerifyKey {
    kid: String,
    alg: Algorithm,
    key: ParsedPublicKey,
}

#[cfg(test)]
thread_local! {
    /// How many signatures this thread has looked at.
    pub(super) static VERIFIED: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

impl VerifyKey {
    /// The key of these numbers with the algorithm that such a key is used with, named by its thumbprint.
    ///
    /// # Errors
    /// [`JoseError::Key`]: no point on the curve, or an RSA key that is too weak or too large.
    pub fn new(public: &PublicJwk) -> Result<Self, JoseError> {
        Self::for_algorithm(public, public.algorithm())
    }

    /// The key of these numbers, for this algorithm alone.
    ///
    /// # Errors
    /// As [`new`](Self::new); [`JoseError::Algorithm`] where such a key cannot be used with it.
    pub fn for_algorithm(public: &PublicJwk, alg: Algorithm) -> Result<Self, JoseError> {
        if !public.fits(alg) {
            return Err(JoseError::Algorithm);
        }
        let key = match public {
            PublicJwk::Ec { x, y, .. } => {
                // SEC 1 section 2.3.3: the form of an uncompressed point.
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

    /// The same key under the name that its owner gave it.
    #[must_use]
    pub fn with_kid(self, kid: &str) -> Self {
        Self { kid: kid.to_owned(), ..self }
    }

    /// Its name.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The one algorithm that it verifies.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.alg
    }

    /// Whether `signature` is that of this key over `message`.
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

/// 2048 to 8192 bits (RFC 7518 section 3.3 asks for the former), and an odd exponent from 3 to 33 bits.
fn check_rsa(n: &[u8], e: &[u8]) -> Result<(), JoseError> {
    let bits =
        |number: &[u8]| number.len() * 8 - number.first().map_or(0, |byte| byte.leading_zeros() as usize);
    let odd = |number: &[u8]| number.last().is_some_and(|byte| byte % 2 == 1);
    let sane = (2048..=8192).contains(&bits(n)) && odd(n) && (2..=33).contains(&bits(e)) && odd(e);
    if sane { Ok(()) } else { Err(JoseError::Key) }
}

/// A token whose signature, algorithm and type were right. Its times and its audience are for the caller to judge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedJws<T> {
    /// The key that signed it.
    pub kid: String,
    /// Its type, as it stands in the header.
    pub typ: String,
    /// What it says.
    pub claims: T,
}

/// What is read of a header. `jku`, `x5u`, `x5c` and the like are not: a token does not choose its own key. `jwk` is
/// for the proofs that are about nothing but a key (RFC 9449), and nobody else looks at it.
#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    typ: Option<String>,
    jwk: Option<Value>,
    #[serde(default, deserialize_with = "is_there")]
    crit: bool,
}

/// A compact JWS taken apart. Nothing of it has been proven.
pub(crate) struct Parts<'a> {
    header: Header,
    message: &'a str,
    claims: Vec<u8>,
    signature: Vec<u8>,
}

impl<'a> Parts<'a> {
    /// Takes a token apart that is of one of these types.
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

    pub(super) fn message(&self) -> &[u8] {
        self.message.as_bytes()
    }

    pub(super) fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// The key that a proof is about.
    pub(crate) fn jwk(&self) -> Option<&Value> {
        self.header.jwk.as_ref()
    }

    /// The algorithm, where it is one of those with a public key.
    pub(crate) fn algorithm(&self) -> Result<Algorithm, JoseError> {
        self.header.alg.parse()
    }

    /// Verifies the signature with a key, by that key's own algorithm, and reads the claims.
    pub(crate) fn verify<T: DeserializeOwned>(self, key: &VerifyKey) -> Result<VerifiedJws<T>, JoseError> {
        if self.header.alg != key.alg.name() {
            return Err(JoseError::Algorithm);
        }
        key.verify(self.message.as_bytes(), &self.signature)?;
        self.claims(key.kid.clone())
    }

    /// Reads the claims, once the signature was found right.
    pub(super) fn claims<T: DeserializeOwned>(self, kid: String) -> Result<VerifiedJws<T>, JoseError> {
        let claims = object(&self.claims).ok_or(JoseError::Claims)?;
        Ok(VerifiedJws { kid, typ: self.header.typ.unwrap_or_default(), claims })
    }
}

/// Verifies a compact JWS and reads its claims.
///
/// `keys` are those that may have signed it; the one that the header names by `kid` is used, with that key's own
/// algorithm. The header's `typ` must be one of `expected_typ`, where case and a leading `application/` do not count
/// (RFC 7515 section 4.1.9). To take the claims apart later, ask for a `serde_json::Value`.
///
/// # Errors
/// [`JoseError`]; the claims are read after the signature was found right.
pub fn verify<T: DeserializeOwned>(
    token: &str,
    keys: &[VerifyKey],
    expected_typ: &[&str],
) -> Result<VerifiedJws<T>, JoseError> {
    let parts = Parts::parse(token, expected_typ)?;
    let kid = parts.header.kid.as_ref();
    let key = keys.iter().find(|key| Some(&key.kid) == kid).ok_or(JoseError::UnknownKey)?;
    parts.verify(key)
}

/// Verifies a compact JWS that somebody else signed, by one of the algorithms that they may use, and reads its claims.
///
/// As [`verify`], but for two things that others leave out: where the header has no `kid`, the only key that fits the
/// algorithm is used, and `""` among the expected types stands for none. Where no key fits, as much work is done as where one
/// does: the time does not tell whether, and for whom, there are keys.
///
/// # Errors
/// [`JoseError`]; the claims are read after the signature was found right.
pub fn verify_foreign<T: DeserializeOwned>(
    token: &str,
    keys: &JwkSet,
    algorithms: &[Algorithm],
    expected_typ: &[&str],
) -> Result<VerifiedJws<T>, JoseError> {
    let parts = Parts::parse(token, expected_typ)?;
    let alg = parts.algorithm()?;
    let may_be = algorithms.contains(&alg);
    let key = if may_be { keys.find(parts.header.kid.as_deref(), alg) } else { Err(JoseError::Algorithm) };
    match key {
        Ok(key) => parts.verify(&key),
        Err(error) => {
            decoy::work(&parts, alg);
            Err(error)
        }
    }
}

/// Whom a token claims to be about (`sub`), to find the keys with which that may be proven.
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

/// Reads a JSON object; serde would take an array for a struct too.
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

/// True for any value, `null` too; serde refuses a second one.
fn is_there<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(deserializer).map(|_| true)
}
