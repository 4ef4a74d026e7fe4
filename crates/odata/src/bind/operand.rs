//! One side of a comparison.

use model::query::{Comparison, Condition, PathName, TextCase, TextTest, TimePart};

use super::constant::Constant;
use super::number::Number;
use super::period::SECOND;
use crate::ast::Binary;

/// One side of a comparison.
pub(super) enum Operand {
    /// A value.
    Constant(Constant),
    /// A property.
    Property(PathName),
    /// A part of a property's moment.
    Part(PathName, TimePart),
    /// A property in another case.
    Cased(PathName, TextCase),
    /// The number of a collection's rows that meet a condition.
    Count(PathName, Option<Box<Condition>>),
    /// A condition.
    Condition(Condition),
    /// Something with a property that no property allows.
    Refused(PathName, &'static str),
}

pub(super) fn equal_text(path: PathName, text: &str, case: TextCase) -> Condition {
    Condition::Text { path, test: TextTest::Equals, text: text.to_owned(), case }
}

pub(super) const fn case_name(case: TextCase) -> &'static str {
    match case {
        TextCase::Upper => "toupper",
        TextCase::AsIs | TextCase::Lower => "tolower",
    }
}

/// A value as the number that a part of a moment is compared with.
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

/// A whole number compared with any: between two whole numbers, what is less and what is greater is clear.
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
