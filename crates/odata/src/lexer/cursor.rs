//! Cursor over the text of an option.

use super::strictness::Strictness;
use crate::OdataError;
use crate::ast::continues_search_word;
use crate::error::Place;

/// A cursor over one decoded text.
///
/// ```
/// use odata::syntax::{Lexer, Strictness};
///
/// let mut lexer = Lexer::new("$orderby", "Name desc", Strictness::Exact);
/// assert_eq!(lexer.expect_name(), Ok("Name"));
/// assert!(lexer.skip_space());
/// assert_eq!(lexer.eat_word(&["asc", "desc"], "a direction"), Some(1));
/// assert!(lexer.is_done());
/// ```
#[derive(Clone, Debug)]
pub struct Lexer<'a> {
    option: &'a str,
    text: &'a str,
    mark: Mark,
    furthest_expected: Expectation,
    strictness: Strictness,
    /// Byte positions of percent-encoded semicolons, in ascending order.
    semicolons: &'a [usize],
    /// Number of bytes inspected, with repetitions.
    steps: usize,
}

/// The furthest failed expectation, for error reporting.
#[derive(Clone, Debug)]
struct Expectation {
    at: usize,
    expected: &'static str,
}

/// A position to which the lexer can return.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    byte: usize,
    /// Character index, counted from 0.
    pub at: usize,
}

impl Mark {
    /// Returns the byte index, counted from 0.
    pub(crate) const fn byte(self) -> usize {
        self.byte
    }
}

impl<'a> Lexer<'a> {
    /// Creates a lexer of an option's value. Errors contain the option's name.
    pub const fn new(option: &'a str, text: &'a str, strictness: Strictness) -> Self {
        let furthest_expected = Expectation { at: 0, expected: "" };
        Self {
            option,
            text,
            mark: Mark { byte: 0, at: 0 },
            furthest_expected,
            strictness,
            semicolons: &[],
            steps: 0,
        }
    }

    /// Sets the byte positions of percent-encoded semicolons, in ascending order.
    pub(crate) const fn with_semicolons(self, semicolons: &'a [usize]) -> Self {
        Self { semicolons, ..self }
    }

    /// Returns whether unambiguous deviations from the grammar are accepted.
    pub(crate) fn is_tolerant(&self) -> bool {
        self.strictness == Strictness::Tolerant
    }

    /// Truncates the text `bytes` after the cursor and returns the full text.
    pub(crate) fn truncate(&mut self, bytes: usize) -> &'a str {
        let whole = self.text;
        self.text = whole.get(..self.mark.byte + bytes).unwrap_or(whole);
        whole
    }

    /// Restores the text that [`Lexer::truncate`] returned.
    pub(crate) const fn restore(&mut self, text: &'a str) {
        self.text = text;
    }

    /// Returns the current position.
    pub const fn mark(&self) -> Mark {
        self.mark
    }

    /// Returns to a position from [`Lexer::mark`].
    pub const fn reset(&mut self, mark: Mark) {
        self.mark = mark;
    }

    /// Returns the character index of the cursor, counted from 0.
    pub(crate) const fn at(&self) -> usize {
        self.mark.at
    }

    /// Returns the number of bytes inspected, with repetitions.
    #[cfg(test)]
    pub(crate) const fn steps(&self) -> usize {
        self.steps
    }

    /// Adds to the number of bytes inspected.
    pub(super) const fn count_steps(&mut self, bytes: usize) {
        self.steps += bytes;
    }

    pub(crate) fn rest(&self) -> &'a str {
        self.text.get(self.mark.byte..).unwrap_or_default()
    }

    /// Returns the text between a mark and the cursor.
    pub(crate) fn since(&self, start: Mark) -> &'a str {
        self.text.get(start.byte..self.mark.byte).unwrap_or_default()
    }

    /// Returns the next character.
    pub fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Returns whether the rest begins with a text, case-sensitive.
    pub fn is_next(&self, wanted: &str) -> bool {
        self.rest().starts_with(wanted)
    }

    /// Consumes `bytes`, which end at a character boundary.
    pub(crate) fn take(&mut self, bytes: usize) -> &'a str {
        let taken = self.rest().get(..bytes).unwrap_or_default();
        self.steps += taken.len();
        self.mark = Mark { byte: self.mark.byte + taken.len(), at: self.mark.at + taken.chars().count() };
        taken
    }

    /// Consumes characters while `wanted` holds.
    pub fn take_while(&mut self, mut wanted: impl FnMut(char) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.find(|c| !wanted(c)).unwrap_or(rest.len());
        self.take(length)
    }

    /// Consumes a word of `$search`, which may contain percent-encoded semicolons.
    pub(crate) fn take_search_word(&mut self) -> &'a str {
        let rest = self.rest();
        let length = rest
            .char_indices()
            .find(|(index, c)| !continues_search_word(*c) && !self.is_encoded_semicolon(*c, *index))
            .map_or(rest.len(), |(index, _)| index);
        self.take(length)
    }

    /// Returns whether a character, `bytes` after the cursor, is a percent-encoded semicolon.
    pub(crate) fn is_encoded_semicolon(&self, c: char, bytes: usize) -> bool {
        c == ';' && self.semicolons.binary_search(&(self.mark.byte + bytes)).is_ok()
    }

    /// Consumes a character if it is next.
    pub(crate) fn eat(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.take(wanted.len_utf8());
        }
        found
    }

    /// Consumes a character, which must be next.
    pub fn expect(&mut self, wanted: char) -> Result<(), OdataError> {
        if self.eat(wanted) { Ok(()) } else { Err(self.unexpected(&format!("'{wanted}'"))) }
    }

    /// Consumes a case-sensitive text, which must be next. An error is at its first character.
    pub fn expect_text(&mut self, wanted: &'static str) -> Result<(), OdataError> {
        if !self.is_next(wanted) {
            return Err(self.unexpected(&format!("'{wanted}'")));
        }
        self.take(wanted.len());
        Ok(())
    }

    /// Consumes spaces and tabs, and returns whether there were any.
    pub fn skip_space(&mut self) -> bool {
        let spaces = self.rest().bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        self.take(spaces);
        spaces > 0
    }

    /// Consumes space where the grammar allows none, if deviations are tolerated.
    pub(crate) fn skip_stray_space(&mut self) {
        if self.is_tolerant() {
            self.skip_space();
        }
    }

    /// Consumes space, of which at least one character is required.
    pub fn expect_space(&mut self, place: &str) -> Result<(), OdataError> {
        if self.skip_space() { Ok(()) } else { Err(self.unexpected(&format!("a space {place}"))) }
    }

    /// Consumes a separator with the space around it, if it is next (`BWS COMMA BWS`).
    pub(crate) fn eat_spaced(&mut self, separator: char) -> bool {
        let start = self.mark();
        self.skip_space();
        let found = self.eat(separator);
        if found {
            self.skip_space();
        } else {
            self.reset(start);
        }
        found
    }

    /// Consumes a separator around which the grammar allows no space, if it is next.
    pub(crate) fn eat_separator(&mut self, separator: char) -> bool {
        if self.is_tolerant() { self.eat_spaced(separator) } else { self.eat(separator) }
    }

    /// Consumes `(`, which must be next, and the space after it.
    pub(crate) fn open(&mut self) -> Result<(), OdataError> {
        self.expect('(')?;
        self.skip_space();
        Ok(())
    }

    /// Consumes space and `)`, which must be next; `expected` is part of the error.
    pub(crate) fn close(&mut self, expected: &str) -> Result<(), OdataError> {
        self.skip_space();
        if self.eat(')') { Ok(()) } else { Err(self.unexpected(expected)) }
    }

    /// Returns whether the whole text was consumed.
    pub fn is_done(&self) -> bool {
        self.rest().is_empty()
    }

    /// Records that `expected` would have been allowed `characters` after the cursor.
    pub(crate) fn note_expected(&mut self, characters: usize, expected: &'static str) {
        let at = self.at() + characters;
        if at >= self.furthest_expected.at {
            self.furthest_expected = Expectation { at, expected };
        }
    }

    /// Returns the error that something else was expected next.
    pub fn unexpected(&self, expected: &str) -> OdataError {
        self.unexpected_at(self.at(), self.peek(), expected)
    }

    fn unexpected_at(&self, at: usize, found: Option<char>, expected: &str) -> OdataError {
        let found = found.map_or_else(|| "the end".to_owned(), |found| format!("'{found}'"));
        let message = format!("expected {expected}, found {found}");
        OdataError::Syntax { place: self.place_at(at), message }
    }

    /// Returns a syntax error at the next character.
    pub fn error(&self, message: String) -> OdataError {
        OdataError::Syntax { place: self.place(), message }
    }

    /// Returns a syntax error at the furthest failed expectation.
    pub(crate) fn error_at_furthest(&self, message: String) -> OdataError {
        OdataError::Syntax { place: self.place_at(self.furthest_expected.at.max(self.at())), message }
    }

    /// Returns the error of the furthest failed expectation if it is further than the given error.
    pub(crate) fn furthest(&self, error: OdataError) -> OdataError {
        match &error {
            OdataError::Syntax { place, .. } if self.furthest_expected.at > place.at => {
                let found = self.text.chars().nth(self.furthest_expected.at);
                self.unexpected_at(self.furthest_expected.at, found, self.furthest_expected.expected)
            }
            _ => error,
        }
    }

    /// Returns the position of the next character.
    pub(crate) fn place(&self) -> Place {
        self.place_at(self.at())
    }

    /// Returns the position of a character.
    pub fn place_at(&self, at: usize) -> Place {
        Place { option: self.option.to_owned(), at }
    }
}
