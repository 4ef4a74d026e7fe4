//! The scalars of the schema: which JSON values and which literals they take, and what becomes of them.

use apollo_compiler::ast::Value;
use async_graphql::{InputType as _, Number};
use async_graphql_value::ConstValue;

use crate::date_time::DateTime;

/// Why a scalar does not take a value: what it takes.
pub(super) type Expected = String;

/// Coerces a JSON value.
///
/// # Errors
/// What the scalar takes.
pub(super) fn from_json(scalar: &str, value: &ConstValue) -> Result<ConstValue, Expected> {
    match (scalar, value) {
        ("Int", ConstValue::Number(number)) => int(whole(number)),
        ("Float", ConstValue::Number(_))
        | ("String", ConstValue::String(_))
        | ("Boolean", ConstValue::Boolean(_)) => Ok(value.clone()),
        ("ID", ConstValue::Number(number)) => match whole(number) {
            Some(number) => Ok(ConstValue::String(number.to_string())),
            None => Err(expected(scalar)),
        },
        ("ID", ConstValue::String(_)) => Ok(value.clone()),
        ("DateTime", ConstValue::String(_)) => date_time(value.clone()),
        ("JSON", ConstValue::Object(_)) => Ok(value.clone()),
        _ => Err(expected(scalar)),
    }
}

/// Coerces a literal.
///
/// # Errors
/// What the scalar takes.
pub(super) fn from_literal(
    scalar: &str,
    value: &Value,
    variable: &dyn Fn(&str) -> Option<ConstValue>,
) -> Result<ConstValue, Expected> {
    match (scalar, value) {
        ("Int", Value::Int(number)) => int(number.as_str().parse().ok()),
        ("Float", Value::Int(number)) => float(number.try_to_f64().ok()),
        ("Float", Value::Float(number)) => float(number.try_to_f64().ok()),
        ("Boolean", Value::Boolean(value)) => Ok(ConstValue::Boolean(*value)),
        ("ID", Value::Int(number)) => Ok(ConstValue::String(number.as_str().to_owned())),
        ("String" | "ID", Value::String(text)) => Ok(ConstValue::String(text.clone())),
        ("DateTime", Value::String(text)) => date_time(ConstValue::String(text.clone())),
        ("JSON", Value::Object(_)) => untyped(value, variable).ok_or_else(|| expected(scalar)),
        _ => Err(expected(scalar)),
    }
}

/// A literal as JSON, for a scalar that takes any. Nothing where a variable has no value.
fn untyped(value: &Value, variable: &dyn Fn(&str) -> Option<ConstValue>) -> Option<ConstValue> {
    Some(match value {
        Value::Null => ConstValue::Null,
        Value::Boolean(value) => ConstValue::Boolean(*value),
        Value::String(text) => ConstValue::String(text.clone()),
        Value::Enum(name) => ConstValue::String(name.as_str().to_owned()),
        Value::Int(number) => match number.as_str().parse::<i64>() {
            Ok(number) => ConstValue::Number(number.into()),
            Err(_) => ConstValue::Number(Number::from_f64(number.try_to_f64().ok()?)?),
        },
        Value::Float(number) => ConstValue::Number(Number::from_f64(number.try_to_f64().ok()?)?),
        Value::Variable(name) => variable(name)?,
        // In a list the place of an absent variable is null, in an object it is not there.
        Value::List(items) => {
            let item = |item| untyped(item, variable).unwrap_or(ConstValue::Null);
            ConstValue::List(items.iter().map(|value| item(value)).collect())
        }
        Value::Object(fields) => {
            let field = |(name, value): &(apollo_compiler::Name, apollo_compiler::Node<Value>)| {
                Some((async_graphql::Name::new(name.as_str()), untyped(value, variable)?))
            };
            ConstValue::Object(fields.iter().filter_map(field).collect())
        }
    })
}

fn int(number: Option<i64>) -> Result<ConstValue, Expected> {
    let number = number.and_then(|number| i32::try_from(number).ok());
    number.map(|number| ConstValue::Number(number.into())).ok_or_else(|| expected("Int"))
}

fn float(number: Option<f64>) -> Result<ConstValue, Expected> {
    number.and_then(Number::from_f64).map(ConstValue::Number).ok_or_else(|| expected("Float"))
}

fn date_time(value: ConstValue) -> Result<ConstValue, Expected> {
    match DateTime::parse(Some(value.clone())) {
        Ok(_) => Ok(value),
        Err(_) => Err(expected("DateTime")),
    }
}

/// The whole number of a JSON number, which may be written as `1.0`.
fn whole(number: &Number) -> Option<i64> {
    /// Up to here every whole number has a `f64` of its own.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let of_fraction = || number.as_f64().filter(|number| number.fract() == 0.0 && number.abs() <= EXACT);
    #[allow(clippy::cast_possible_truncation, reason = "it is whole and small enough")]
    number.as_i64().or_else(|| of_fraction().map(|number| number as i64))
}

fn expected(scalar: &str) -> Expected {
    match scalar {
        "Int" => "a whole number of the type Int, from -2147483648 to 2147483647".to_owned(),
        "ID" => "a string or a whole number of the type ID".to_owned(),
        "DateTime" => "a DateTime such as \"2026-08-01T00:00:00Z\"".to_owned(),
        "JSON" => "an object of the type JSON".to_owned(),
        other => format!("a value of the type {other}"),
    }
}
