//! The result of a failed check.

use odata::OdataError;
use odata::syntax::{Mark, Parser, encoded_index};

/// The position at which a text stops matching a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// Character of the text as given, counted from 0: the first character that continues no text of the rule.
    /// A word of the grammar, such as `$filter` or `and`, counts as a whole and fails at its first character.
    pub at: usize,
    /// What is wrong there.
    pub message: String,
}

impl Mismatch {
    /// Converts a parser error about `text`, which begins at character `offset` of the whole text.
    pub(crate) fn from_error(error: &OdataError, text: &str, offset: usize) -> Self {
        let message = match error {
            OdataError::Syntax { message, .. } | OdataError::Meaning { message, .. } => message.clone(),
            other => other.to_string(),
        };
        Self { at: offset + error.position().unwrap_or_else(|| text.chars().count()), message }
    }

    /// Converts a parser error about the percent-decoded form of `text`.
    pub(crate) fn from_decoded_error(error: &OdataError, text: &str, offset: usize) -> Self {
        let Self { at, message } = Self::from_error(error, text, 0);
        Self { at: offset + encoded_index(text, at), message }
    }
}

/// Returns the error for a text that belongs to the grammar but not to the checked rule.
pub(crate) fn wrong_sort(parser: &Parser<'_>, start: Mark, message: &str) -> OdataError {
    OdataError::Meaning { place: parser.lexer.place_at(start.at), message: message.to_owned() }
}
