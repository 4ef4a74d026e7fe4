//! Names and descriptions: one line of text.

use std::borrow::Cow;
use std::fmt;

use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

use crate::text::characters::{Unfit, fit, unfit};

/// A line of text that is shown to people: a name, a description, a message. It is kept as the Nickname profile prepares
/// it (RFC 8266, section 2.1), but in NFC, so that it is shown as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line(String);

impl Line {
    /// Reads a line: spaces of other scripts become the usual one, spaces at the ends go, several become one.
    ///
    /// # Errors
    /// [`Unfit`] names the first character that is not allowed.
    pub fn parse(text: &str) -> Result<Self, Unfit> {
        match unfit(text) {
            Some(unfit) => Err(unfit),
            None => Ok(Self(squeezed(&normalised(text)))),
        }
    }

    /// Makes a line of a text that is not refused, such as what a browser calls itself: what is not allowed is left out.
    /// It has `most` characters at the most.
    #[must_use]
    pub fn cleaned(text: &str, most: usize) -> Self {
        let mut line: String = text.chars().take(4 * most).collect();
        loop {
            line = squeezed(&normalised(&fit(&line))).chars().take(most).collect();
            // What is left may have come into another neighbourhood.
            if unfit(&line).is_none() {
                return Self(line.trim_end().to_owned());
            }
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Line> for String {
    fn from(line: Line) -> Self {
        line.0
    }
}

/// The text in NFC, with the usual space in the place of every other one.
pub fn normalised(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let is_space = |letter: char| letter.general_category() == GeneralCategory::SpaceSeparator;
    Cow::Owned(text.chars().map(|letter| if is_space(letter) { ' ' } else { letter }).nfc().collect())
}

/// The text without spaces at its ends, and with one in the place of several.
pub fn squeezed(text: &str) -> String {
    text.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_one_form() {
        for (text, kept) in [
            ("  Foo  Bar ", "Foo Bar"),
            ("jose\u{301}", "jos\u{e9}"),
            ("a\u{3000}b\u{a0}c", "a b c"),
            ("™", "™"),
            ("Team – board", "Team – board"),
            ("", ""),
        ] {
            assert_eq!(Line::parse(text).unwrap().as_str(), kept, "{text:?}");
            assert_eq!(Line::parse(kept).unwrap().as_str(), kept, "parsing twice changes nothing");
        }
        assert!(Line::parse("a\u{202e}b").is_err());
    }

    #[test]
    fn a_cleaned_line_is_a_line() {
        assert_eq!(Line::cleaned("Fire\u{202e}fox\r\n 1.0\u{200b}", 40).as_str(), "Firefox 1.0");
        assert_eq!(Line::cleaned(&"x ".repeat(50), 4).as_str(), "x x");
        let all: String = (0..=u32::from(char::MAX)).filter_map(char::from_u32).take(0x3000).collect();
        assert_eq!(unfit(Line::cleaned(&all, all.len()).as_str()), None);
    }
}
