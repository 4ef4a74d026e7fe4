//! Secrets of confidential clients (RFC 6749 section 2.3.1).

use crate::{Random, RandomError, digest, random};
use data_encoding::BASE64;
use std::fmt;
use std::str::FromStr;
use zeroize::Zeroizing;

/// Length of a generated secret in characters: 43 of base62 are 256 bits.
const LENGTH: usize = 43;

/// A generated client secret, shown once, in the response to the request that created it.
pub struct PlainSecret(Zeroizing<String>);

impl PlainSecret {
    /// Generates a secret of 43 characters of base62.
    ///
    /// # Errors
    /// [`RandomError`] if `random` fails.
    ///
    /// ```
    /// use token::SystemRandom;
    /// use token::client_secret::{PlainSecret, SecretHash};
    ///
    /// let secret = PlainSecret::generate(&SystemRandom).unwrap();
    /// let stored = secret.hash().to_string();
    /// assert!(SecretHash::parse(&stored).unwrap().verify(secret.expose()));
    /// ```
    pub fn generate(random: &dyn Random) -> Result<Self, RandomError> {
        random::base62(random, LENGTH).map(Self)
    }

    /// Generates a secret that is long enough for all MACs (RFC 7518 section 3.2): 86 characters of base62.
    ///
    /// # Errors
    /// [`RandomError`] if `random` fails.
    pub fn for_macs(random: &dyn Random) -> Result<Self, RandomError> {
        random::base62(random, 2 * LENGTH).map(Self)
    }

    /// Returns the text, for the response that shows it once.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Returns the hash to store.
    #[must_use]
    pub fn hash(&self) -> SecretHash {
        SecretHash::new(&self.0)
    }
}

/// Returns whether a text has the form of a generated secret. Secrets chosen by administrators may be
/// guessable and have another form.
///
/// ```
/// use token::client_secret::has_generated_form;
///
/// assert!(has_generated_form(&"a".repeat(43)));
/// assert!(!has_generated_form("correct horse"));
/// ```
#[must_use]
pub fn has_generated_form(text: &str) -> bool {
    [LENGTH, 2 * LENGTH].contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

impl fmt::Debug for PlainSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PlainSecret(..)")
    }
}

/// The stored form of a client secret: SHA-256, displayed as base64 with padding (44 characters).
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SecretHash([u8; 32]);

/// The text is not the base64 form of 32 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a client secret is stored as base64(SHA-256(secret)): 44 characters, the last one `=`")]
pub struct SecretHashError;

impl SecretHash {
    /// Hashes a secret, whether generated or chosen by an administrator.
    #[must_use]
    pub fn new(secret: &str) -> Self {
        Self(digest::sha256(secret.as_bytes()))
    }

    /// Parses the text that `Display` writes.
    ///
    /// # Errors
    /// [`SecretHashError`] for any other text.
    ///
    /// ```
    /// use token::client_secret::SecretHash;
    ///
    /// let stored = "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=";
    /// assert!(SecretHash::parse(stored).unwrap().verify("abc"));
    /// assert!(SecretHash::parse("abc").is_err());
    /// ```
    pub fn parse(text: &str) -> Result<Self, SecretHashError> {
        let bytes = BASE64.decode(text.as_bytes()).map_err(|_| SecretHashError)?;
        bytes.try_into().map(Self).map_err(|_| SecretHashError)
    }

    /// Returns a hash that no secret has (no input with 32 zero bytes as its hash is known). If the client
    /// is unknown or has no secret, verify against this hash, so that the refusal takes as long as that of
    /// a wrong secret.
    #[must_use]
    pub fn decoy() -> Self {
        Self([0; 32])
    }

    /// Returns whether `presented` is the secret. The time depends on its length only.
    #[must_use]
    pub fn verify(&self, presented: &str) -> bool {
        digest::same(&self.0, &Self::new(presented).0)
    }
}

/// Formats the hash for storage.
impl fmt::Display for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&BASE64.encode(&self.0))
    }
}

/// Hides the hash: a secret that an administrator chose could be found from it by brute force.
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
        assert!(has_generated_form(secret.expose()) && has_generated_form(long.expose()));
        assert!(
            !has_generated_form("")
                && !has_generated_form("correct horse")
                && !has_generated_form(&long.expose()[1..])
        );
    }

    #[test]
    fn is_stored_as_base64_of_sha256() {
        // FIPS 180-4: SHA-256("abc"), in base64.
        let text = "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=";
        assert_eq!(SecretHash::new("abc").to_string(), text);
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
