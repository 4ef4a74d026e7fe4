//! The first token of an operand.

use super::cursor::Lexer;
use super::{literal, name};
use crate::OdataError;
use crate::ast::Literal;

/// What an operand begins with.
#[derive(Debug)]
pub(crate) enum Token<'a> {
    /// A value.
    Literal(Literal),
    /// A name, with dots where it is qualified.
    Name(&'a str),
    /// A name behind `@`: an alias, or an annotation where it has a dot.
    At(&'a str),
    /// The letters behind `$`.
    Dollar(&'a str),
    /// `(`
    Open,
    /// `[`
    OpenSquare,
    /// `{`
    OpenBrace,
    /// A `-` that is not part of a number.
    Minus,
}

impl<'a> Lexer<'a> {
    /// Takes what an operand begins with.
    pub(crate) fn operand(&mut self, condition_of_case: bool) -> Result<Token<'a>, OdataError> {
        if let Some(literal) = self.unnamed_literal(condition_of_case)? {
            return Ok(Token::Literal(literal));
        }
        for (sign, token) in
            [('(', Token::Open), ('[', Token::OpenSquare), ('{', Token::OpenBrace), ('-', Token::Minus)]
        {
            if self.eat(sign) {
                return Ok(token);
            }
        }
        if self.eat('@') {
            return self.expect_dotted_name().map(Token::At);
        }
        if self.eat('$') {
            return Ok(Token::Dollar(self.take_while(name::continues_name)));
        }
        let start = self.mark();
        let Some(name) = self.dotted_name()? else { return Err(self.unexpected("a value or a name")) };
        if self.peek() == Some('\'') {
            return self.quoted_literal(start, name).map(Token::Literal);
        }
        self.miss(0, "an operator or the end");
        let is_path = matches!(self.peek(), Some('/' | '('));
        Ok(literal::word(name).filter(|_| !is_path).map_or(Token::Name(name), Token::Literal))
    }
}
