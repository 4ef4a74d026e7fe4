//! Signing keys and signatures.

use super::{Algorithm, Curve, JoseError, PublicJwk, VerifyKey};
use crate::digest;
use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
};
use serde::Serialize;
use serde_json::Value;
use std::fmt;
use x509_cert::der::{self, Decode as _, Reader as _, SliceReader, asn1::UintRef};
use zeroize::Zeroizing;

/// A private key that signs tokens, parsed once.
pub struct SigningKey {
    pair: Pair,
    public: PublicJwk,
    verify_key: VerifyKey,
}

enum Pair {
    Es256(EcdsaKeyPair),
    Rs256(RsaKeyPair),
    EdDsa(Ed25519KeyPair),
}

#[derive(Serialize)]
struct Header<'a> {
    alg: &'static str,
    typ: &'a str,
    kid: &'a str,
}

impl SigningKey {
    /// Generates a key: P-256, Ed25519, or RSA with 2048 bits (slow).
    ///
    /// # Errors
    /// [`JoseError::Algorithm`] if the server does not sign with `alg`, [`JoseError::Crypto`] if the
    /// library fails.
    pub fn generate(alg: Algorithm) -> Result<Self, JoseError> {
        let pair = match alg {
            Algorithm::Es256 => EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).map(Pair::Es256),
            Algorithm::Rs256 => RsaKeyPair::generate(KeySize::Rsa2048).map(Pair::Rs256),
            Algorithm::EdDsa => Ed25519KeyPair::generate().map(Pair::EdDsa),
            _ => return Err(JoseError::Algorithm),
        };
        Self::new(pair.map_err(|_| JoseError::Crypto)?)
    }

    /// Parses the key that [`to_pkcs8`](Self::to_pkcs8) writes.
    ///
    /// # Errors
    /// [`JoseError::Key`] if it is not a key for `alg`: another curve, or RSA with less than 2048 bits.
    pub fn from_pkcs8(alg: Algorithm, pkcs8: &[u8]) -> Result<Self, JoseError> {
        let pair = match alg {
            Algorithm::Es256 => {
                EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8).map(Pair::Es256)
            }
            Algorithm::Rs256 => RsaKeyPair::from_pkcs8(pkcs8).map(Pair::Rs256),
            Algorithm::EdDsa => Ed25519KeyPair::from_pkcs8(pkcs8).map(Pair::EdDsa),
            _ => return Err(JoseError::Algorithm),
        };
        Self::new(pair.map_err(|_| JoseError::Key)?)
    }

    /// Returns the private key as unencrypted PKCS#8 (RFC 5208), to be sealed and stored.
    ///
    /// # Errors
    /// [`JoseError::Crypto`] if the library cannot encode it.
    pub fn to_pkcs8(&self) -> Result<Zeroizing<Vec<u8>>, JoseError> {
        let bytes = match &self.pair {
            Pair::Es256(pair) => pair.to_pkcs8v1().map(|document| document.as_ref().to_vec()),
            Pair::Rs256(pair) => pair.as_der().map(|document| document.as_ref().to_vec()),
            Pair::EdDsa(pair) => pair.to_pkcs8().map(|document| document.as_ref().to_vec()),
        };
        bytes.map(Zeroizing::new).map_err(|_| JoseError::Crypto)
    }

    fn new(pair: Pair) -> Result<Self, JoseError> {
        let public = match &pair {
            Pair::Es256(pair) => ec_public(pair)?,
            Pair::Rs256(pair) => rsa_public(pair).map_err(|_| JoseError::Key)?,
            Pair::EdDsa(pair) => {
                let x = pair.public_key().as_ref().try_into().map_err(|_| JoseError::Key)?;
                PublicJwk::Ed25519 { x }
            }
        };
        let verify_key = VerifyKey::new(&public)?;
        Ok(Self { pair, public, verify_key })
    }

    /// Returns the signature algorithm.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.public.algorithm()
    }

    /// Returns the key identifier: the thumbprint of the public key (RFC 7638).
    #[must_use]
    pub fn kid(&self) -> &str {
        self.verify_key.kid()
    }

    /// Returns the public key as the JWKS publishes it: `kty use alg kid` and `crv x y`, `n e` or `crv x`.
    #[must_use]
    pub fn public_jwk(&self) -> Value {
        self.public.to_json()
    }

    /// Returns the public key for verification.
    #[must_use]
    pub fn verify_key(&self) -> &VerifyKey {
        &self.verify_key
    }

    /// Creates a compact JWS of `claims` with the header `alg`, `typ` (such as `at+jwt`) and `kid`.
    ///
    /// # Errors
    /// [`JoseError::Claims`] if `claims` is not a JSON object, [`JoseError::Crypto`] if signing fails.
    pub fn sign(&self, typ: &str, claims: &impl Serialize) -> Result<String, JoseError> {
        let header = Header { alg: self.algorithm().name(), typ, kid: self.kid() };
        let header = serde_json::to_vec(&header).map_err(|_| JoseError::Claims)?;
        let claims = serde_json::to_vec(claims).map_err(|_| JoseError::Claims)?;
        if claims.first() != Some(&b'{') {
            return Err(JoseError::Claims);
        }
        let mut token = format!("{}.{}", digest::base64url(&header), digest::base64url(&claims));
        let signature = self.signature(token.as_bytes())?;
        token.push('.');
        token.push_str(&digest::base64url(&signature));
        Ok(token)
    }

    fn signature(&self, message: &[u8]) -> Result<Vec<u8>, JoseError> {
        let random = SystemRandom::new();
        match &self.pair {
            Pair::Es256(pair) => pair.sign(&random, message).map(|signature| signature.as_ref().to_vec()),
            Pair::Rs256(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature).map(|()| signature)
            }
            Pair::EdDsa(pair) => Ok(pair.sign(message).as_ref().to_vec()),
        }
        .map_err(|_| JoseError::Crypto)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({}, {})", self.algorithm(), self.kid())
    }
}

/// Reads the point of an uncompressed public key: 4, x, y (SEC 1 section 2.3.3).
fn ec_public(pair: &EcdsaKeyPair) -> Result<PublicJwk, JoseError> {
    let point = pair.public_key().as_ref();
    let Some((4, rest)) = point.split_first().map(|(form, rest)| (*form, rest)) else {
        return Err(JoseError::Key);
    };
    let (x, y) = rest.split_at_checked(32).ok_or(JoseError::Key)?;
    Ok(PublicJwk::Ec { curve: Curve::P256, x: x.to_vec(), y: y.to_vec() })
}

/// Reads an `RSAPublicKey`: modulus and exponent (RFC 8017, appendix A.1.1).
fn rsa_public(pair: &RsaKeyPair) -> Result<PublicJwk, der::Error> {
    let public_key = pair.public_key();
    SliceReader::new(public_key.as_ref())?.sequence(|fields| {
        let [n, e] = [UintRef::decode(fields)?, UintRef::decode(fields)?];
        Ok(PublicJwk::Rsa { n: n.as_bytes().to_vec(), e: e.as_bytes().to_vec() })
    })
}
