use super::{Comparison, TextCase, TextTest, TimePart};
use crate::{Collection, Property, Reference, Value};

/// Which rows a bound query gives. Every expression is true or false, never unknown:
/// a comparison with null is false, but for equality with null itself (OData 4.01, part 2, 5.1.1.1).
#[derive(Clone, Debug)]
pub enum Expr {
    /// Always, or never.
    Const(bool),
    /// A column compared with a value that is not null; false where the column is null, but for `Ne`.
    Compare(Property, Comparison, Value),
    /// A column without a value.
    IsNull(Property),
    /// A column equal to one of several values, none of them null.
    In(Property, Vec<Value>),
    /// A text found in a column.
    Text {
        /// The column.
        property: Property,
        /// Where it is looked for.
        test: TextTest,
        /// What is looked for.
        text: String,
        /// The case in which the column is looked at.
        case: TextCase,
    },
    /// A part of a column's moment compared with a number; false where the column is null, but for `Ne`.
    Part(Property, TimePart, Comparison, i64),
    /// The row that a reference points to exists and meets a condition.
    Through(&'static Reference, Box<Expr>),
    /// At least one row of a collection meets a condition.
    Any(&'static Collection, Box<Expr>),
    /// The number of a collection's rows that meet a condition, compared with another.
    Count(&'static Collection, Box<Expr>, Comparison, i64),
    /// All of them.
    And(Vec<Expr>),
    /// At least one of them.
    Or(Vec<Expr>),
    /// Not.
    Not(Box<Expr>),
}

impl Expr {
    /// Both, without building a tree for what is always true.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Const(true), expr) | (expr, Self::Const(true)) => expr,
            (Self::And(mut all), expr) => {
                all.push(expr);
                Self::And(all)
            }
            (left, right) => Self::And(vec![left, right]),
        }
    }

    /// At least one; alternatives of alternatives are kept in one list, not in a tree.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Or(mut any), expr) => {
                any.push(expr);
                Self::Or(any)
            }
            (left, right) => Self::Or(vec![left, right]),
        }
    }

    /// The opposite.
    #[must_use]
    pub fn negated(self) -> Self {
        match self {
            Self::Const(value) => Self::Const(!value),
            Self::Not(inner) => *inner,
            other => Self::Not(Box::new(other)),
        }
    }
}
