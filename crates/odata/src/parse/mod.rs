//! Tokens to trees: recursive descent for the options, precedence climbing for expressions.

mod expr;
mod items;
mod path;

use crate::OdataError;
use crate::ast::{ExpandItem, Expr, Kind, Literal, Options, OrderItem, SelectItem};
use crate::lexer::{Lexer, Token};
use crate::options::OptionName;

/// The longest value of an option, in bytes.
pub const MAX_LENGTH: usize = 16 * 1024;
/// The deepest nesting of parentheses, functions, conditions and options; also of the tree.
pub const MAX_DEPTH: usize = 64;
/// The greatest number of values, names and operators in one option.
pub const MAX_NODES: usize = 2000;

/// Reads the value of `$filter`, or any expression (`commonExpr`).
pub fn filter(text: &str) -> Result<Expr, OdataError> {
    whole(OptionName::Filter.name(), text, Parser::expression)
}

/// Reads the value of `$orderby`.
pub fn order_by(text: &str) -> Result<Vec<OrderItem>, OdataError> {
    whole(OptionName::OrderBy.name(), text, Parser::order_items)
}

/// Reads the value of `$select`.
pub fn select(text: &str) -> Result<Vec<SelectItem>, OdataError> {
    whole(OptionName::Select.name(), text, Parser::select_items)
}

/// Reads the value of `$expand`.
pub fn expand(text: &str) -> Result<Vec<ExpandItem>, OdataError> {
    whole(OptionName::Expand.name(), text, Parser::expand_items)
}

/// Reads the value of a parameter alias.
pub fn alias(name: &str, text: &str) -> Result<Expr, OdataError> {
    whole(&format!("@{name}"), text, Parser::expression)
}

/// Reads one literal (`primitiveLiteral`).
pub fn literal(text: &str) -> Result<Literal, OdataError> {
    whole("literal", text, |parser| {
        let start = parser.lexer.mark();
        match parser.lexer.operand()? {
            Token::Literal(literal) => Ok(literal),
            _ => {
                parser.lexer.reset(start);
                Err(parser.lexer.unexpected("a literal"))
            }
        }
    })
}

/// Reads the value of one system query option into the options.
pub(crate) fn option(name: OptionName, text: &str, options: &mut Options) -> Result<(), OdataError> {
    whole(name.name(), text, |parser| parser.option(name, options))
}

/// Reads a whole text. Space around it means nothing and is accepted.
fn whole<'a, T>(
    option: &'a str,
    text: &'a str,
    read: impl FnOnce(&mut Parser<'a>) -> Result<T, OdataError>,
) -> Result<T, OdataError> {
    let mut parser = Parser::new(Lexer::new(option, text));
    if text.len() > MAX_LENGTH {
        return Err(parser.too_much("the length in bytes", MAX_LENGTH));
    }
    parser.lexer.skip_space();
    let result = read(&mut parser)?;
    parser.lexer.skip_space();
    if parser.lexer.is_done() { Ok(result) } else { Err(parser.lexer.unexpected("an operator or the end")) }
}

/// The state of reading one text.
struct Parser<'a> {
    lexer: Lexer<'a>,
    depth: usize,
    nodes: usize,
    next_operator: Option<expr::Peeked>,
}

impl<'a> Parser<'a> {
    const fn new(lexer: Lexer<'a>) -> Self {
        Self { lexer, depth: 0, nodes: 0, next_operator: None }
    }

    /// Reads something that is nested in something of its own kind.
    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, OdataError>) -> Result<T, OdataError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.too_much("the depth of nesting", MAX_DEPTH));
        }
        let result = read(self);
        self.depth -= 1;
        result
    }

    /// Makes an expression within the limits.
    fn node(&mut self, kind: Kind, at: usize) -> Result<Expr, OdataError> {
        self.count_node()?;
        let expr = Expr::new(kind, at);
        if expr.height() > MAX_DEPTH {
            return Err(self.too_much("the depth of nesting", MAX_DEPTH));
        }
        Ok(expr)
    }

    fn count_node(&mut self) -> Result<(), OdataError> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return Err(self.too_much("the number of values, names and operators", MAX_NODES));
        }
        Ok(())
    }

    fn too_much(&self, what: &'static str, limit: usize) -> OdataError {
        OdataError::Limit { place: self.lexer.place(), what, limit }
    }
}
