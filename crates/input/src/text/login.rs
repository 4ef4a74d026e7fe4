use std::fmt;

use model::Uuid;
use precis_core::{Error, profile::PrecisFastInvocation};
use precis_profiles::UsernameCaseMapped;
use unicode_normalization::char::is_combining_mark;
use unicode_security::{RestrictionLevel, RestrictionLevelDetection as _};

use crate::Invalid;
use crate::text::look::identifier_look;

/// A login in its one form: `UsernameCaseMapped` of PRECIS (RFC 8265, section 3.3), in lower case and NFC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login(String);

impl Login {
    /// Reads the login of a new user. Each word of it has the restriction level `Highly Restrictive` of UTS 39 (section 5.2).
    ///
    /// # Errors
    /// [`Invalid::Field`] names the first character that is not allowed.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let bad = |message: String| Invalid::Field { field: "login", message };
        if text.is_empty() {
            return Err(bad("a value is needed".to_owned()));
        }
        let login = UsernameCaseMapped::enforce(text).map_err(|error| bad(refusal(&error)))?.into_owned();
        if login.split(is_between_words).any(is_mixed) {
            return Err(bad("a word of it has letters that are not written together".to_owned()));
        }
        // A policy that names users by login or identifier would mean another user.
        if login == "*" || Uuid::parse_str(&login).is_ok() {
            return Err(bad("a login is neither '*' nor a UUID".to_owned()));
        }
        Ok(Self(login))
    }

    /// The form under which a typed login is found; none where no login can be meant.
    #[must_use]
    pub fn canonical(typed: &str) -> Option<Self> {
        UsernameCaseMapped::enforce(typed).ok().map(|login| Self(login.into_owned()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What this login looks like: no two new logins have the same.
    pub fn look(&self) -> String {
        identifier_look(&self.0)
    }
}

impl fmt::Display for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Login> for String {
    fn from(login: Login) -> Self {
        login.0
    }
}

fn is_between_words(letter: char) -> bool {
    !letter.is_alphanumeric() && !is_combining_mark(letter)
}

/// Whether a word mixes scripts that are not written together, or has letters that identifiers seldom have.
fn is_mixed(word: &str) -> bool {
    !word.is_empty() && !word.check_restriction_level(RestrictionLevel::HighlyRestrictive)
}

fn refusal(error: &Error) -> String {
    match error {
        Error::BadCodepoint(info) if info.cp == u32::from(' ') => "spaces are not allowed".to_owned(),
        Error::BadCodepoint(info) => format!("the character U+{:04X} is not allowed in a login", info.cp),
        Error::Invalid => "letters of both writing directions are mixed".to_owned(),
        Error::Unexpected(_) => "this is not a login".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8265, section 3.5, and the cases that were found.
    #[test]
    fn logins_have_one_form() {
        for (typed, kept) in [
            ("juliet@example.com", "juliet@example.com"),
            ("fussball", "fussball"),
            ("fu\u{df}ball", "fu\u{df}ball"),
            ("\u{3c0}", "\u{3c0}"),
            ("\u{3a3}", "\u{3c3}"),
            ("Ben", "ben"),
            ("BEN", "ben"),
            ("jose\u{301}", "jos\u{e9}"),
            ("\u{ff42}en", "ben"),
            ("winter.ada+x_1", "winter.ada+x_1"),
            ("\u{438}\u{432}\u{430}\u{43d}@example.com", "\u{438}\u{432}\u{430}\u{43d}@example.com"),
            ("\u{5c71}\u{7530}\u{3055}\u{3093}2", "\u{5c71}\u{7530}\u{3055}\u{3093}2"),
        ] {
            assert_eq!(Login::parse(typed).unwrap().as_str(), kept, "{typed:?}");
            assert_eq!(Login::parse(kept).unwrap().as_str(), kept, "parsing twice changes nothing");
        }
        for (typed, named) in [
            ("foo bar", "spaces"),
            ("", "needed"),
            ("henry\u{2163}", "U+2163"),
            ("\u{265a}", "U+265A"),
            ("ben\u{202e}", "U+202E"),
            ("b\u{200b}en", "U+200B"),
            ("tab\t", "U+0009"),
            ("\u{5d0}a", "directions"),
            ("b\u{435}n", "together"),
            ("p\u{430}ul.winter", "together"),
            ("winter-p\u{3b1}ul", "together"),
            ("*", "UUID"),
            ("0190a8a0-0000-7000-8000-000000000000", "UUID"),
        ] {
            let refused = Login::parse(typed).unwrap_err().to_string();
            assert!(refused.contains(named), "{typed:?}: {refused}");
        }
    }

    #[test]
    fn logins_that_look_alike_have_one_look() {
        let look = |text: &str| Login::canonical(text).unwrap().look();
        for other in ["Ben", "BEN", "b\u{435}n", "\u{ff42}en"] {
            assert_eq!(look(other), look("ben"), "{other}");
        }
        assert_eq!(look("jose\u{301}"), look("jos\u{e9}"));
        for other in ["ban", "bens", "b.en", "ben-1"] {
            assert_ne!(look(other), look("ben"), "{other}");
        }
    }
}
