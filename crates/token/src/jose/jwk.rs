//! Public keys as JWK (RFC 7517), and their thumbprints (RFC 7638).

use super::{Algorithm, JoseError};
use crate::digest;
use serde_json::{Value, json};

/// The numbers of a public key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublicJwk {
    /// A point on P-256 (RFC 7518 section 6.2.1).
    Ec {
        /// The x coordinate, big-endian.
        x: [u8; 32],
        /// The y coordinate, big-endian.
        y: [u8; 32],
    },
    /// An RSA key (RFC 7518 section 6.3.1).
    Rsa {
        /// The modulus, big-endian, without leading zeros.
        n: Vec<u8>,
        /// The exponent, big-endian, without leading zeros.
        e: Vec<u8>,
    },
}

impl PublicJwk {
    /// Reads a JWK. Members that it does not need are ignored, private ones too.
    ///
    /// # Errors
    /// [`JoseError::Key`] when it is no public key of P-256 or RSA in canonical form, or says that it is for
    /// encryption or for another algorithm.
    pub fn from_json(jwk: &Value) -> Result<Self, JoseError> {
        let key = match member(jwk, "kty")? {
            "EC" if member(jwk, "crv")? == "P-256" => {
                Self::Ec { x: coordinate(jwk, "x")?, y: coordinate(jwk, "y")? }
            }
            "RSA" => Self::Rsa { n: number(jwk, "n")?, e: number(jwk, "e")? },
            _ => return Err(JoseError::Key),
        };
        let fits = |name, expected: &str| jwk.get(name).is_none_or(|value| value == expected);
        if fits("use", "sig") && fits("alg", key.algorithm().name()) { Ok(key) } else { Err(JoseError::Key) }
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

    /// The one algorithm that such a key is used with here.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        match self {
            Self::Ec { .. } => Algorithm::Es256,
            Self::Rsa { .. } => Algorithm::Rs256,
        }
    }

    /// The base64url of the SHA-256 of the required members, in the order of their names and without white space
    /// (RFC 7638 section 3).
    #[must_use]
    pub fn thumbprint(&self) -> String {
        let text = match self {
            Self::Ec { x, y } => {
                let (x, y) = (digest::base64url(x), digest::base64url(y));
                format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#)
            }
            Self::Rsa { n, e } => {
                let (n, e) = (digest::base64url(n), digest::base64url(e));
                format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#)
            }
        };
        digest::base64url(&digest::sha256(text.as_bytes()))
    }

    fn required(&self) -> Value {
        match self {
            Self::Ec { x, y } => {
                json!({"kty": "EC", "crv": "P-256", "x": digest::base64url(x), "y": digest::base64url(y)})
            }
            Self::Rsa { n, e } => json!({"kty": "RSA", "n": digest::base64url(n), "e": digest::base64url(e)}),
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
fn coordinate(jwk: &Value, name: &str) -> Result<[u8; 32], JoseError> {
    bytes(jwk, name)?.try_into().map_err(|_| JoseError::Key)
}

/// RFC 7518 section 2, Base64urlUInt: no leading zeros.
fn number(jwk: &Value, name: &str) -> Result<Vec<u8>, JoseError> {
    let bytes = bytes(jwk, name)?;
    if bytes.first().is_some_and(|first| *first != 0) { Ok(bytes) } else { Err(JoseError::Key) }
}
