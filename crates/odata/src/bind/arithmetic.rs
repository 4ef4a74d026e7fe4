//! Arithmetic of constant values.

use std::cmp::Ordering;

use super::constant::Constant;
use super::number::Number;
use super::temporal::{self, DAY};
use crate::ast::Binary;

/// Negates a number or a duration. Returns `None` on overflow.
pub(super) fn negated(value: &Constant) -> Result<Option<Constant>, String> {
    match value {
        Constant::Null => Ok(Some(Constant::Null)),
        Constant::Number(number) => Ok(number.negated().map(Constant::Number)),
        Constant::Duration(micros) => Ok(micros.checked_neg().map(Constant::Duration)),
        other => Err(format!("'-' requires a number or a duration, not {}", other.kind())),
    }
}

/// Applies `add sub mul div divby mod` to numbers, dates, timestamps and durations (OData 4.01 part 2,
/// section 5.1.1.2). Returns `None` if there is no representable result.
pub(super) fn arithmetic(
    operator: Binary,
    left: &Constant,
    right: &Constant,
) -> Result<Option<Constant>, String> {
    use Constant::{Date, Duration, Moment, Null, Number as Num};
    Ok(match (operator, left, right) {
        (_, Null, _) | (_, _, Null) => Some(Null),
        (_, Num(left), Num(right)) => left.apply(operator, *right).map(Num),
        (Binary::Add, Moment { micros, offset }, Duration(more)) => moved(*micros, *offset, *more),
        (Binary::Sub, Moment { micros, offset }, Duration(less)) => {
            less.checked_neg().and_then(|less| moved(*micros, *offset, less))
        }
        (Binary::Sub, Moment { micros: left, .. }, Moment { micros: right, .. }) => {
            left.checked_sub(*right).map(Duration)
        }
        // Version 4.01 allows a duration without its `duration` prefix.
        (_, Moment { .. } | Date(_), Constant::Text(text)) => {
            return arithmetic(operator, left, &Duration(temporal::duration(text)?));
        }
        (Binary::Add, Date(days), Duration(more)) => later(*days, *more),
        (Binary::Sub, Date(days), Duration(less)) => less.checked_neg().and_then(|less| later(*days, less)),
        (Binary::Sub, Date(left), Date(right)) => {
            left.checked_sub(*right).and_then(|days| days.checked_mul(DAY)).map(Duration)
        }
        (Binary::Add, Duration(left), Duration(right)) => left.checked_add(*right).map(Duration),
        (Binary::Sub, Duration(left), Duration(right)) => left.checked_sub(*right).map(Duration),
        (Binary::Mul, Duration(micros), Num(number)) | (Binary::Mul, Num(number), Duration(micros)) => {
            scaled(*micros, Binary::Mul, *number)
        }
        (Binary::Div | Binary::DivBy, Duration(micros), Num(number)) => {
            scaled(*micros, Binary::DivBy, *number)
        }
        _ => {
            let (left, right) = (left.kind(), right.kind());
            return Err(format!("'{}' is not defined for {left} and {right}", operator.name()));
        }
    })
}

fn moved(micros: i64, offset: i64, by: i64) -> Option<Constant> {
    Some(Constant::Moment { micros: micros.checked_add(by)?, offset })
}

/// Adds the whole days of a duration to a date.
fn later(days: i64, by: i64) -> Option<Constant> {
    days.checked_add(by.div_euclid(DAY)).map(Constant::Date)
}

fn scaled(micros: i64, operator: Binary, by: Number) -> Option<Constant> {
    let is_zero = by.compare(Number::Whole(0)) == Some(Ordering::Equal);
    let scaled =
        if operator == Binary::DivBy && is_zero { None } else { Number::Whole(micros).apply(operator, by) };
    scaled?.floor().map(Constant::Duration)
}
