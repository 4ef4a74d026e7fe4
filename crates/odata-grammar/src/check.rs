//! Check of a text against a rule.

use odata::ast::path::Target;
use odata::parse::target;
use odata::syntax::{OptionName, Strictness, arity, decode, encoded_index, read_all};

use crate::encoded::{decoded, fragment, option_with_name};
use crate::mismatch::Mismatch;
use crate::read::Read;
use crate::{charset, expressions, literals, names, parts, query, values};

/// Rules whose text begins with the name of an option.
const OPTIONS: [(&str, OptionName); 18] = [
    ("filter", OptionName::Filter),
    ("orderby", OptionName::OrderBy),
    ("select", OptionName::Select),
    ("expand", OptionName::Expand),
    ("search", OptionName::Search),
    ("apply", OptionName::Apply),
    ("compute", OptionName::Compute),
    ("top", OptionName::Top),
    ("skip", OptionName::Skip),
    ("inlinecount", OptionName::Count),
    ("count", OptionName::Count),
    ("levels", OptionName::Levels),
    ("format", OptionName::Format),
    ("index", OptionName::Index),
    ("id", OptionName::Id),
    ("skiptoken", OptionName::SkipToken),
    ("deltatoken", OptionName::DeltaToken),
    ("schemaversion", OptionName::SchemaVersion),
];

/// Checks a text against a rule of the ABNF.
///
/// The text of an option's rule may have the option's name before it, as in `$filter=Name eq 'x'`.
///
/// ```
/// use odata_grammar::check;
///
/// assert_eq!(check("dateValue", "2026-08-01"), Ok(()));
/// assert_eq!(check("commonExpr", "Name eq"), check("filter", "Name eq"));
/// ```
///
/// # Errors
/// The mismatch has the first character that continues no text of the rule; 0 for an unknown rule.
pub fn check(rule: &str, text: &str) -> Result<(), Mismatch> {
    match rule {
        // The rule of this name describes the path segment; that of the option is `inlinecount`.
        "count" if text.starts_with('/') => segment(text, "/$count"),
        "ref" => segment(text, "/$ref"),
        "value" => segment(text, "/$value"),
        "each" => segment(text, "/$each"),
        "querySegment" => segment(text, "/$query"),
        "resourcePath" => resource_path(text),
        "odataRelativeUri" => relative_uri(text),
        "odataUri" => parts::uri(text),
        _ => {
            if let Some((_, option)) = OPTIONS.iter().find(|(name, _)| *name == rule) {
                return option_with_name(*option, text);
            }
            if let Some(kind) = query::Kind::from_rule(rule) {
                return query::check(kind, text, 0);
            }
            if let Some(result) = parts::part(rule, text).or_else(|| charset::check(rule, text)) {
                return result;
            }
            match read_of(rule) {
                Some(read) if literals::is_payload(rule) => read_all(rule, text, Strictness::Exact, read)
                    .map_err(|error| Mismatch::from_error(&error, text, 0)),
                Some(read) if names::is_of_fragment(rule) => fragment(rule, text, 0, read),
                Some(read) => decoded(rule, text, 0, read),
                None => check_otherwise(rule, text),
            }
        }
    }
}

/// Checks a text against the rule of a function, or against a rule whose name is given in other case.
fn check_otherwise(rule: &str, text: &str) -> Result<(), Mismatch> {
    match (rule.strip_suffix("MethodCallExpr"), as_the_grammar_writes_it(rule)) {
        (Some(function), _) => method_call(function, text),
        (None, Some(name)) if name != rule => check(name, text),
        _ => Err(Mismatch { at: 0, message: format!("unknown rule '{rule}'") }),
    }
}

/// Names of all rules of the OData ABNF for 4.01 and of the ABNF for data aggregation, one per line.
pub const RULE_NAMES: &str = include_str!("rule_names.txt");

/// Returns the name of a rule as the grammar spells it: ABNF rule names are case-insensitive (RFC 5234,
/// section 2.1).
fn as_the_grammar_writes_it(rule: &str) -> Option<&'static str> {
    RULE_NAMES.lines().find(|name| name.eq_ignore_ascii_case(rule))
}

/// Checks a call of the standard function that a rule name such as `containsMethodCallExpr` contains.
fn method_call(function: &str, text: &str) -> Result<(), Mismatch> {
    let name = match function {
        "distance" => "geo.distance".to_owned(),
        "geoLength" => "geo.length".to_owned(),
        "intersects" => "geo.intersects".to_owned(),
        other => other.to_ascii_lowercase(),
    };
    if name != "case" && arity(&name).is_none() {
        return Err(Mismatch { at: 0, message: format!("unknown rule '{function}MethodCallExpr'") });
    }
    let value = decode(function, text).map_err(|error| Mismatch::from_error(&error, text, 0))?;
    if !value.get(..name.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(&name)) {
        return Err(Mismatch { at: 0, message: format!("expected '{name}'") });
    }
    match decoded(function, text, 0, expressions::method_call) {
        Err(Mismatch { at: 0, .. }) => {
            let at = encoded_index(text, name.chars().count());
            Err(Mismatch { at, message: format!("expected '(' after '{name}'") })
        }
        result => result,
    }
}

fn read_of(rule: &str) -> Option<Read> {
    values::read_of(rule)
        .or_else(|| expressions::read_of(rule))
        .or_else(|| literals::read_of(rule))
        .or_else(|| names::read_of(rule))
}

fn segment(text: &str, wanted: &'static str) -> Result<(), Mismatch> {
    read_all("segment", text, Strictness::Exact, |parser| parser.lexer.expect_text(wanted))
        .map_err(|error| Mismatch::from_error(&error, text, 0))
}

fn resource_path(text: &str) -> Result<(), Mismatch> {
    if text.is_empty() {
        return Err(Mismatch { at: 0, message: "expected the name of a resource".to_owned() });
    }
    match target(text) {
        Ok(Target::Metadata | Target::Batch | Target::Entity(_)) => {
            Err(Mismatch { at: 1, message: "expected $all or $crossjoin".to_owned() })
        }
        Ok(_) => Ok(()),
        Err(error) => Err(Mismatch::from_error(&error, text, 0)),
    }
}

fn relative_uri(text: &str) -> Result<(), Mismatch> {
    let uri = odata::parse::relative_uri(text).map_err(|error| Mismatch::from_error(&error, text, 0))?;
    let end = text.find(['?', '#']).unwrap_or(text.len());
    let path = text.get(..end).unwrap_or_default();
    let path_end = path.chars().count();
    let (kind, required) = match &uri.target {
        Target::Service => return resource_path(path),
        Target::Batch => (query::Kind::Batch, false),
        Target::Metadata => (query::Kind::Metadata, false),
        Target::Entity(None) => (query::Kind::Entity, true),
        Target::Entity(Some(_)) => (query::Kind::EntityCast, true),
        _ => (query::Kind::Any, false),
    };
    match uri.query.as_deref() {
        Some("") if kind == query::Kind::Any => {}
        Some(raw) => query::check(kind, raw, path_end + 1)?,
        None if required => {
            return Err(Mismatch { at: path_end, message: "expected '?' and $id".to_owned() });
        }
        None => {}
    }
    let Some(context) = uri.context else { return Ok(()) };
    let at = text.chars().count() - context.chars().count();
    if kind != query::Kind::Metadata {
        return Err(Mismatch { at: at - 1, message: "only $metadata can have a context".to_owned() });
    }
    fragment("context", &context, at, |parser| parser.context_fragment())
}
