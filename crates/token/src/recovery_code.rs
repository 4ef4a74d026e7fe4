//! Recovery codes, which a user writes down in case the second factor is lost.

use std::fmt;
use zeroize::Zeroizing;

use crate::random::pick;
use crate::{Random, RandomError, TokenHash};

/// Lower-case letters and digits without similar-looking characters.
const ALPHABET: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
/// 16 characters are 79 bits, too many to be guessed from a hash.
const LENGTH: usize = 16;
const GROUP: usize = 4;

/// A one-time recovery code.
pub struct RecoveryCode(Zeroizing<String>);

impl RecoveryCode {
    /// Generates a code.
    ///
    /// # Errors
    /// [`RandomError`] if `random` fails.
    pub fn generate(random: &dyn Random) -> Result<Self, RandomError> {
        pick(random, ALPHABET, LENGTH).map(Self)
    }

    /// Parses a typed code, with or without dashes and spaces, ignoring case. `None` if it is not a code.
    ///
    /// ```
    /// use token::recovery_code::RecoveryCode;
    ///
    /// let code = RecoveryCode::parse("ABCD-efgh 2345-jkmn").unwrap();
    /// assert_eq!(code.to_text().as_str(), "abcd-efgh-2345-jkmn");
    /// assert!(RecoveryCode::parse("123456").is_none());
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let letters = text.chars().filter(|letter| !letter.is_whitespace() && *letter != '-');
        let letters = Zeroizing::new(letters.map(|letter| letter.to_ascii_lowercase()).collect::<String>());
        let known = letters.bytes().all(|byte| ALPHABET.contains(&byte));
        (letters.len() == LENGTH && known).then_some(Self(letters))
    }

    /// Returns the code in groups of four, for writing it down.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        let groups: Vec<&str> =
            (0..LENGTH / GROUP).filter_map(|at| self.0.get(at * GROUP..(at + 1) * GROUP)).collect();
        Zeroizing::new(groups.join("-"))
    }

    /// Returns the hash to store.
    #[must_use]
    pub fn hash(&self) -> TokenHash {
        TokenHash::new(&self.0)
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SystemRandom;

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let code = RecoveryCode::generate(&SystemRandom).unwrap();
        let text = code.to_text();
        assert_eq!(text.len(), 19);
        for typed in [text.to_string(), text.to_uppercase(), text.replace('-', " "), text.replace('-', "")] {
            assert_eq!(RecoveryCode::parse(&typed).unwrap().hash(), code.hash(), "{typed}");
        }
        assert_ne!(RecoveryCode::generate(&SystemRandom).unwrap().hash(), code.hash());
        for other in ["", "123456", &text[1..], &format!("{}1", &text[1..]), &format!("{}ö", &text[2..])] {
            assert!(RecoveryCode::parse(other).is_none(), "{other}");
        }
        assert_eq!(format!("{code:?}"), "RecoveryCode(..)");
    }
}
