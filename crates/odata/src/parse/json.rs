//! JSON arrays and objects (OData ABNF, section 5).

use super::Parser;
use crate::OdataError;
use crate::ast::{Expr, Kind, Literal};

impl Parser<'_> {
    /// Consumes the space that is allowed before a bracket or brace, but before no other operand.
    pub(super) fn skip_space_before_json(&mut self) {
        let start = self.lexer.mark();
        if self.lexer.skip_space() && !matches!(self.lexer.peek(), Some('[' | '{')) {
            self.lexer.note_expected(0, "'[' or '{'");
            self.lexer.reset(start);
        }
    }

    /// Reads the rest of an array (`array`).
    pub(super) fn array(&mut self, at: usize) -> Result<Expr, OdataError> {
        self.lexer.skip_space();
        let mut items = Vec::new();
        if !self.lexer.eat(']') {
            items = self.spaced(Self::value_in_url)?;
            self.end(']')?;
        }
        self.node(Kind::Array(items), at)
    }

    /// Reads the rest of an object (`object`).
    pub(super) fn object(&mut self, at: usize) -> Result<Expr, OdataError> {
        self.lexer.skip_space();
        let mut members = Vec::new();
        if !self.lexer.eat('}') {
            members = self.spaced(|parser| {
                let name = parser.lexer.json_text()?;
                if !parser.lexer.eat_spaced(':') {
                    parser.lexer.skip_space();
                    return Err(parser.lexer.unexpected("':' after the name of a member"));
                }
                Ok((name, parser.value_in_url()?))
            })?;
            self.end('}')?;
        }
        self.node(Kind::Object(members), at)
    }

    fn end(&mut self, bracket: char) -> Result<(), OdataError> {
        self.lexer.skip_space();
        self.lexer.expect(bracket)
    }

    fn value_in_url(&mut self) -> Result<Expr, OdataError> {
        if self.lexer.peek() != Some('"') {
            return self.expression();
        }
        let at = self.lexer.at();
        let text = self.lexer.json_text()?;
        self.node(Kind::Literal(Literal::Text(text)), at)
    }
}
