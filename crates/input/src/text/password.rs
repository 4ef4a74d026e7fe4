//! The form in which passwords are hashed.

use std::borrow::Cow;

use crate::text::line::normalised;

/// The form in which a password is hashed: `OpaqueString` of PRECIS (RFC 8265, section 4.2.2): NFC, and every other space
/// becomes the usual one, so that two keyboards enter the same password. No character is refused: a
/// password is not shown to others.
pub fn prepared(password: &str) -> Cow<'_, str> {
    normalised(password)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8265, section 4.3.
    #[test]
    fn a_password_has_one_form() {
        for (typed, hashed) in [
            ("correct horse battery staple", "correct horse battery staple"),
            ("Correct Horse Battery Staple", "Correct Horse Battery Staple"),
            ("\u{3c0}\u{df}\u{e5}", "\u{3c0}\u{df}\u{e5}"),
            ("Jack of \u{2666}s", "Jack of \u{2666}s"),
            ("foo\u{1680}bar", "foo bar"),
            ("u\u{308}ber", "\u{fc}ber"),
            ("two  spaces ", "two  spaces "),
        ] {
            assert_eq!(prepared(typed), hashed, "{typed:?}");
        }
    }
}
