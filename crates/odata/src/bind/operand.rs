//! Operands of comparisons.

use model::query::{Comparison, Condition, PropertyPath, TextCase, TextTest, TimePart};

use super::constant::Constant;
use super::number::Number;
use super::temporal::SECOND;
use crate::ast::Binary;

/// One operand of a comparison.
pub(super) enum Operand {
    /// A constant.
    Constant(Constant),
    /// A property.
    Property(PropertyPath),
    /// A component of a timestamp property.
    Part(PropertyPath, TimePart),
    /// A text property in upper or lower case.
    Cased(PropertyPath, TextCase),
    /// The number of a collection's rows that meet a condition.
    Count(PropertyPath, Option<Box<Condition>>),
    /// A condition.
    Condition(Condition),
    /// An operation on a property that no property supports.
    Refused(PropertyPath, &'static str),
}

pub(super) fn equal_text(path: PropertyPath, text: &str, case: TextCase) -> Condition {
    Condition::Text { path, test: TextTest::Equals, text: text.to_owned(), case }
}

pub(super) const fn case_name(case: TextCase) -> &'static str {
    match case {
        TextCase::Upper => "toupper",
        TextCase::AsIs | TextCase::Lower => "tolower",
    }
}

/// Converts a value to the number that a timestamp component is compared with.
pub(super) fn part_value(part: TimePart, value: &Constant) -> Option<Number> {
    match (part, value) {
        (TimePart::Date, Constant::Date(number)) | (TimePart::Time, Constant::Time(number)) => {
            Some(Number::Whole(*number))
        }
        (TimePart::Date | TimePart::Time, _) => None,
        (TimePart::FractionalSeconds, Constant::Number(seconds)) => {
            seconds.apply(Binary::Mul, Number::Whole(SECOND))
        }
        (_, Constant::Number(number)) => Some(*number),
        _ => None,
    }
}

pub(super) const fn part_kind(part: TimePart) -> &'static str {
    match part {
        TimePart::Date => "a date",
        TimePart::Time => "a time of day",
        _ => "a number",
    }
}

/// Compares an integer with any number: between two integers, the comparison is decided.
pub(super) fn settled(
    comparison: Comparison,
    number: Number,
    condition: impl FnOnce(Comparison, i64) -> Condition,
) -> Condition {
    if let Some(whole) = number.whole() {
        return condition(comparison, whole);
    }
    match (comparison, number.floor()) {
        (Comparison::Ne, _) => Condition::Constant(true),
        (Comparison::Eq, _) | (_, None) => Condition::Constant(false),
        (Comparison::Lt | Comparison::Le, Some(floor)) => condition(Comparison::Le, floor),
        (Comparison::Gt | Comparison::Ge, Some(floor)) => condition(Comparison::Gt, floor),
    }
}
