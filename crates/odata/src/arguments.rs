//! Arguments of functions (OData 4.01 part 1, section 11.5.4.1.1).

use model::{Method, ParameterType, nearest};

use crate::ast::{Expr, Key, Kind, Literal};
use crate::{OdataError, QueryOptions, parse};

const NULL: &Literal = &Literal::Null;

/// Checks the arguments of a method: `arguments` from the path or, if that has none, the query options named
/// like parameters, with or without `@`.
///
/// # Errors
/// [`OdataError::NotFound`] for an unknown parameter, [`OdataError::DuplicateOption`] for a repeated one, and
/// [`OdataError::BadOption`] for a missing value or one of another type.
pub fn check_arguments(
    method: &Method,
    arguments: &[(String, Key)],
    options: &QueryOptions,
) -> Result<(), OdataError> {
    let in_query = if arguments.is_empty() { from_query(method, options)? } else { Vec::new() };
    let arguments = if arguments.is_empty() { &in_query } else { arguments };
    let aliases = &options.query.aliases;
    for (index, (name, key)) in arguments.iter().enumerate() {
        let parameter =
            method.parameters.iter().find(|parameter| parameter.name == name).ok_or_else(|| {
                let names = method.parameters.iter().map(|parameter| parameter.name);
                let suggestion = nearest(name, names).map(str::to_owned);
                OdataError::NotFound { what: "parameter", name: name.clone(), suggestion }
            })?;
        if arguments[..index].iter().any(|(known, _)| known == name) {
            return Err(OdataError::DuplicateOption { name: name.clone() });
        }
        let value = given(key, aliases);
        let (fits, expected) = match parameter.parameter_type {
            ParameterType::Text => (matches!(value, Some(Literal::Text(_))), "text in single quotes"),
            ParameterType::Bool => (matches!(value, Some(Literal::Bool(_))), "true or false"),
            ParameterType::Int32 => (value.is_some_and(is_int32), "a 32-bit integer"),
            ParameterType::DateTime
            | ParameterType::Objects
            | ParameterType::Row(_)
            | ParameterType::Enum(..) => (value.is_some(), "a value"),
        };
        let is_left_out = value == Some(NULL) && parameter.default.is_some();
        if !(fits || is_left_out) {
            return Err(bad(name, expected));
        }
    }
    let is_given = |name: &str| arguments.iter().any(|(given, _)| given == name);
    let missing =
        method.parameters.iter().find(|parameter| parameter.default.is_none() && !is_given(parameter.name));
    missing.map_or(Ok(()), |parameter| Err(bad(parameter.name, "a value, but has none")))
}

/// Returns the query options that are named like parameters.
fn from_query(method: &Method, options: &QueryOptions) -> Result<Vec<(String, Key)>, OdataError> {
    let mut arguments = Vec::new();
    for name in method.parameters.iter().map(|parameter| parameter.name) {
        if options.query.aliases.iter().any(|(alias, _)| alias == name) {
            arguments.push((name.to_owned(), Key::Alias(name.to_owned())));
        } else if let Some((_, text)) = options.custom.iter().find(|(custom, _)| custom == name) {
            arguments.push((name.to_owned(), Key::Literal(parse::literal(text)?)));
        }
    }
    Ok(arguments)
}

/// Returns the value of an argument, if it is a literal; an alias without a value is null (OData 4.01 part 2,
/// section 5.3).
fn given<'a>(key: &'a Key, aliases: &'a [(String, Expr)]) -> Option<&'a Literal> {
    match key {
        Key::Literal(literal) => Some(literal),
        Key::Alias(alias) => match aliases.iter().find(|(name, _)| name == alias).map(|(_, expr)| &expr.kind)
        {
            None => Some(NULL),
            Some(Kind::Literal(literal)) => Some(literal),
            Some(_) => None,
        },
    }
}

fn is_int32(literal: &Literal) -> bool {
    matches!(literal, Literal::Int(value) if i32::try_from(*value).is_ok())
}

fn bad(name: &str, expected: &str) -> OdataError {
    OdataError::BadOption { name: name.to_owned(), expected: expected.to_owned() }
}
