//! Parser: recursive descent for options, precedence climbing for expressions.

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

/// Maximum length of an option's value, in bytes.
pub const MAX_LENGTH: usize = 16 * 1024;
/// Maximum nesting of parentheses, functions, conditions and options, and height of the tree.
pub const MAX_DEPTH: usize = 64;
/// Maximum number of values, names and operators in one option.
pub const MAX_NODES: usize = 2000;

/// Parses the value of `$filter`, or any expression (`commonExpr`).
///
/// ```
/// use odata::ast::{Binary, Kind};
///
/// let expr = odata::parse::filter("Name eq 'x' or Active")?;
/// let Kind::Or(all) = &expr.kind else { panic!("a disjunction") };
/// assert!(matches!(all[0].kind, Kind::Binary(Binary::Eq, ..)));
/// assert_eq!((all[1].at, expr.to_string()), (15, "Name eq 'x' or Active".to_owned()));
/// # Ok::<(), odata::OdataError>(())
/// ```
pub fn filter(text: &str) -> Result<Expr, OdataError> {
    tolerant(OptionName::Filter, text, Parser::expression)
}

/// Parses the value of `$orderby`.
///
/// ```
/// let items = odata::parse::order_by("Name desc,Id")?;
/// assert_eq!((items[0].descending, items[1].descending), (true, false));
/// # Ok::<(), odata::OdataError>(())
/// ```
pub fn order_by(text: &str) -> Result<Vec<OrderItem>, OdataError> {
    tolerant(OptionName::OrderBy, text, Parser::order_items)
}

/// Parses the value of `$select`.
///
/// ```
/// let items = odata::parse::select("Name,User/Name")?;
/// assert_eq!(items[1].path, ["User", "Name"]);
/// # Ok::<(), odata::OdataError>(())
/// ```
pub fn select(text: &str) -> Result<Vec<SelectItem>, OdataError> {
    tolerant(OptionName::Select, text, Parser::select_items)
}

/// Parses the value of `$expand`.
///
/// ```
/// let items = odata::parse::expand("User($select=Name),Tokens/$count")?;
/// assert_eq!(items[0].options.select[0].path, ["Name"]);
/// assert_eq!(items[1].shape, odata::ast::ExpandShape::Count);
/// # Ok::<(), odata::OdataError>(())
/// ```
pub fn expand(text: &str) -> Result<Vec<ExpandItem>, OdataError> {
    tolerant(OptionName::Expand, text, Parser::expand_items)
}

/// Parses the value of `$search`.
///
/// ```
/// use odata::ast::Search;
///
/// let terms = ["deploy", "staging"].map(|term| Search::Term(term.to_owned()));
/// assert_eq!(odata::parse::search("deploy staging"), Ok(Search::And(terms.to_vec())));
/// ```
pub fn search(text: &str) -> Result<Search, OdataError> {
    tolerant(OptionName::Search, text, Parser::search)
}

/// Parses the value of `$compute`.
///
/// ```
/// let items = odata::parse::compute("year(CreatedTimestamp) as Year")?;
/// assert_eq!(items[0].alias, "Year");
/// # Ok::<(), odata::OdataError>(())
/// ```
pub fn compute(text: &str) -> Result<Vec<ComputeItem>, OdataError> {
    tolerant(OptionName::Compute, text, Parser::compute_items)
}

/// Parses the value of `$apply`.
///
/// ```
/// let steps = odata::parse::apply("filter(Active)/groupby((Kind))")?;
/// assert_eq!(steps.iter().map(|step| step.name()).collect::<Vec<_>>(), ["filter", "groupby"]);
/// # Ok::<(), odata::OdataError>(())
/// ```
pub fn apply(text: &str) -> Result<Vec<Transformation>, OdataError> {
    tolerant(OptionName::Apply, text, Parser::transformations)
}

/// Parses the value of a parameter alias.
///
/// ```
/// let error = odata::parse::alias("p", "1 add").unwrap_err();
/// assert_eq!((error.target(), error.position()), (Some("@p"), Some(5)));
/// ```
pub fn alias(name: &str, text: &str) -> Result<Expr, OdataError> {
    read_all(&format!("@{name}"), text, Strictness::Tolerant, Parser::expression)
}

/// Parses one literal (`primitiveLiteral`).
///
/// ```
/// use odata::ast::Literal;
/// use odata::parse::literal;
///
/// assert_eq!(literal("'it''s'"), Ok(Literal::Text("it's".to_owned())));
/// assert_eq!(literal("2026-08-01"), Ok(Literal::Date("2026-08-01".to_owned())));
/// assert!(literal("2026-13-01").is_err());
/// ```
pub fn literal(text: &str) -> Result<Literal, OdataError> {
    read_all("literal", text, Strictness::Tolerant, Parser::literal)
}

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

/// Parses the value of one system query option into `options`. A duplicate option in a nested list is
/// returned as an error value, as it is valid syntax.
pub fn option<'a>(
    name: OptionName,
    given: Input<'a>,
    options: &mut Options,
) -> Result<Option<OdataError>, OdataError> {
    read_input(name.name(), given, |parser: &mut Parser<'a>| {
        parser.option(name, options)?;
        Ok(parser.duplicate.take())
    })
}

fn tolerant<'a, T>(
    name: OptionName,
    text: &'a str,
    read: impl FnOnce(&mut Parser<'a>) -> Result<T, OdataError>,
) -> Result<T, OdataError> {
    read_all(name.name(), text, Strictness::Tolerant, |parser| {
        let result = read(parser)?;
        parser.duplicate.take().map_or(Ok(result), Err)
    })
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
    result.map_err(|error| parser.lexer.furthest(error))
}

/// The state of the parser of one text. Each method reads one rule of the grammar.
pub struct Parser<'a> {
    /// The lexer of the text.
    pub lexer: Lexer<'a>,
    depth: usize,
    nodes: usize,
    next_operator: Option<expr::Peeked>,
    /// Whether the expression is a condition of `case`, without a parenthesis between.
    in_case: bool,
    /// The first duplicate option of a nested list.
    duplicate: Option<OdataError>,
}

impl<'a> Parser<'a> {
    pub(crate) const fn new(lexer: Lexer<'a>) -> Self {
        Self { lexer, depth: 0, nodes: 0, next_operator: None, in_case: false, duplicate: None }
    }

    /// Reads a recursive rule one level deeper.
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

    /// Creates an expression within the limits.
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
