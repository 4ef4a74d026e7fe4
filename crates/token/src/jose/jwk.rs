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

    /// Returns the length of a coordinate in bytes.
    const fn length(self) -> usize {
        match self {
            Self::P256 => 32,
            Self::P384 => 48,
            Self::P521 => 66,
        }
    }
}

/// The parameters of a public key.
///
/// ```
/// use serde_json::json;
/// use token::jose::{Algorithm, PublicJwk};
///
/// let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
/// let key = PublicJwk::from_json(&json!({"kty": "OKP", "crv": "Ed25519", "x": x})).unwrap();
/// assert_eq!(key.algorithm(), Algorithm::EdDsa);
/// // RFC 8037, appendix A.3.
/// assert_eq!(key.thumbprint(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublicJwk {
    /// A point on a curve (RFC 7518 section 6.2.1).
    Ec {
        /// Curve.
        curve: Curve,
        /// X coordinate, big-endian, of the curve's length.
        x: Vec<u8>,
        /// Y coordinate, big-endian, of the curve's length.
        y: Vec<u8>,
    },
    /// An RSA key (RFC 7518 section 6.3.1).
    Rsa {
        /// Modulus, big-endian, without leading zeros.
        n: Vec<u8>,
        /// Exponent, big-endian, without leading zeros.
        e: Vec<u8>,
    },
    /// An Ed25519 key (RFC 8037 section 2).
    Ed25519 {
        /// Public key.
        x: [u8; 32],
    },
}

/// The members that only private and shared keys have (RFC 7518 section 6).
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

impl PublicJwk {
    /// Parses a JWK. Other members are ignored, including private ones.
    ///
    /// # Errors
    /// [`JoseError::Key`] if it is not an RSA key in canonical form or a key on a supported curve, or if it
    /// declares encryption as its use or an algorithm that does not fit the key.
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

    /// Parses a JWK that a client presents as its public key.
    ///
    /// # Errors
    /// Like [`from_json`](Self::from_json), and [`JoseError::Key`] if the JWK has private members: a client
    /// that sends them has compromised the key.
    pub fn from_public_json(jwk: &Value) -> Result<Self, JoseError> {
        let key = Self::from_json(jwk)?;
        if PRIVATE.iter().any(|name| jwk.get(name).is_some()) { Err(JoseError::Key) } else { Ok(key) }
    }

    /// Returns the JWK that the JWKS publishes.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut jwk = self.required();
        jwk["use"] = json!("sig");
        jwk["alg"] = json!(self.algorithm().name());
        jwk["kid"] = json!(self.thumbprint());
        jwk
    }

    /// Returns the default algorithm of the key.
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

    /// Returns whether the key can be used with `algorithm`.
    #[must_use]
    pub fn fits(&self, algorithm: Algorithm) -> bool {
        use Algorithm::{Ps256, Ps384, Ps512, Rs256, Rs384, Rs512};
        let of_rsa = matches!(algorithm, Rs256 | Rs384 | Rs512 | Ps256 | Ps384 | Ps512);
        if matches!(self, Self::Rsa { .. }) { of_rsa } else { algorithm == self.algorithm() }
    }

    /// Returns the JWK thumbprint: the base64url of the SHA-256 of the required members, in the order of
    /// their names and without white space (RFC 7638 section 3).
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
            // RFC 8037 section 2 defines the required members.
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

/// Reads a coordinate, which has the curve's length including leading zeros (RFC 7518 section 6.2.1.2).
fn coordinate(jwk: &Value, name: &str, curve: Curve) -> Result<Vec<u8>, JoseError> {
    let bytes = bytes(jwk, name)?;
    if bytes.len() == curve.length() { Ok(bytes) } else { Err(JoseError::Key) }
}

/// Reads a Base64urlUInt, which has no leading zeros (RFC 7518 section 2).
fn number(jwk: &Value, name: &str) -> Result<Vec<u8>, JoseError> {
    let bytes = bytes(jwk, name)?;
    if bytes.first().is_some_and(|first| *first != 0) { Ok(bytes) } else { Err(JoseError::Key) }
}
