//! First tokens of operands.

use super::cursor::Lexer;
use super::{literal, name};
use crate::OdataError;
use crate::ast::Literal;

/// The first token of an operand.
#[derive(Debug)]
pub(crate) enum Token<'a> {
    /// A literal.
    Literal(Literal),
    /// A name; qualified if it contains dots.
    Name(&'a str),
    /// A name after `@`: an alias, or an annotation if it contains a dot.
    At(&'a str),
    /// The letters after `$`.
    Dollar(&'a str),
    /// `(`
    Open,
    /// `[`
    OpenSquare,
    /// `{`
    OpenBrace,
    /// A minus sign that is not part of a number.
    Minus,
}

impl<'a> Lexer<'a> {
    /// Consumes the first token of an operand. `condition_of_case` tells a time from the colon of a case.
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
        self.note_expected(0, "an operator or the end");
        let is_path = matches!(self.peek(), Some('/' | '('));
        Ok(literal::word(name).filter(|_| !is_path).map_or(Token::Name(name), Token::Literal))
    }
}
