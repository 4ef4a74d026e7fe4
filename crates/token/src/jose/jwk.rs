//! Public keys as JWK (RFC 7517), and their thumbprints (RFC 7638).

use super::{Algorithm, JoseError};
use crate::digest;
use serde_json::{Value, json};

/// An elliptic curve of ECDSA (RFC 7518 section 6.2.1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Curve {
    /// P-256.
    P256,
    /// P-384.
    P384,
    /// P-521.
    P521,
}

impl Curve {
    const ALL: [Self; 3] = [Self::P256, Self::P384, Self::P521];

    const fn name(self) -> &'static str {
        match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
            Self::P521 => "P-521",
        }
    }

    /// How long a coordinate is, in bytes.
    const fn length(self) -> usize {
        match self {
            Self::P256 => 32,
            Self::P384 => 48,
            Self::P521 => 66,
        }
    }
}

/// The numbers of a public key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublicJwk {
    /// A point on a curve (RFC 7518 section 6.2.1).
    Ec {
        /// The curve.
        curve: Curve,
        /// The x coordinate, big-endian, as long as the curve says.
        x: Vec<u8>,
        /// The y coordinate, big-endian, as long as the curve says.
        y: Vec<u8>,
    },
    /// An RSA key (RFC 7518 section 6.3.1).
    Rsa {
        /// The modulus, big-endian, without leading zeros.
        n: Vec<u8>,
        /// The exponent, big-endian, without leading zeros.
        e: Vec<u8>,
    },
    /// A key of Ed25519 (RFC 8037 section 2).
    Ed25519 {
        /// The key.
        x: [u8; 32],
    },
}

/// The members that only private and shared keys have (RFC 7518 section 6).
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

impl PublicJwk {
    /// Reads a JWK. Members that it does not need are ignored, private ones too.
    ///
    /// # Errors
    /// [`JoseError::Key`] when it is no public key of a curve that is known or of RSA in canonical form, or says that
    /// it is for encryption or for an algorithm that it cannot be used with.
    pub fn from_json(jwk: &Value) -> Result<Self, JoseError> {
        let key = match member(jwk, "kty")? {
            "EC" => {
                let name = member(jwk, "crv")?;
                let curve =
                    Curve::ALL.into_iter().find(|curve| curve.name() == name).ok_or(JoseError::Key)?;
                Self::Ec { curve, x: coordinate(jwk, "x", curve)?, y: coordinate(jwk, "y", curve)? }
            }
            "RSA" => Self::Rsa { n: number(jwk, "n")?, e: number(jwk, "e")? },
            "OKP" if member(jwk, "crv")? == "Ed25519" => {
                Self::Ed25519 { x: bytes(jwk, "x")?.try_into().map_err(|_| JoseError::Key)? }
            }
            _ => return Err(JoseError::Key),
        };
        let is_for_signing = jwk.get("use").is_none_or(|value| value == "sig");
        let fits = match jwk.get("alg") {
            None => true,
            Some(alg) => alg.as_str().and_then(|alg| alg.parse().ok()).is_some_and(|alg| key.fits(alg)),
        };
        if is_for_signing && fits { Ok(key) } else { Err(JoseError::Key) }
    }

    /// Reads a JWK that somebody shows as their public key.
    ///
    /// # Errors
    /// As [`from_json`](Self::from_json), and where it has a private part: whoever sends that has lost the key.
    pub fn from_public_json(jwk: &Value) -> Result<Self, JoseError> {
        let key = Self::from_json(jwk)?;
        if PRIVATE.iter().any(|name| jwk.get(name).is_some()) { Err(JoseError::Key) } else { Ok(key) }
    }

    /// Writes the JWK as the JWKS publishes it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut jwk = self.required();
        jwk["use"] = json!("sig");
        jwk["alg"] = json!(self.algorithm().name());
        jwk["kid"] = json!(self.thumbprint());
        jwk
    }

    /// The algorithm that such a key is used with unless another is said.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        match self {
            Self::Ec { curve: Curve::P256, .. } => Algorithm::Es256,
            Self::Ec { curve: Curve::P384, .. } => Algorithm::Es384,
            Self::Ec { curve: Curve::P521, .. } => Algorithm::Es512,
            Self::Rsa { .. } => Algorithm::Rs256,
            Self::Ed25519 { .. } => Algorithm::EdDsa,
        }
    }

    /// Whether such a key can be used with an algorithm.
    #[must_use]
    pub fn fits(&self, algorithm: Algorithm) -> bool {
        use Algorithm::{Ps256, Ps384, Ps512, Rs256, Rs384, Rs512};
        let of_rsa = matches!(algorithm, Rs256 | Rs384 | Rs512 | Ps256 | Ps384 | Ps512);
        if matches!(self, Self::Rsa { .. }) { of_rsa } else { algorithm == self.algorithm() }
    }

    /// The base64url of the SHA-256 of the required members, in the order of their names and without white space
    /// (RFC 7638 section 3).
    #[must_use]
    pub fn thumbprint(&self) -> String {
        let text = match self {
            Self::Ec { curve, x, y } => {
                let (crv, x, y) = (curve.name(), digest::base64url(x), digest::base64url(y));
                format!(r#"{{"crv":"{crv}","kty":"EC","x":"{x}","y":"{y}"}}"#)
            }
            Self::Rsa { n, e } => {
                let (n, e) = (digest::base64url(n), digest::base64url(e));
                format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#)
            }
            // RFC 8037 section 2 names the members that count.
            Self::Ed25519 { x } => {
                format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, digest::base64url(x))
            }
        };
        digest::base64url(&digest::sha256(text.as_bytes()))
    }

    fn required(&self) -> Value {
        match self {
            Self::Ec { curve, x, y } => {
                json!({"kty": "EC", "crv": curve.name(), "x": digest::base64url(x), "y": digest::base64url(y)})
            }
            Self::Rsa { n, e } => json!({"kty": "RSA", "n": digest::base64url(n), "e": digest::base64url(e)}),
            Self::Ed25519 { x } => json!({"kty": "OKP", "crv": "Ed25519", "x": digest::base64url(x)}),
        }
    }
}

fn member<'a>(jwk: &'a Value, name: &str) -> Result<&'a str, JoseError> {
    jwk.get(name).and_then(Value::as_str).ok_or(JoseError::Key)
}

fn bytes(jwk: &Value, name: &str) -> Result<Vec<u8>, JoseError> {
    digest::from_base64url(member(jwk, name)?).ok_or(JoseError::Key)
}

/// RFC 7518 section 6.2.1.2: as long as the curve says, leading zeros and all.
fn coordinate(jwk: &Value, name: &str, curve: Curve) -> Result<Vec<u8>, JoseError> {
    let bytes = bytes(jwk, name)?;
    if bytes.len() == curve.length() { Ok(bytes) } else { Err(JoseError::Key) }
}

/// RFC 7518 section 2, Base64urlUInt: no leading zeros.
fn number(jwk: &Value, name: &str) -> Result<Vec<u8>, JoseError> {
    let bytes = bytes(jwk, name)?;
    if bytes.first().is_some_and(|first| *first != 0) { Ok(bytes) } else { Err(JoseError::Key) }
}
