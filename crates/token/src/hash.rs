//! The stored form of secrets that are looked up.

use crate::digest;
use data_encoding::HEXLOWER;
use std::fmt;
use std::str::FromStr;

/// The SHA-256 hash of a whole secret, displayed as 64 lower-case hexadecimal digits. It finds the secret's
/// row and reveals nothing about the secret, so it may be stored and logged.
///
/// ```
/// use token::TokenHash;
///
/// let hash = TokenHash::new("abc");
/// let text = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
/// assert_eq!(hash.to_string(), text);
/// assert_eq!(TokenHash::parse(text), Ok(hash));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenHash([u8; 32]);

/// The text is not 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a token hash has 64 lower-case hexadecimal digits")]
pub struct TokenHashError;

impl TokenHash {
    /// Hashes a secret.
    #[must_use]
    pub fn new(secret: &str) -> Self {
        Self(digest::sha256(secret.as_bytes()))
    }

    /// Parses the text that `Display` writes.
    ///
    /// # Errors
    /// [`TokenHashError`] for any other text.
    pub fn parse(text: &str) -> Result<Self, TokenHashError> {
        let mut out = [0; 32];
        if text.len() != 64 || HEXLOWER.decode_mut(text.as_bytes(), &mut out).is_err() {
            return Err(TokenHashError);
        }
        Ok(Self(out))
    }

    /// Returns the 32 bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Returns whether both hashes are equal, in constant time. Use `==` for sorting and look-ups only.
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        digest::same(&self.0, &other.0)
    }
}

impl fmt::Display for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&HEXLOWER.encode(&self.0))
    }
}

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TokenHash({self})")
    }
}

impl FromStr for TokenHash {
    type Err = TokenHashError;

    fn from_str(text: &str) -> Result<Self, TokenHashError> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[test]
    fn shows_and_parses() {
        let hash = TokenHash::new("abc");
        assert_eq!(hash.to_string(), ABC);
        assert_eq!(format!("{hash:?}"), format!("TokenHash({ABC})"));
        assert_eq!(TokenHash::parse(ABC), Ok(hash));
        assert_eq!(ABC.parse(), Ok(hash));
        assert_eq!(crate::digest::sha256_hex(b"abc"), ABC);
    }

    #[test]
    fn refuses_other_text() {
        let upper = ABC.to_uppercase();
        let long = format!("{ABC}00");
        let odd = "é".repeat(32);
        for refused in ["", "ba78", &ABC[1..], &upper, &long, &odd] {
            assert_eq!(TokenHash::parse(refused), Err(TokenHashError), "{refused}");
        }
    }

    #[test]
    fn same_agrees_with_equality() {
        let (a, b) = (TokenHash::new("a"), TokenHash::new("b"));
        assert!(a.same(&a) && a == a);
        assert!(!a.same(&b) && a != b);
    }
}
