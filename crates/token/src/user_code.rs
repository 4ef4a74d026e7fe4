//! The short code that a person reads on a device and types in a browser (RFC 8628 section 6.1).

use crate::{Random, RandomError, TokenHash, random};
use std::fmt;
use std::str::FromStr;
use zeroize::Zeroizing;

/// Twenty consonants: without vowels, to avoid words, and without digits, which are confused with letters.
const ALPHABET: &str = "BCDFGHJKLMNPQRSTVWXZ";

/// Length of a code in characters.
const LENGTH: usize = 8;

/// A user code: eight letters of `BCDFGHJKLMNPQRSTVWXZ` (34.5 bits), displayed as `WDJB-MJHT`. It can be
/// guessed with enough attempts, so callers must limit the rate of attempts and let codes expire soon.
///
/// ```
/// use token::user_code::{UserCode, UserCodeError};
///
/// let code = UserCode::parse("wdjb mjht").unwrap();
/// assert_eq!(code.to_string(), "WDJB-MJHT");
/// assert_eq!(UserCode::parse("WDJB"), Err(UserCodeError::Length(4)));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct UserCode(Zeroizing<String>);

/// A typed text is not a user code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UserCodeError {
    /// The text has a character that is not in the alphabet.
    #[error("{0:?} is never part of a code; the letters are {ALPHABET}")]
    Character(char),
    /// The text has the wrong number of letters.
    #[error("a code has {LENGTH} letters, this one has {0}")]
    Length(usize),
}

impl UserCode {
    /// Generates a code.
    ///
    /// # Errors
    /// [`RandomError`] if `random` fails.
    pub fn generate(random: &dyn Random) -> Result<Self, RandomError> {
        random::pick(random, ALPHABET.as_bytes(), LENGTH).map(Self)
    }

    /// Parses a typed code. Case, white space and dashes are ignored.
    ///
    /// # Errors
    /// [`UserCodeError`] with the first wrong character, or else with the wrong number of letters.
    pub fn parse(typed: &str) -> Result<Self, UserCodeError> {
        let mut code = Zeroizing::new(String::with_capacity(LENGTH));
        let mut found = 0;
        for c in typed.chars().filter(|c| !is_separator(*c)) {
            let upper = c.to_ascii_uppercase();
            if !ALPHABET.contains(upper) {
                return Err(UserCodeError::Character(c));
            }
            if found < LENGTH {
                code.push(upper);
            }
            found += 1;
        }
        if found == LENGTH { Ok(Self(code)) } else { Err(UserCodeError::Length(found)) }
    }

    /// Returns the hash to store, taken over the eight letters without the dash.
    #[must_use]
    pub fn hash(&self) -> TokenHash {
        TokenHash::new(&self.0)
    }
}

/// Returns whether a character is white space, a hyphen or one of the dashes that word processors
/// substitute for it.
fn is_separator(c: char) -> bool {
    c.is_whitespace() || c == '-' || ('\u{2010}'..='\u{2015}').contains(&c)
}

/// Formats the code for display: two groups of four.
impl fmt::Display for UserCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (left, right) = self.0.split_at(LENGTH / 2);
        write!(f, "{left}-{right}")
    }
}

impl fmt::Debug for UserCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UserCode(..)")
    }
}

impl FromStr for UserCode {
    type Err = UserCodeError;

    fn from_str(typed: &str) -> Result<Self, UserCodeError> {
        Self::parse(typed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SystemRandom;
    use crate::random::tests::Counting;

    #[test]
    fn generated_codes_come_back() {
        for _ in 0..200 {
            let code = UserCode::generate(&SystemRandom).unwrap();
            assert_eq!(code.to_string().len(), LENGTH + 1);
            assert_eq!(UserCode::parse(&code.to_string()), Ok(code));
        }
        assert_ne!(UserCode::generate(&SystemRandom), UserCode::generate(&SystemRandom));
    }

    #[test]
    fn every_letter_is_equally_likely() {
        // Of all 256 bytes, 240 are used, twelve for each letter; twice, so that the rejected ones occur.
        let text = random::pick(&Counting::from(0), ALPHABET.as_bytes(), 2 * 240).unwrap();
        for letter in ALPHABET.chars() {
            assert_eq!(text.chars().filter(|c| *c == letter).count(), 24);
        }
    }

    #[test]
    fn is_read_as_people_type() {
        let code = UserCode::parse("WDJBMJHT").unwrap();
        assert_eq!(code.to_string(), "WDJB-MJHT");
        assert_eq!(code.hash(), TokenHash::new("WDJBMJHT"));
        assert_eq!(format!("{code:?}"), "UserCode(..)");
        for typed in ["WDJB-MJHT", "wdjb-mjht", " Wd Jb\tMj-Ht \n", "WDJB\u{2013}MJHT", "W-D-J-B-M-J-H-T"] {
            assert_eq!(UserCode::parse(typed).as_ref(), Ok(&code), "{typed}");
        }
    }

    #[test]
    fn says_what_is_wrong() {
        use UserCodeError::{Character, Length};
        for (typed, error) in [
            ("", Length(0)),
            ("WDJB-MJH", Length(7)),
            ("WDJB-MJHTT", Length(9)),
            ("WDJB-MJH0", Character('0')),
            ("WDJA-MJHT", Character('A')),
            ("WDJa", Character('a')),
            ("WDJB_MJHT", Character('_')),
            ("WDJB-MJHÇ", Character('Ç')),
        ] {
            assert_eq!(UserCode::parse(typed), Err(error), "{typed}");
        }
        assert_eq!(
            Character('0').to_string(),
            "'0' is never part of a code; the letters are BCDFGHJKLMNPQRSTVWXZ"
        );
        assert_eq!(Length(7).to_string(), "a code has 8 letters, this one has 7");
    }
}
