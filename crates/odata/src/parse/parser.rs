//! The state of the parser, and its entry points for whole texts.

use super::expr::Peeked;
use super::hints::with_hint;
use crate::OdataError;
use crate::ast::{Expr, Kind, Literal};
use crate::lexer::{Lexer, Strictness, Token};

/// Maximum length of an option's value, in bytes.
pub const MAX_LENGTH: usize = 16 * 1024;
/// Maximum nesting of parentheses, functions, conditions and options, and height of the tree.
pub const MAX_DEPTH: usize = 64;
/// Maximum number of values, names and operators in one option.
pub const MAX_NODES: usize = 2000;

/// A decoded text, with the information that decoding loses.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The text.
    pub text: &'a str,
    /// Byte positions of percent-encoded semicolons, in ascending order.
    pub semicolons: &'a [usize],
    /// Tolerance of the parser.
    pub strictness: Strictness,
}

/// Parses a whole text with `read`.
///
/// ```
/// use odata::syntax::{Strictness, read_all};
///
/// let list = read_all("list", "(1,2)", Strictness::Exact, |parser| parser.list_expression())?;
/// assert_eq!(list.to_string(), "(1,2)");
/// # Ok::<(), odata::OdataError>(())
/// ```
pub fn read_all<'a, T>(
    option: &'a str,
    text: &'a str,
    strictness: Strictness,
    read: impl FnOnce(&mut Parser<'a>) -> Result<T, OdataError>,
) -> Result<T, OdataError> {
    read_input(option, Input { text, semicolons: &[], strictness }, read)
}

/// Parses a whole input with `read`.
pub fn read_input<'a, T>(
    option: &'a str,
    given: Input<'a>,
    read: impl FnOnce(&mut Parser<'a>) -> Result<T, OdataError>,
) -> Result<T, OdataError> {
    let Input { text, semicolons, strictness } = given;
    let mut parser = Parser::new(Lexer::new(option, text, strictness).with_semicolons(semicolons));
    if text.len() > MAX_LENGTH {
        return Err(parser.too_much("the length in bytes", MAX_LENGTH));
    }
    parser.lexer.skip_stray_space();
    let result = read(&mut parser).and_then(|result| {
        parser.lexer.skip_stray_space();
        if parser.lexer.is_done() {
            Ok(result)
        } else {
            Err(parser.lexer.unexpected("an operator or the end"))
        }
    });
    result.map_err(|error| with_hint(parser.lexer.furthest(error), text))
}

/// The state of the parser of one text. Each method reads one rule of the grammar.
pub struct Parser<'a> {
    /// The lexer of the text.
    pub lexer: Lexer<'a>,
    pub(super) depth: usize,
    pub(super) nodes: usize,
    pub(super) next_operator: Option<Peeked>,
    /// Whether the expression is a condition of `case`, without a parenthesis between.
    pub(super) in_case: bool,
    /// The first duplicate option of a nested list.
    pub(super) duplicate: Option<OdataError>,
}

impl<'a> Parser<'a> {
    pub(crate) const fn new(lexer: Lexer<'a>) -> Self {
        Self { lexer, depth: 0, nodes: 0, next_operator: None, in_case: false, duplicate: None }
    }

    /// Reads a recursive rule one level deeper.
    pub(super) fn nested<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, OdataError>,
    ) -> Result<T, OdataError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.too_much("the depth of nesting", MAX_DEPTH));
        }
        let in_case = std::mem::replace(&mut self.in_case, false);
        let result = read(self);
        self.in_case = in_case;
        self.depth -= 1;
        result
    }

    /// Creates an expression within the limits.
    pub(super) fn node(&mut self, kind: Kind, at: usize) -> Result<Expr, OdataError> {
        self.count_node()?;
        let expr = Expr::new(kind, at);
        if expr.height() > MAX_DEPTH {
            return Err(self.too_much("the depth of nesting", MAX_DEPTH));
        }
        Ok(expr)
    }

    pub(super) fn count_node(&mut self) -> Result<(), OdataError> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return Err(self.too_much("the number of values, names and operators", MAX_NODES));
        }
        Ok(())
    }

    pub(super) fn too_much(&self, what: &'static str, limit: usize) -> OdataError {
        OdataError::Limit { place: self.lexer.place(), what, limit }
    }

    /// Reads one literal.
    pub fn literal(&mut self) -> Result<Literal, OdataError> {
        let start = self.lexer.mark();
        match self.lexer.operand(false)? {
            Token::Literal(literal) => Ok(literal),
            token => {
                if matches!(token, Token::Name(_)) {
                    self.lexer.note_expected(0, "a literal");
                }
                self.lexer.reset(start);
                Err(self.lexer.unexpected("a literal"))
            }
        }
    }

    /// Reads items separated by a character, around which the grammar allows no space.
    pub fn separated<T>(
        &mut self,
        separator: char,
        mut read: impl FnMut(&mut Self) -> Result<T, OdataError>,
    ) -> Result<Vec<T>, OdataError> {
        let mut items = vec![read(self)?];
        while self.lexer.eat_separator(separator) {
            items.push(read(self)?);
        }
        Ok(items)
    }

    /// Reads comma-separated items, with optional space around the commas.
    pub(crate) fn spaced<T>(
        &mut self,
        mut read: impl FnMut(&mut Self) -> Result<T, OdataError>,
    ) -> Result<Vec<T>, OdataError> {
        let mut items = vec![read(self)?];
        while self.lexer.eat_spaced(',') {
            items.push(read(self)?);
        }
        Ok(items)
    }
}
