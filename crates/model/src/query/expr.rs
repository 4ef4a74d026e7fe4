use super::{Comparison, TextCase, TextTest, TimePart};
use crate::entities::GrantState;
use crate::{Collection, Property, Reference, Timestamp, Value};

/// A bound filter expression. Every expression is true or false, never unknown: a comparison with null is
/// false, except for equality with null itself (OData 4.01, part 2, 5.1.1.1).
#[derive(Clone, Debug)]
pub enum Expr {
    /// Always true or always false.
    Const(bool),
    /// Compares a column with a non-null value. If the column is null, only `Ne` is true.
    Compare(Property, Comparison, Value),
    /// The column is null.
    IsNull(Property),
    /// The column equals one of several non-null values.
    In(Property, Vec<Value>),
    /// The column matches a text.
    Text {
        /// The column.
        property: Property,
        /// Kind of match.
        test: TextTest,
        /// Text to match.
        text: String,
        /// Case conversion of the column.
        case: TextCase,
    },
    /// Compares a part of a timestamp column with a number. If the column is null, only `Ne` is true.
    Part(Property, TimePart, Comparison, i64),
    /// The referenced row exists and meets the condition.
    Through(&'static Reference, Box<Expr>),
    /// At least one row of the collection meets the condition.
    Any(&'static Collection, Box<Expr>),
    /// Compares the number of the collection's rows that meet the condition with a number.
    Count(&'static Collection, Box<Expr>, Comparison, i64),
    /// The grant has one of these states at the time.
    State(Vec<GrantState>, Timestamp),
    /// All of the expressions.
    And(Vec<Expr>),
    /// At least one of the expressions.
    Or(Vec<Expr>),
    /// Negation.
    Not(Box<Expr>),
}

impl Expr {
    /// Returns the conjunction, without a node for operands that are always true.
    ///
    /// ```
    /// use model::query::Expr;
    ///
    /// assert!(matches!(Expr::Const(true).and(Expr::Const(false)), Expr::Const(false)));
    /// assert!(matches!(Expr::Const(false).negated(), Expr::Const(true)));
    /// ```
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

    /// Returns the disjunction, as a flat list instead of a tree.
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

    /// Returns the negation.
    #[must_use]
    pub fn negated(self) -> Self {
        match self {
            Self::Const(value) => Self::Const(!value),
            Self::Not(inner) => *inner,
            other => Self::Not(Box::new(other)),
        }
    }
}
