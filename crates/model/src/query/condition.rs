use std::cmp::Ordering;

use super::{Literal, Search, TimePart};
use crate::Entity;

/// Path to a property: names of references, then the name of the property.
pub type PropertyPath = Vec<String>;

/// A comparison operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// Equal.
    Eq,
    /// Not equal.
    Ne,
    /// Greater than.
    Gt,
    /// Greater than or equal.
    Ge,
    /// Less than.
    Lt,
    /// Less than or equal.
    Le,
}

impl Comparison {
    /// Returns the operator's name in filter expressions.
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

    /// Returns whether the comparison is true for two values with the given ordering of the first to the
    /// second.
    ///
    /// ```
    /// use model::query::Comparison;
    ///
    /// assert!(Comparison::Ge.holds(7.cmp(&7)));
    /// assert!(!Comparison::Lt.holds(7.cmp(&7)));
    /// ```
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

    /// Returns the negated comparison.
    ///
    /// ```
    /// use model::query::Comparison;
    ///
    /// assert_eq!(Comparison::Gt.opposite(), Comparison::Le);
    /// assert_eq!(Comparison::Gt.flipped(), Comparison::Lt);
    /// ```
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

    /// Returns the comparison with its sides exchanged.
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

/// A text match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextTest {
    /// The text contains the pattern.
    Contains,
    /// The text starts with the pattern.
    StartsWith,
    /// The text ends with the pattern.
    EndsWith,
    /// The text equals the pattern.
    Equals,
}

/// Case conversion of a text before it is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextCase {
    /// No conversion.
    AsIs,
    /// Lower case.
    Lower,
    /// Upper case.
    Upper,
}

impl TextCase {
    /// Converts `text` to this case.
    ///
    /// ```
    /// use model::query::TextCase;
    ///
    /// assert_eq!(TextCase::Lower.apply("Ada"), "ada");
    /// assert_eq!(TextCase::AsIs.apply("Ada"), "Ada");
    /// ```
    pub fn apply(self, text: &str) -> String {
        match self {
            Self::AsIs => text.to_owned(),
            Self::Lower => text.to_lowercase(),
            Self::Upper => text.to_uppercase(),
        }
    }
}

impl TextTest {
    /// Returns the function's name in filter expressions.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Contains => "contains",
            Self::StartsWith => "startswith",
            Self::EndsWith => "endswith",
            Self::Equals => "eq",
        }
    }
}

/// A filter condition, in names and literals.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// Compares a property with a literal.
    Compare(PropertyPath, Comparison, Literal),
    /// Like [`Condition::Compare`], and also true if the property is null.
    OrNull(PropertyPath, Comparison, Literal),
    /// The property equals one of several literals.
    In(PropertyPath, Vec<Literal>),
    /// The property matches a text. For a reference, a search of the referenced row.
    Text {
        /// Path of the property.
        path: PropertyPath,
        /// Kind of match.
        test: TextTest,
        /// Text to match, used as it is.
        text: String,
        /// Case conversion of the property.
        case: TextCase,
    },
    /// The row matches a search.
    Mentions(Search),
    /// Compares a part of a timestamp with a number; `None` stands for null.
    Part(PropertyPath, TimePart, Comparison, Option<i64>),
    /// Compares the number of a collection's rows, or of those that meet a condition, with a number.
    Count(PropertyPath, Option<Box<Condition>>, Comparison, i64),
    /// A function or operator that no property supports. Binding returns an error with the operators that
    /// the property does support.
    Refused(PropertyPath, &'static str),
    /// At least one row of the collection meets the condition; without a condition, the collection is not
    /// empty.
    Any(PropertyPath, Option<Box<Condition>>),
    /// All rows of the collection meet the condition.
    All(PropertyPath, Box<Condition>),
    /// Both conditions.
    And(Box<Condition>, Box<Condition>),
    /// At least one of the conditions.
    Or(Box<Condition>, Box<Condition>),
    /// Negation.
    Not(Box<Condition>),
    /// Always true or always false.
    Constant(bool),
}

impl Condition {
    /// Returns whether the condition names a property that changes with time alone, in its own rows or in rows to which they
    /// refer.
    ///
    /// ```
    /// use model::entities::AccessToken;
    /// use model::query::{Comparison, Condition, Literal};
    /// use model::Record as _;
    ///
    /// let named = |name: &str| {
    ///     let literal = Literal::Text("Live".to_owned());
    ///     Condition::Compare(vec![name.to_owned()], Comparison::Eq, literal)
    /// };
    /// assert!(named("State").depends_on_time(AccessToken::entity()));
    /// assert!(!named("Actor").depends_on_time(AccessToken::entity()));
    /// ```
    pub fn depends_on_time(&self, entity: &'static Entity) -> bool {
        match self {
            Self::Compare(path, ..)
            | Self::OrNull(path, ..)
            | Self::In(path, _)
            | Self::Text { path, .. }
            | Self::Part(path, ..)
            | Self::Refused(path, _) => is_derived(entity, path),
            Self::Mentions(_) | Self::Constant(_) => false,
            Self::Count(path, inner, ..) | Self::Any(path, inner) => {
                inner.as_deref().is_some_and(|inner| of_collection(entity, path, inner))
            }
            Self::All(path, inner) => of_collection(entity, path, inner),
            Self::And(left, right) | Self::Or(left, right) => {
                left.depends_on_time(entity) || right.depends_on_time(entity)
            }
            Self::Not(inner) => inner.depends_on_time(entity),
        }
    }
}

/// Follows the references of a path; `None` if one is unknown.
fn target(entity: &'static Entity, steps: &[String]) -> Option<&'static Entity> {
    steps.iter().try_fold(entity, |entity, step| Some(entity.reference(step)?.target()))
}

fn is_derived(entity: &'static Entity, path: &[String]) -> bool {
    let found = path.split_last().and_then(|(name, steps)| target(entity, steps)?.attribute(name));
    found.is_some_and(|attribute| attribute.derived)
}

fn of_collection(entity: &'static Entity, path: &[String], inner: &Condition) -> bool {
    let found = path.split_last().and_then(|(name, steps)| target(entity, steps)?.collection(name));
    found.is_some_and(|collection| inner.depends_on_time(collection.target()))
}
