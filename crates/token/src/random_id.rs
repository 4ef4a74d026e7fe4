//! Secrets of cookies and forms: sessions, CSRF tokens, and other values that return only to this server.

use crate::{Random, RandomError, TokenHash, digest, random};
use std::fmt;
use zeroize::Zeroizing;

/// A secret of 256 random bits, 43 characters of base64url. Only its [`TokenHash`] is stored.
pub struct RandomId(Zeroizing<String>);

/// The text is not 43 characters of canonical base64url.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a random id has 43 characters of base64url")]
pub struct RandomIdError;

impl RandomId {
    /// Generates an identifier.
    ///
    /// # Errors
    /// [`RandomError`] if `random` fails.
    ///
    /// ```
    /// use token::SystemRandom;
    /// use token::random_id::RandomId;
    ///
    /// let id = RandomId::generate(&SystemRandom).unwrap();
    /// let returned = RandomId::parse(id.expose()).unwrap();
    /// assert!(returned.same(&id));
    /// assert_eq!(format!("{id:?}"), "RandomId(..)");
    /// ```
    pub fn generate(random: &dyn Random) -> Result<Self, RandomError> {
        let bytes = random::bytes::<32>(random)?;
        Ok(Self(Zeroizing::new(digest::base64url(bytes.as_slice()))))
    }

    /// Parses an identifier that was sent back.
    ///
    /// # Errors
    /// [`RandomIdError`] for any other text.
    pub fn parse(text: &str) -> Result<Self, RandomIdError> {
        let bytes = digest::from_base64url(text).map(Zeroizing::new).ok_or(RandomIdError)?;
        if bytes.len() != 32 {
            return Err(RandomIdError);
        }
        Ok(Self(Zeroizing::new(text.to_owned())))
    }

    /// Returns the text, for the cookie or form.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Returns the hash to store.
    #[must_use]
    pub fn hash(&self) -> TokenHash {
        TokenHash::new(&self.0)
    }

    /// Returns whether both are equal, in constant time.
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        digest::same(self.0.as_bytes(), other.0.as_bytes())
    }
}

impl fmt::Debug for RandomId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RandomId(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SystemRandom;
    use crate::random::tests::{Broken, Counting};

    #[test]
    fn round_trip() {
        let id = RandomId::generate(&SystemRandom).unwrap();
        let back = RandomId::parse(id.expose()).unwrap();
        assert!(id.same(&back));
        assert_eq!(id.hash(), back.hash());
        assert!(!id.same(&RandomId::generate(&SystemRandom).unwrap()));
    }

    #[test]
    fn the_text_is_base64url_of_the_bytes() {
        let id = RandomId::generate(&Counting::from(0)).unwrap();
        assert_eq!(id.expose(), "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8");
        assert_eq!(id.hash(), TokenHash::new(id.expose()));
        assert_eq!(format!("{id:?}"), "RandomId(..)");
    }

    #[test]
    fn refuses_other_text() {
        let good = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
        let padded = format!("{good}=");
        let stray_bits = good.replace("Hh8", "Hh9");
        for refused in ["", &good[1..], &padded, &stray_bits, "not base64url!"] {
            assert_eq!(RandomId::parse(refused).unwrap_err(), RandomIdError, "{refused}");
        }
    }

    #[test]
    fn a_broken_source_is_an_error() {
        assert_eq!(RandomId::generate(&Broken).unwrap_err(), RandomError);
    }
}
