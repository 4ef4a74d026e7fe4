//! Keys of clients, and signatures with them, by independent code.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair,
};
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

/// An Ed25519 key pair.
pub struct Key(Ed25519KeyPair);

impl Key {
    pub fn generate() -> Self {
        Self(Ed25519KeyPair::generate().unwrap())
    }

    /// Returns the public key.
    pub fn jwk(&self) -> Value {
        json!({"kty": "OKP", "crv": "Ed25519", "x": base64url(self.0.public_key().as_ref())})
    }

    /// Returns its thumbprint (RFC 7638).
    pub fn thumbprint(&self) -> String {
        let x = base64url(self.0.public_key().as_ref());
        hash(&format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#))
    }

    /// Returns a compact JWS.
    pub fn sign(&self, header: &Value, claims: &Value) -> String {
        let message = unsigned(header, claims);
        let signature = self.0.sign(message.as_bytes());
        format!("{message}.{}", base64url(signature.as_ref()))
    }

    /// Returns a proof for a request (RFC 9449), with other members if given.
    pub fn proof(&self, method: &str, url: &str, token: Option<&str>, others: &[(&str, Value)]) -> String {
        let header = json!({"typ": "dpop+jwt", "alg": "EdDSA", "jwk": self.jwk()});
        let mut claims = json!({"jti": unique(), "htm": method, "htu": url, "iat": now()});
        if let Some(token) = token {
            claims["ath"] = json!(hash(token));
        }
        others.iter().for_each(|(name, value)| claims[*name] = value.clone());
        self.sign(&header, &claims)
    }
}

/// Signs a message.
type Sign = Box<dyn Fn(&[u8]) -> Vec<u8>>;

/// A key pair with its signature algorithm.
pub struct Signer {
    pub alg: &'static str,
    jwk: Value,
    sign: Sign,
}

impl Signer {
    /// Creates a P-256 key pair.
    pub fn es256() -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
        let jwk = json!({"kty": "EC", "crv": "P-256", "x": base64url(x), "y": base64url(y)});
        let sign = move |message: &[u8]| pair.sign(&SystemRandom::new(), message).unwrap().as_ref().to_vec();
        Self { alg: "ES256", jwk, sign: Box::new(sign) }
    }

    /// Creates an RSA key pair.
    pub fn rs256() -> Self {
        let pair = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
        let (n, e) = (pair.public_key().modulus(), pair.public_key().exponent());
        let (n, e) = (n.big_endian_without_leading_zero(), e.big_endian_without_leading_zero());
        let jwk = json!({"kty": "RSA", "n": base64url(n), "e": base64url(e)});
        let sign = move |message: &[u8]| {
            let mut signature = vec![0; pair.public_modulus_len()];
            pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature).unwrap();
            signature
        };
        Self { alg: "RS256", jwk, sign: Box::new(sign) }
    }

    /// Returns the public key.
    pub fn jwk(&self) -> &Value {
        &self.jwk
    }

    /// Returns a compact JWS.
    pub fn sign(&self, claims: &Value) -> String {
        let message = unsigned(&json!({ "alg": self.alg }), claims);
        let signature = (self.sign)(message.as_bytes());
        format!("{message}.{}", base64url(&signature))
    }
}

/// Returns header and claims of a JWS, before they are signed.
pub fn unsigned(header: &Value, claims: &Value) -> String {
    format!("{}.{}", base64url(header.to_string().as_bytes()), base64url(claims.to_string().as_bytes()))
}

pub fn base64url(bytes: &[u8]) -> String {
    BASE64URL_NOPAD.encode(bytes)
}

/// Returns the base64url of a SHA-256.
pub fn hash(text: &str) -> String {
    base64url(digest(&SHA256, text.as_bytes()).as_ref())
}

/// Returns the seconds since 1970.
#[allow(clippy::disallowed_methods, reason = "a client has a clock of its own")]
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

/// Returns the seconds since 1970, `seconds` from now, possibly with a fraction.
#[allow(clippy::disallowed_methods, reason = "a client has a clock of its own")]
pub fn later(seconds: f64) -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs_f64() + seconds
}

/// Returns a text that no other call returns.
pub fn unique() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    format!("{}-{}-{}", std::process::id(), now(), COUNT.fetch_add(1, Ordering::Relaxed))
}
