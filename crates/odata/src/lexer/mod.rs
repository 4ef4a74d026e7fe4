//! Characters to tokens. OData's tokens depend on where they stand (`2026-08-01` is a date,
//! `duration'P1D'` a value, `desc` a name or a word), so the parser asks for what may stand there.

mod literal;

pub(crate) use literal::{guid, is_enum};

use crate::OdataError;
use crate::ast::Literal;
use crate::error::Place;

/// The longest name, in characters (OData ABNF, `odataIdentifier`).
const MAX_NAME: usize = 128;

/// Reads one decoded text from left to right.
#[derive(Clone, Debug)]
pub(crate) struct Lexer<'a> {
    option: &'a str,
    text: &'a str,
    mark: Mark,
}

/// A place in the text to which the lexer can return.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    byte: usize,
    /// The character, counted from 0.
    pub(crate) at: usize,
}

/// What an operand begins with.
#[derive(Debug)]
pub(crate) enum Token<'a> {
    /// A value.
    Literal(Literal),
    /// A name, with dots where it is qualified.
    Name(&'a str),
    /// A name behind `@`: an alias, or an annotation where it has a dot.
    At(&'a str),
    /// A name behind `$`.
    Dollar(&'a str),
    /// `(`
    Open,
    /// `[`
    OpenSquare,
    /// A `-` that is not part of a number.
    Minus,
}

impl<'a> Lexer<'a> {
    /// Reads the value of an option; the option's name goes into errors.
    pub(crate) const fn new(option: &'a str, text: &'a str) -> Self {
        Self { option, text, mark: Mark { byte: 0, at: 0 } }
    }

    /// Where the next character stands.
    pub(crate) const fn mark(&self) -> Mark {
        self.mark
    }

    /// Goes back to a mark that [`Lexer::mark`] gave.
    pub(crate) const fn reset(&mut self, mark: Mark) {
        self.mark = mark;
    }

    /// The next character, counted from 0.
    pub(crate) const fn at(&self) -> usize {
        self.mark.at
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.mark.byte..).unwrap_or_default()
    }

    /// The next character.
    pub(crate) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Takes so many bytes, which end between two characters.
    fn take(&mut self, bytes: usize) -> &'a str {
        let taken = self.rest().get(..bytes).unwrap_or_default();
        self.mark = Mark { byte: self.mark.byte + taken.len(), at: self.mark.at + taken.chars().count() };
        taken
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
    pub(crate) fn expect(&mut self, wanted: char) -> Result<(), OdataError> {
        if self.eat(wanted) { Ok(()) } else { Err(self.unexpected(&format!("'{wanted}'"))) }
    }

    /// Takes spaces and tabs; whether there were any.
    pub(crate) fn skip_space(&mut self) -> bool {
        let spaces = self.rest().bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        self.take(spaces);
        spaces > 0
    }

    /// Takes a separator with the space around it, if it is next.
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

    /// Takes a name, if one is next.
    pub(crate) fn name(&mut self) -> Result<Option<&'a str>, OdataError> {
        let rest = self.rest();
        if !rest.starts_with(starts_name) {
            return Ok(None);
        }
        let length = rest.find(|c| !continues_name(c)).unwrap_or(rest.len());
        if rest.get(..length).is_some_and(|name| name.chars().count() > MAX_NAME) {
            return Err(self.error(format!("a name has at most {MAX_NAME} characters")));
        }
        Ok(Some(self.take(length)))
    }

    /// Takes a name, which must be next.
    pub(crate) fn expect_name(&mut self) -> Result<&'a str, OdataError> {
        match self.name()? {
            Some(name) => Ok(name),
            None => Err(self.unexpected("a name")),
        }
    }

    /// Takes a name that may be qualified by a namespace: names with dots between them.
    pub(crate) fn dotted_name(&mut self) -> Result<Option<&'a str>, OdataError> {
        let start = self.mark();
        if self.name()?.is_none() {
            return Ok(None);
        }
        loop {
            let end = self.mark();
            if !self.eat('.') || self.name()?.is_none() {
                self.reset(end);
                return Ok(self.text.get(start.byte..end.byte));
            }
        }
    }

    /// Takes digits, if any are next.
    pub(crate) fn digits(&mut self) -> &'a str {
        let count = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        self.take(count)
    }

    /// Takes what an operand begins with.
    pub(crate) fn operand(&mut self) -> Result<Token<'a>, OdataError> {
        if let Some(literal) = self.unnamed_literal()? {
            return Ok(Token::Literal(literal));
        }
        if self.eat('(') {
            return Ok(Token::Open);
        }
        if self.eat('[') {
            return Ok(Token::OpenSquare);
        }
        if self.eat('-') {
            return Ok(Token::Minus);
        }
        if self.eat('@') {
            return self.expect_dotted_name().map(Token::At);
        }
        if self.eat('$') {
            return self.expect_name().map(Token::Dollar);
        }
        let start = self.mark();
        let Some(name) = self.dotted_name()? else { return Err(self.unexpected("a value or a name")) };
        if self.peek() == Some('\'') {
            return self.quoted_literal(start, name).map(Token::Literal);
        }
        Ok(literal::word(name).map_or(Token::Name(name), Token::Literal))
    }

    /// Takes a name that may be qualified, which must be next.
    pub(crate) fn expect_dotted_name(&mut self) -> Result<&'a str, OdataError> {
        match self.dotted_name()? {
            Some(name) => Ok(name),
            None => Err(self.unexpected("a name")),
        }
    }

    /// Whether everything was read.
    pub(crate) fn is_done(&self) -> bool {
        self.rest().is_empty()
    }

    /// The error that something else was expected next.
    pub(crate) fn unexpected(&self, expected: &str) -> OdataError {
        let found = self.peek().map_or_else(|| "the end".to_owned(), |found| format!("'{found}'"));
        self.error(format!("{expected} is expected instead of {found}"))
    }

    /// An error of syntax at the next character.
    pub(crate) fn error(&self, message: String) -> OdataError {
        OdataError::Syntax { place: self.place(), message }
    }

    /// The place of the next character.
    pub(crate) fn place(&self) -> Place {
        self.place_at(self.at())
    }

    /// The place of a character.
    pub(crate) fn place_at(&self, at: usize) -> Place {
        Place { option: self.option.to_owned(), at }
    }
}

/// Whether a name can begin with the character (`identifierLeadingCharacter`).
fn starts_name(c: char) -> bool {
    c == '_' || c.is_alphabetic()
}

/// Whether a name can go on with the character (`identifierCharacter`).
fn continues_name(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}
