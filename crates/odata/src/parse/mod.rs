//! Parser: recursive descent for options, precedence climbing for expressions.

mod aggregate;
mod apply;
mod apply_paths;
mod call;
mod context;
mod expand;
mod expr;
mod hints;
mod json;
#[cfg(test)]
mod linear;
mod list;
mod options;
mod parser;
mod path;
mod resource;
mod search;
mod select;

pub use apply_paths::TypeLast;
pub use options::AllowedOptions;
pub use parser::{Input, MAX_DEPTH, MAX_LENGTH, MAX_NODES, Parser, read_all, read_input};
pub use resource::{relative_uri, target};

use crate::OdataError;
use crate::ast::{
    ComputeItem, ExpandItem, Expr, Literal, Options, OrderItem, Search, SelectItem, Transformation,
};
use crate::lexer::Strictness;
use crate::options::OptionName;

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

/// Name of the option that includes the rows of grouping keys.
pub(crate) const EXPAND_GROUP: &str = "expandgroup";

/// Parses the value of `expandgroup`: its grammar is that of `$expand`.
pub(crate) fn expand_group(given: Input<'_>) -> Result<Vec<ExpandItem>, OdataError> {
    read_input(EXPAND_GROUP, given, |parser| {
        let items = parser.expand_items()?;
        parser.duplicate.take().map_or(Ok(items), Err)
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
