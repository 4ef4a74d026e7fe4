use std::cmp::Ordering;

use super::{Literal, Search, TimePart};

/// The way to a property: references by name, then the property.
pub type PathName = Vec<String>;

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// Equal.
    Eq,
    /// Not equal.
    Ne,
    /// Greater.
    Gt,
    /// Greater or equal.
    Ge,
    /// Less.
    Lt,
    /// Less or equal.
    Le,
}

impl Comparison {
    /// As a filter expression writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Eq => "eq",
            Self::Ne => "ne",
            Self::Gt => "gt",
            Self::Ge => "ge",
            Self::Lt => "lt",
            Self::Le => "le",
        }
    }

    /// Whether it holds of two values of which the first is so ordered towards the second.
    pub fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Eq => order.is_eq(),
            Self::Ne => order.is_ne(),
            Self::Gt => order.is_gt(),
            Self::Ge => order.is_ge(),
            Self::Lt => order.is_lt(),
            Self::Le => order.is_le(),
        }
    }

    /// The comparison that holds where this one does not.
    #[must_use]
    pub const fn opposite(self) -> Self {
        match self {
            Self::Eq => Self::Ne,
            Self::Ne => Self::Eq,
            Self::Gt => Self::Le,
            Self::Ge => Self::Lt,
            Self::Lt => Self::Ge,
            Self::Le => Self::Gt,
        }
    }

    /// The same comparison with its sides exchanged.
    #[must_use]
    pub const fn flipped(self) -> Self {
        match self {
            Self::Gt => Self::Lt,
            Self::Ge => Self::Le,
            Self::Lt => Self::Gt,
            Self::Le => Self::Ge,
            same => same,
        }
    }
}

/// Where one text is looked for in another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextTest {
    /// Anywhere.
    Contains,
    /// At the beginning.
    StartsWith,
    /// At the end.
    EndsWith,
    /// As the whole.
    Equals,
}

/// In which case a text is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextCase {
    /// As it is.
    AsIs,
    /// In lower case.
    Lower,
    /// In upper case.
    Upper,
}

impl TextCase {
    /// A text in this case.
    pub fn of(self, text: &str) -> String {
        match self {
            Self::AsIs => text.to_owned(),
            Self::Lower => text.to_lowercase(),
            Self::Upper => text.to_uppercase(),
        }
    }
}

impl TextTest {
    /// As a filter expression writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Contains => "contains",
            Self::StartsWith => "startswith",
            Self::EndsWith => "endswith",
            Self::Equals => "eq",
        }
    }
}

/// Which rows a query asks for, in names and literals.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// A property compared with a literal.
    Compare(PathName, Comparison, Literal),
    /// As [`Condition::Compare`], and true as well where the property is null.
    OrNull(PathName, Comparison, Literal),
    /// A property equal to one of several literals.
    In(PathName, Vec<Literal>),
    /// A text found in a property, or, where it is a reference, in what a search of the referenced row looks at.
    Text {
        /// The property.
        path: PathName,
        /// Where it is looked for.
        test: TextTest,
        /// What is looked for.
        text: String,
        /// The case in which the property is looked at; the text is not changed.
        case: TextCase,
    },
    /// What the row mentions, as a search finds it.
    Mentions(Search),
    /// A part of a property's moment compared with a number; none is null.
    Part(PathName, TimePart, Comparison, Option<i64>),
    /// The number of a collection's rows, or of those that meet a condition, compared with another.
    Count(PathName, Option<Box<Condition>>, Comparison, i64),
    /// A function or an operator that no property allows: binding says what this property does allow.
    Refused(PathName, &'static str),
    /// A collection of which at least one row meets a condition; without one: which is not empty.
    Any(PathName, Option<Box<Condition>>),
    /// A collection of which every row meets a condition.
    All(PathName, Box<Condition>),
    /// Both.
    And(Box<Condition>, Box<Condition>),
    /// At least one.
    Or(Box<Condition>, Box<Condition>),
    /// Not.
    Not(Box<Condition>),
    /// Always, or never.
    Constant(bool),
}
