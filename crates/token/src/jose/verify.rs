//! Verifying tokens.

use super::{Algorithm, JoseError, PublicJwk};
use crate::digest;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents,
};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Deserializer};
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

impl VerifyKey {
    /// The key of these numbers, named by their thumbprint.
    ///
    /// # Errors
    /// [`JoseError::Key`]: no point on the curve, or an RSA key that is too weak or too large.
    pub fn new(public: &PublicJwk) -> Result<Self, JoseError> {
        let key = match public {
            PublicJwk::Ec { x, y } => {
                let point = [&[4], x.as_slice(), y.as_slice()].concat();
                ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
            }
            PublicJwk::Rsa { n, e } => {
                check_rsa(n, e)?;
                RsaPublicKeyComponents { n, e }.to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256)
            }
        };
        let key = key.map_err(|_| JoseError::Key)?;
        Ok(Self { kid: public.thumbprint(), alg: public.algorithm(), key })
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

/// What is read of a header. `jku`, `x5u`, `jwk` and the like are not: a token does not choose its own key.
#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    typ: Option<String>,
    #[serde(default, deserialize_with = "is_there")]
    crit: bool,
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
    let typ = header.typ.filter(|typ| expected_typ.iter().any(|expected| same_type(typ, expected)));
    let typ = typ.ok_or(JoseError::Type)?;
    let key = keys.iter().find(|key| Some(&key.kid) == header.kid.as_ref()).ok_or(JoseError::UnknownKey)?;
    if header.alg != key.alg.name() {
        return Err(JoseError::Algorithm);
    }
    key.verify(message.as_bytes(), &signature)?;
    let claims = object(&claims).ok_or(JoseError::Claims)?;
    Ok(VerifiedJws { kid: key.kid.clone(), typ, claims })
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
