use super::Literal;

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
}

impl TextTest {
    /// As a filter expression writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Contains => "contains",
            Self::StartsWith => "startswith",
            Self::EndsWith => "endswith",
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
    /// A text found in a property; `fold` disregards upper and lower case.
    Text {
        /// The property.
        path: PathName,
        /// Where it is looked for.
        test: TextTest,
        /// What is looked for.
        text: String,
        /// Whether upper and lower case are the same.
        fold: bool,
    },
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
