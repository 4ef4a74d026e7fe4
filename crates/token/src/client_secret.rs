//! The secrets of confidential applications (RFC 6749 section 2.3.1).

use crate::{Random, RandomError, digest, random};
use data_encoding::BASE64;
use std::fmt;
use std::str::FromStr;
use zeroize::Zeroizing;

/// Characters of a secret that we make: 43 of base62 are 256 bits.
const LENGTH: usize = 43;

/// A client secret that we made; shown once, in the answer that made it.
pub struct PlainSecret(Zeroizing<String>);

impl PlainSecret {
    /// A new one: 43 characters of base62.
    ///
    /// # Errors
    /// [`RandomError`] as `random` gives it.
    pub fn generate(random: &dyn Random) -> Result<Self, RandomError> {
        random::base62(random, LENGTH).map(Self)
    }

    /// A new one that is long enough for every MAC (RFC 7518 section 3.2): 86 characters of base62.
    ///
    /// # Errors
    /// [`RandomError`] as `random` gives it.
    pub fn for_macs(random: &dyn Random) -> Result<Self, RandomError> {
        random::base62(random, 2 * LENGTH).map(Self)
    }

    /// The text, for the answer that shows it once.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What is stored.
    #[must_use]
    pub fn hash(&self) -> SecretHash {
        SecretHash::of(&self.0)
    }
}

/// Whether a text has the form of a secret that we make. One that somebody chose may be guessed, and has another.
#[must_use]
pub fn has_form(text: &str) -> bool {
    [LENGTH, 2 * LENGTH].contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

impl fmt::Debug for PlainSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PlainSecret(..)")
    }
}

/// What is stored of a client secret: SHA-256, as text base64 with padding (44 characters).
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SecretHash([u8; 32]);

/// The text is not the base64 of 32 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a client secret is stored as base64(SHA-256(secret)): 44 characters, the last one `=`")]
pub struct SecretHashError;

impl SecretHash {
    /// The hash of a secret, ours or one that an administrator chose.
    #[must_use]
    pub fn of(secret: &str) -> Self {
        Self(digest::sha256(secret.as_bytes()))
    }

    /// Reads what `Display` writes.
    ///
    /// # Errors
    /// [`SecretHashError`] for any other text.
    pub fn parse(text: &str) -> Result<Self, SecretHashError> {
        let bytes = BASE64.decode(text.as_bytes()).map_err(|_| SecretHashError)?;
        bytes.try_into().map(Self).map_err(|_| SecretHashError)
    }

    /// A hash that no secret has (nobody knows an input that gives 32 zero bytes). Where the client is unknown or has
    /// no secret, verify against this: the refusal then costs the same work as that of a wrong secret.
    #[must_use]
    pub fn decoy() -> Self {
        Self([0; 32])
    }

    /// Whether `presented` is the secret, in constant time for its length.
    #[must_use]
    pub fn verify(&self, presented: &str) -> bool {
        digest::same(&self.0, &Self::of(presented).0)
    }
}

/// For storing it.
impl fmt::Display for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&BASE64.encode(&self.0))
    }
}

/// Hidden: a secret that somebody chose can be found from its hash by trying.
impl fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretHash(..)")
    }
}

impl FromStr for SecretHash {
    type Err = SecretHashError;

    fn from_str(text: &str) -> Result<Self, SecretHashError> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SystemRandom;

    #[test]
    fn a_made_secret_verifies_and_no_other_does() {
        let secret = PlainSecret::generate(&SystemRandom).unwrap();
        assert_eq!(secret.expose().len(), LENGTH);
        assert!(secret.expose().bytes().all(|byte| byte.is_ascii_alphanumeric()));
        let stored = SecretHash::parse(&secret.hash().to_string()).unwrap();
        assert!(stored.verify(secret.expose()));
        assert!(!stored.verify(PlainSecret::generate(&SystemRandom).unwrap().expose()));
        assert!(!stored.verify(&secret.expose()[1..]));
        assert!(!stored.verify(""));
        let long = PlainSecret::for_macs(&SystemRandom).unwrap();
        assert_eq!(long.expose().len(), 86);
        assert!(has_form(secret.expose()) && has_form(long.expose()));
        assert!(!has_form("") && !has_form("correct horse") && !has_form(&long.expose()[1..]));
    }

    #[test]
    fn is_stored_as_base64_of_sha256() {
        // FIPS 180-4: SHA-256("abc"), in base64.
        let text = "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=";
        assert_eq!(SecretHash::of("abc").to_string(), text);
        assert!(text.parse::<SecretHash>().unwrap().verify("abc"));
        for refused in ["", "abc", &text[..43], &text.replace('+', "-"), &text.replace("a0=", "a1=")] {
            assert_eq!(SecretHash::parse(refused), Err(SecretHashError), "{refused}");
        }
    }

    #[test]
    fn the_decoy_refuses() {
        for presented in ["", "abc", "\0\0\0\0", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="] {
            assert!(!SecretHash::decoy().verify(presented));
        }
    }

    #[test]
    fn debug_hides() {
        let secret = PlainSecret::generate(&SystemRandom).unwrap();
        assert_eq!(format!("{secret:?} {:?}", secret.hash()), "PlainSecret(..) SecretHash(..)");
    }
}
