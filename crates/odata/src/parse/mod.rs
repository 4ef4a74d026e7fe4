//! Tokens to trees: recursive descent for the options, precedence climbing for expressions.

mod aggregate;
mod apply;
mod apply_paths;
mod call;
mod context;
mod expand;
mod expr;
mod json;
#[cfg(test)]
mod linear;
mod list;
mod options;
mod path;
mod resource;
mod search;
mod select;

pub use apply_paths::TypeLast;
pub use options::AllowedOptions;
pub use resource::{relative_uri, target};

use crate::OdataError;
use crate::ast::{
    ComputeItem, ExpandItem, Expr, Kind, Literal, Options, OrderItem, Search, SelectItem, Transformation,
};
use crate::lexer::{Lexer, Strictness, Token};
use crate::options::OptionName;

/// The longest value of an option, in bytes.
pub const MAX_LENGTH: usize = 16 * 1024;
/// The deepest nesting of parentheses, functions, conditions and options; also of the tree.
pub const MAX_DEPTH: usize = 64;
/// The greatest number of values, names and operators in one option.
pub const MAX_NODES: usize = 2000;

/// Reads the value of `$filter`, or any expression (`commonExpr`).
pub fn filter(text: &str) -> Result<Expr, OdataError> {
    tolerant(OptionName::Filter, text, Parser::expression)
}

/// Reads the value of `$orderby`.
pub fn order_by(text: &str) -> Result<Vec<OrderItem>, OdataError> {
    tolerant(OptionName::OrderBy, text, Parser::order_items)
}

/// Reads the value of `$select`.
pub fn select(text: &str) -> Result<Vec<SelectItem>, OdataError> {
    tolerant(OptionName::Select, text, Parser::select_items)
}

/// Reads the value of `$expand`.
pub fn expand(text: &str) -> Result<Vec<ExpandItem>, OdataError> {
    tolerant(OptionName::Expand, text, Parser::expand_items)
}

/// Reads the value of `$search`.
pub fn search(text: &str) -> Result<Search, OdataError> {
    tolerant(OptionName::Search, text, Parser::search)
}

/// Reads the value of `$compute`.
pub fn compute(text: &str) -> Result<Vec<ComputeItem>, OdataError> {
    tolerant(OptionName::Compute, text, Parser::compute_items)
}

/// Reads the value of `$apply`.
pub fn apply(text: &str) -> Result<Vec<Transformation>, OdataError> {
    tolerant(OptionName::Apply, text, Parser::transformations)
}

/// Reads the value of a parameter alias.
pub fn alias(name: &str, text: &str) -> Result<Expr, OdataError> {
    read_all(&format!("@{name}"), text, Strictness::Tolerant, Parser::expression)
}

/// Reads one literal (`primitiveLiteral`).
pub fn literal(text: &str) -> Result<Literal, OdataError> {
    read_all("literal", text, Strictness::Tolerant, Parser::literal)
}

/// A decoded text, and what decoding cannot say.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    pub text: &'a str,
    /// The bytes that are semicolons and were percent-encoded, in order.
    pub semicolons: &'a [usize],
    pub strictness: Strictness,
}

/// Reads the value of one system query option into the options. The same option twice in one list is a
/// matter of meaning, not of syntax: it is reported behind the syntax.
pub fn option<'a>(
    name: OptionName,
    given: Input<'a>,
    options: &mut Options,
) -> Result<Option<OdataError>, OdataError> {
    read_input(name.name(), given, |parser: &mut Parser<'a>| {
        parser.option(name, options)?;
        Ok(parser.twice.take())
    })
}

fn tolerant<'a, T>(
    name: OptionName,
    text: &'a str,
    read: impl FnOnce(&mut Parser<'a>) -> Result<T, OdataError>,
) -> Result<T, OdataError> {
    read_all(name.name(), text, Strictness::Tolerant, |parser| {
        let result = read(parser)?;
        parser.twice.take().map_or(Ok(result), Err)
    })
}

/// Reads a whole text.
pub fn read_all<'a, T>(
    option: &'a str,
    text: &'a str,
    strictness: Strictness,
    read: impl FnOnce(&mut Parser<'a>) -> Result<T, OdataError>,
) -> Result<T, OdataError> {
    read_input(option, Input { text, semicolons: &[], strictness }, read)
}

/// Reads a whole text of which is known what decoding cannot say.
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
    result.map_err(|error| parser.lexer.furthest(error))
}

/// The state of reading one text.
pub struct Parser<'a> {
    pub lexer: Lexer<'a>,
    depth: usize,
    nodes: usize,
    next_operator: Option<expr::Peeked>,
    /// Whether what is read now is a condition of `case`, with no parenthesis between.
    in_case: bool,
    /// The first option that stands twice in one list.
    twice: Option<OdataError>,
}

impl<'a> Parser<'a> {
    pub(crate) const fn new(lexer: Lexer<'a>) -> Self {
        Self { lexer, depth: 0, nodes: 0, next_operator: None, in_case: false, twice: None }
    }

    /// Reads something that is nested in something of its own kind.
    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, OdataError>) -> Result<T, OdataError> {
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

    /// Reads one literal.
    pub fn literal(&mut self) -> Result<Literal, OdataError> {
        let start = self.lexer.mark();
        match self.lexer.operand(false)? {
            Token::Literal(literal) => Ok(literal),
            token => {
                if matches!(token, Token::Name(_)) {
                    self.lexer.miss(0, "a literal");
                }
                self.lexer.reset(start);
                Err(self.lexer.unexpected("a literal"))
            }
        }
    }

    /// Reads items with a separator between them around which the grammar has no space.
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

    /// Reads items with commas between them, and space around those.
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
