//! The cursor over a text.

use crate::OdataError;
use crate::ast::continues_search_word;
use crate::error::Place;

/// Whether a text is held to the letter of the grammar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strictness {
    /// What the ABNF has and nothing else.
    Exact,
    /// Also what people and clients write that means one thing only: space around the text and around its
    /// separators, empty options, and `not(…)`.
    Tolerant,
}

/// Reads one decoded text from left to right.
#[derive(Clone, Debug)]
pub struct Lexer<'a> {
    option: &'a str,
    text: &'a str,
    mark: Mark,
    missed: Missed,
    strictness: Strictness,
    /// The bytes that are semicolons and were percent-encoded, in order.
    semicolons: &'a [usize],
    /// How many bytes were looked at, as often as they were.
    steps: usize,
}

/// What was looked for in vain, furthest to the right.
#[derive(Clone, Debug)]
struct Missed {
    at: usize,
    expected: &'static str,
}

/// A place in the text to which the lexer can return.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    byte: usize,
    /// The character, counted from 0.
    pub at: usize,
}

impl Mark {
    /// The byte, counted from 0.
    pub(crate) const fn byte(self) -> usize {
        self.byte
    }
}

impl<'a> Lexer<'a> {
    /// Reads the value of an option; the option's name goes into errors.
    pub const fn new(option: &'a str, text: &'a str, strictness: Strictness) -> Self {
        let missed = Missed { at: 0, expected: "" };
        Self { option, text, mark: Mark { byte: 0, at: 0 }, missed, strictness, semicolons: &[], steps: 0 }
    }

    /// Says which bytes are semicolons that were percent-encoded, in order.
    pub(crate) const fn with_semicolons(self, semicolons: &'a [usize]) -> Self {
        Self { semicolons, ..self }
    }

    /// Whether the text may have what is not of the grammar and means one thing only.
    pub(crate) fn is_tolerant(&self) -> bool {
        self.strictness == Strictness::Tolerant
    }

    /// Ends the text so many bytes further, and gives what it was.
    pub(crate) fn truncate(&mut self, bytes: usize) -> &'a str {
        let whole = self.text;
        self.text = whole.get(..self.mark.byte + bytes).unwrap_or(whole);
        whole
    }

    /// Goes on with a text that [`Lexer::truncate`] gave.
    pub(crate) const fn restore(&mut self, text: &'a str) {
        self.text = text;
    }

    /// Where the next character stands.
    pub const fn mark(&self) -> Mark {
        self.mark
    }

    /// Goes back to a mark that [`Lexer::mark`] gave.
    pub const fn reset(&mut self, mark: Mark) {
        self.mark = mark;
    }

    /// The next character, counted from 0.
    pub(crate) const fn at(&self) -> usize {
        self.mark.at
    }

    /// How many bytes were looked at so far, as often as they were.
    #[cfg(test)]
    pub(crate) const fn steps(&self) -> usize {
        self.steps
    }

    /// Adds to the number of bytes looked at.
    pub(super) const fn count_steps(&mut self, bytes: usize) {
        self.steps += bytes;
    }

    pub(crate) fn rest(&self) -> &'a str {
        self.text.get(self.mark.byte..).unwrap_or_default()
    }

    /// The text between a mark and the next character.
    pub(crate) fn since(&self, start: Mark) -> &'a str {
        self.text.get(start.byte..self.mark.byte).unwrap_or_default()
    }

    /// The next character.
    pub fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Whether a text is next, as it is written.
    pub fn is_next(&self, wanted: &str) -> bool {
        self.rest().starts_with(wanted)
    }

    /// Takes so many bytes, which end between two characters.
    pub(crate) fn take(&mut self, bytes: usize) -> &'a str {
        let taken = self.rest().get(..bytes).unwrap_or_default();
        self.steps += taken.len();
        self.mark = Mark { byte: self.mark.byte + taken.len(), at: self.mark.at + taken.chars().count() };
        taken
    }

    /// Takes the characters up to the first that is not wanted.
    pub fn take_while(&mut self, mut wanted: impl FnMut(char) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.find(|c| !wanted(c)).unwrap_or(rest.len());
        self.take(length)
    }

    /// Takes the characters of a word of `$search`: a semicolon is one of them where it was percent-encoded.
    pub(crate) fn take_search_word(&mut self) -> &'a str {
        let rest = self.rest();
        let length = rest
            .char_indices()
            .find(|(index, c)| !continues_search_word(*c) && !self.is_encoded_semicolon(*c, *index))
            .map_or(rest.len(), |(index, _)| index);
        self.take(length)
    }

    /// Whether a character so many bytes further is a semicolon that was percent-encoded.
    pub(crate) fn is_encoded_semicolon(&self, c: char, bytes: usize) -> bool {
        c == ';' && self.semicolons.binary_search(&(self.mark.byte + bytes)).is_ok()
    }

    /// Takes the character if it is next.
    pub(crate) fn eat(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.take(wanted.len_utf8());
        }
        found
    }

    /// Takes the character, which must be next.
    pub fn expect(&mut self, wanted: char) -> Result<(), OdataError> {
        if self.eat(wanted) { Ok(()) } else { Err(self.unexpected(&format!("'{wanted}'"))) }
    }

    /// Takes a text, which must be next as it is written; it is missed as a whole.
    pub fn expect_text(&mut self, wanted: &'static str) -> Result<(), OdataError> {
        if !self.is_next(wanted) {
            return Err(self.unexpected(&format!("'{wanted}'")));
        }
        self.take(wanted.len());
        Ok(())
    }

    /// Takes spaces and tabs; whether there were any.
    pub fn skip_space(&mut self) -> bool {
        let spaces = self.rest().bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        self.take(spaces);
        spaces > 0
    }

    /// Takes space where the grammar has none, if that is tolerated.
    pub(crate) fn skip_stray_space(&mut self) {
        if self.is_tolerant() {
            self.skip_space();
        }
    }

    /// Takes space, of which there must be some.
    pub fn expect_space(&mut self, place: &str) -> Result<(), OdataError> {
        if self.skip_space() { Ok(()) } else { Err(self.unexpected(&format!("a space {place}"))) }
    }

    /// Takes a separator with the space around it, if it is next (`BWS COMMA BWS`).
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

    /// Takes a separator around which the grammar has no space, if it is next.
    pub(crate) fn eat_separator(&mut self, separator: char) -> bool {
        if self.is_tolerant() { self.eat_spaced(separator) } else { self.eat(separator) }
    }

    /// Takes `(` and the space behind it, which must be next.
    pub(crate) fn open(&mut self) -> Result<(), OdataError> {
        self.expect('(')?;
        self.skip_space();
        Ok(())
    }

    /// Takes `)` and the space before it, which must be next; the expectation goes into the error.
    pub(crate) fn close(&mut self, expected: &str) -> Result<(), OdataError> {
        self.skip_space();
        if self.eat(')') { Ok(()) } else { Err(self.unexpected(expected)) }
    }

    /// Whether everything was read.
    pub fn is_done(&self) -> bool {
        self.rest().is_empty()
    }

    /// Remembers that something could have stood so many characters further and did not.
    pub(crate) fn miss(&mut self, characters: usize, expected: &'static str) {
        let at = self.at() + characters;
        if at >= self.missed.at {
            self.missed = Missed { at, expected };
        }
    }

    /// The error that something else was expected next.
    pub fn unexpected(&self, expected: &str) -> OdataError {
        self.unexpected_at(self.at(), self.peek(), expected)
    }

    fn unexpected_at(&self, at: usize, found: Option<char>, expected: &str) -> OdataError {
        let found = found.map_or_else(|| "the end".to_owned(), |found| format!("'{found}'"));
        let message = format!("{expected} is expected instead of {found}");
        OdataError::Syntax { place: self.place_at(at), message }
    }

    /// An error of syntax at the next character.
    pub fn error(&self, message: String) -> OdataError {
        OdataError::Syntax { place: self.place(), message }
    }

    /// An error of syntax at the furthest character that was looked at in vain.
    pub(crate) fn error_at_furthest(&self, message: String) -> OdataError {
        OdataError::Syntax { place: self.place_at(self.missed.at.max(self.at())), message }
    }

    /// The error of the furthest character that was looked at in vain, if it is further than the given one.
    pub(crate) fn furthest(&self, error: OdataError) -> OdataError {
        match &error {
            OdataError::Syntax { place, .. } if self.missed.at > place.at => {
                let found = self.text.chars().nth(self.missed.at);
                self.unexpected_at(self.missed.at, found, self.missed.expected)
            }
            _ => error,
        }
    }

    /// The place of the next character.
    pub(crate) fn place(&self) -> Place {
        self.place_at(self.at())
    }

    /// The place of a character.
    pub fn place_at(&self, at: usize) -> Place {
        Place { option: self.option.to_owned(), at }
    }
}
