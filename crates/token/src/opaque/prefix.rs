//! The prefix of the tokens of an installation.

use std::fmt;
use std::str::FromStr;

/// The prefix of all tokens of an installation, by which people and scanners recognise them: 2 to 16
/// characters of `a-z0-9`, `grt` unless configured at the first start.
///
/// ```
/// use token::Prefix;
///
/// assert_eq!(Prefix::default().as_str(), "grt");
/// assert!(Prefix::parse("acme").is_ok());
/// assert!(Prefix::parse("Acme").is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prefix(String);

/// The text is not a valid prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a token prefix has 2 to 16 characters, each a lower-case letter (a-z) or a digit")]
pub struct PrefixError;

impl Prefix {
    /// Parses a configured prefix.
    ///
    /// # Errors
    /// [`PrefixError`] with the rules for prefixes.
    pub fn parse(text: &str) -> Result<Self, PrefixError> {
        let fits = (2..=16).contains(&text.len());
        let clean = text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        if fits && clean { Ok(Self(text.to_owned())) } else { Err(PrefixError) }
    }

    /// Returns the text, without the underscore that follows it in a token.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Prefix {
    fn default() -> Self {
        Self("grt".to_owned())
    }
}

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for Prefix {
    type Err = PrefixError;

    fn from_str(text: &str) -> Result<Self, PrefixError> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_small_letters_and_digits() {
        for good in ["grt", "a1", "0123456789abcdef"] {
            assert_eq!(Prefix::parse(good).unwrap().to_string(), good);
        }
        assert_eq!("grt".parse(), Ok(Prefix::default()));
    }

    #[test]
    fn refuses_the_rest() {
        for bad in ["", "a", "0123456789abcdef0", "Grt", "g_t", "g-t", "gré", "g t"] {
            assert_eq!(Prefix::parse(bad), Err(PrefixError), "{bad}");
        }
    }
}
