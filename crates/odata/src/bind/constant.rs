//! Values of expressions that are the same for every row.

use std::cmp::Ordering;

use model::query::{Comparison, Literal as Value};
use model::{Timestamp, Uuid};

use super::number::Number;
use super::temporal::{self, DAY};
use crate::ast::{Expr, Kind, Literal};
use crate::metadata::NAMESPACE;

/// A value. Timestamps, times and durations are in microseconds, dates in days since 1970-01-01.
#[derive(Clone, Debug)]
pub(super) enum Constant {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    Guid(Uuid),
    Date(i64),
    Time(i64),
    /// A timestamp, with its written UTC offset in minutes.
    Moment {
        micros: i64,
        offset: i64,
    },
    Duration(i64),
    /// A literal that is only passed on.
    Other(Literal),
}

impl Constant {
    /// Converts a literal.
    pub(super) fn from_literal(literal: &Literal) -> Result<Self, String> {
        Ok(match literal {
            Literal::Null => Self::Null,
            Literal::Bool(value) => Self::Bool(*value),
            Literal::Int(number) => Self::Number(Number::Whole(*number)),
            Literal::Decimal(text) => Self::Number(Number::parse(text).ok_or("expected a number")?),
            Literal::NotFinite(value) => Self::Number(Number::not_finite(*value)),
            Literal::Text(text) => Self::Text(text.clone()),
            Literal::Guid(id) => Self::Guid(*id),
            Literal::Date(text) => Self::Date(temporal::date(text)?),
            Literal::TimeOfDay(text) => Self::Time(temporal::time_of_day(text)?),
            Literal::DateTimeOffset(text) => {
                let (micros, offset) = temporal::moment(text)?;
                Self::Moment { micros, offset }
            }
            Literal::Duration(text) => Self::Duration(temporal::duration(text)?),
            Literal::Enum(..) | Literal::Binary(_) | Literal::Geo(..) => Self::Other(literal.clone()),
        })
    }

    /// Converts the value to the model's notation. Values that no attribute can hold are passed on as text,
    /// so that the model reports the attribute's type.
    pub(super) fn value(&self) -> Result<Value, String> {
        let moment = |micros| Value::Time(Timestamp::from_micros(micros));
        Ok(match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(*value),
            Self::Number(number) => {
                number.whole().map_or_else(|| Value::Number(number.to_string()), Value::Int)
            }
            Self::Text(text) => Value::Text(text.clone()),
            Self::Guid(id) => Value::Guid(*id),
            Self::Date(days) => moment(days.checked_mul(DAY).ok_or("this date is out of range")?),
            Self::Moment { micros, .. } => moment(*micros),
            Self::Other(Literal::Enum(name, members)) => member(name, members)?,
            Self::Other(literal) => Value::Number(literal.to_string()),
            Self::Time(_) | Self::Duration(_) => Value::Number(self.kind().to_owned()),
        })
    }

    /// Returns the kind for error messages.
    pub(super) const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a Boolean",
            Self::Number(_) => "a number",
            Self::Text(_) => "a text",
            Self::Guid(_) => "a guid",
            Self::Date(_) => "a date",
            Self::Time(_) => "a time of day",
            Self::Moment { .. } => "a date and time",
            Self::Duration(_) => "a duration",
            Self::Other(Literal::Enum(..)) => "a member of an enumeration",
            Self::Other(_) => "binary or geographic data",
        }
    }

    /// Orders two values. Returns an error for kinds that cannot be compared, and `None` if one is NaN, or if
    /// they differ and their kind has no order.
    pub(super) fn compare(&self, other: &Self) -> Result<Option<Ordering>, String> {
        Ok(match (self, other) {
            (Self::Bool(left), Self::Bool(right)) => Some(left.cmp(right)),
            (Self::Number(left), Self::Number(right)) => left.compare(*right),
            (Self::Text(left), Self::Text(right)) => Some(left.as_bytes().cmp(right.as_bytes())),
            (Self::Guid(left), Self::Guid(right)) => Some(left.cmp(right)),
            (Self::Date(left), Self::Date(right))
            | (Self::Time(left), Self::Time(right))
            | (Self::Duration(left), Self::Duration(right))
            | (Self::Moment { micros: left, .. }, Self::Moment { micros: right, .. }) => {
                Some(left.cmp(right))
            }
            // A date compares by its first instant, as properties do.
            (Self::Date(days), Self::Moment { micros, .. }) => Some(days.saturating_mul(DAY).cmp(micros)),
            (Self::Moment { micros, .. }, Self::Date(days)) => Some(micros.cmp(&days.saturating_mul(DAY))),
            (Self::Other(left), Self::Other(right)) if left.kind() == right.kind() => {
                (left == right).then_some(Ordering::Equal)
            }
            _ => return Err(format!("{} cannot be compared with {}", self.kind(), other.kind())),
        })
    }
}

/// Returns whether a comparison holds. With null, only equality can hold (OData 4.01 part 2, section
/// 5.1.1.1).
pub(super) fn holds(comparison: Comparison, left: &Constant, right: &Constant) -> Result<bool, String> {
    let is_equality = matches!(comparison, Comparison::Eq | Comparison::Ne);
    match (left, right) {
        (Constant::Null, Constant::Null) => Ok(comparison == Comparison::Eq),
        (Constant::Null, _) | (_, Constant::Null) => Ok(comparison == Comparison::Ne),
        _ => match left.compare(right)? {
            Some(order) => Ok(comparison.holds(order)),
            None if is_equality || matches!(left, Constant::Number(_)) => Ok(comparison == Comparison::Ne),
            None => Err(format!("{} cannot be ordered", left.kind())),
        },
    }
}

/// Converts a literal expression to the model's notation.
pub(super) fn literal_value(expr: &Expr) -> Result<Value, String> {
    match &expr.kind {
        Kind::Literal(literal) => Constant::from_literal(literal)?.value(),
        _ => Err("expected a value".to_owned()),
    }
}

/// Converts a member of one of the model's enumerations, such as `Erp.GrantKind'DeviceCode'`.
fn member(name: &str, members: &str) -> Result<Value, String> {
    let known = name
        .rsplit_once('.')
        .filter(|(namespace, _)| *namespace == NAMESPACE)
        .is_some_and(|(_, name)| crate::metadata::enum_types().iter().any(|known| known.wire_name() == name));
    if !known {
        return Err(format!("there is no enumeration '{name}'"));
    }
    if members.contains(',') {
        return Err(format!("'{name}' takes a single member"));
    }
    Ok(Value::Member(members.to_owned()))
}
