//! What a URL's query options say, as a typed tree.
//!
//! The tree is syntax only: a name is a name, whether or not the model has it.
//! Two expressions are equal when they say the same, wherever they stand.

mod options;

use model::Uuid;

pub use options::{ExpandItem, ExpandShape, Levels, Options, OrderItem, SelectItem};

/// An expression with the place where it stands.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it is.
    pub kind: Kind,
    /// The character where it begins, counted from 0.
    pub at: usize,
    height: usize,
}

impl PartialEq for Expr {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

impl Expr {
    /// An expression that begins at a character.
    pub fn new(kind: Kind, at: usize) -> Self {
        let height = 1 + kind.children().map(|child| child.height).max().unwrap_or(0);
        Self { kind, at, height }
    }

    /// How many expressions contain one another at the most.
    pub const fn height(&self) -> usize {
        self.height
    }
}

/// The kinds of expressions.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A value.
    Literal(Literal),
    /// Values in parentheses, to the right of `in`.
    List(Vec<Expr>),
    /// Values in brackets, as JSON writes an array.
    Array(Vec<Expr>),
    /// The way to a property, or a condition on a collection.
    Path(Path),
    /// A function of values.
    Call(Call),
    /// An operator before its operand.
    Unary(Unary, Box<Expr>),
    /// An operator between its operands.
    Binary(Binary, Box<Expr>, Box<Expr>),
    /// All of them.
    And(Vec<Expr>),
    /// At least one of them.
    Or(Vec<Expr>),
}

impl Kind {
    /// The expressions that it is made of, at once.
    pub(crate) fn children(&self) -> Box<dyn Iterator<Item = &Expr> + '_> {
        match self {
            Self::Literal(_) => Box::new(std::iter::empty()),
            Self::List(all) | Self::Array(all) | Self::And(all) | Self::Or(all) => Box::new(all.iter()),
            Self::Path(path) => Box::new(path.steps.iter().flat_map(Step::children)),
            Self::Call(call) => Box::new(call.args.iter().map(|arg| &arg.value)),
            Self::Unary(_, inner) => Box::new(std::iter::once(inner.as_ref())),
            Self::Binary(_, left, right) => Box::new([left.as_ref(), right.as_ref()].into_iter()),
        }
    }
}

/// A value as the URL writes it (OData ABNF, section 7).
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A whole number of 64 bits.
    Int(i64),
    /// Another finite number, as written.
    Decimal(String),
    /// `NaN`, `INF` or `-INF`
    NotFinite(NotFinite),
    /// An identifier.
    Guid(Uuid),
    /// A calendar date, as written.
    Date(String),
    /// A moment with its offset from UTC, as written.
    DateTimeOffset(String),
    /// A time of a day, as written.
    TimeOfDay(String),
    /// `duration'…'`: a length of time in the notation of XML Schema, as written.
    Duration(String),
    /// Text in single quotes.
    Text(String),
    /// `Namespace.Type'Member,Member'`: the type's full name and what stands between the quotes.
    Enum(String, String),
    /// `binary'…'`
    Binary(Vec<u8>),
}

impl Literal {
    /// The name of the kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "Null",
            Self::Bool(_) => "Bool",
            Self::Int(_) => "Int",
            Self::Decimal(_) => "Decimal",
            Self::NotFinite(_) => "NotFinite",
            Self::Guid(_) => "Guid",
            Self::Date(_) => "Date",
            Self::DateTimeOffset(_) => "DateTimeOffset",
            Self::TimeOfDay(_) => "TimeOfDay",
            Self::Duration(_) => "Duration",
            Self::Text(_) => "Text",
            Self::Enum(..) => "Enum",
            Self::Binary(_) => "Binary",
        }
    }
}

/// Floating-point values that are not finite numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotFinite {
    /// Not a number.
    NaN,
    /// Greater than every number.
    Infinity,
    /// Less than every number.
    NegativeInfinity,
}

/// The way from a row to a property.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// Where it begins.
    pub root: Root,
    /// What follows, one per segment.
    pub steps: Vec<Step>,
}

/// Where a path begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Root {
    /// At the row in question, or at a range variable that the first step names.
    Row,
    /// `$it`: at the row of the resource.
    It,
    /// `$this`: at the row on which the option is evaluated.
    This,
    /// `$root`: at the service.
    Service,
    /// `@name`: at the value of a parameter alias.
    Alias(String),
}

/// One segment of a path.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// A property, a range variable, or a type when it has a dot.
    Name(String),
    /// `@Namespace.Term`
    Annotation(String),
    /// A bound function, or a row of a collection by its key.
    Call(Call),
    /// `any(…)`; without a condition: not empty.
    Any(Option<Lambda>),
    /// `all(…)`
    All(Lambda),
    /// `$count`, with options in parentheses or none.
    Count(Box<Options>),
    /// `$filter(…)`
    Filter(Box<Expr>),
}

impl Step {
    fn children(&self) -> Box<dyn Iterator<Item = &Expr> + '_> {
        match self {
            Self::Any(Some(lambda)) | Self::All(lambda) => Box::new(std::iter::once(lambda.body.as_ref())),
            Self::Filter(inner) => Box::new(std::iter::once(inner.as_ref())),
            Self::Call(call) => Box::new(call.args.iter().map(|arg| &arg.value)),
            Self::Count(options) => Box::new(options.filter.iter()),
            Self::Name(_) | Self::Annotation(_) | Self::Any(None) => Box::new(std::iter::empty()),
        }
    }
}

/// A condition on the rows of a collection.
#[derive(Clone, Debug, PartialEq)]
pub struct Lambda {
    /// The range variable.
    pub variable: String,
    /// The condition.
    pub body: Box<Expr>,
}

/// A function with its arguments.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// The function's name, as written.
    pub name: String,
    /// The arguments.
    pub args: Vec<Arg>,
}

/// One argument of a function.
#[derive(Clone, Debug, PartialEq)]
pub struct Arg {
    /// The parameter, where the call names it.
    pub name: Option<String>,
    /// The value.
    pub value: Expr,
}

/// Operators before their operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unary {
    /// `not`
    Not,
    /// `-`
    Negate,
}

/// Operators between two operands, but for `and` and `or`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Binary {
    Eq,
    Ne,
    Gt,
    Ge,
    Lt,
    Le,
    Has,
    In,
    Add,
    Sub,
    Mul,
    Div,
    DivBy,
    Mod,
}

impl Binary {
    /// Every operator.
    pub const ALL: [Self; 14] = [
        Self::Eq,
        Self::Ne,
        Self::Gt,
        Self::Ge,
        Self::Lt,
        Self::Le,
        Self::Has,
        Self::In,
        Self::Add,
        Self::Sub,
        Self::Mul,
        Self::Div,
        Self::DivBy,
        Self::Mod,
    ];

    /// As an expression writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Eq => "eq",
            Self::Ne => "ne",
            Self::Gt => "gt",
            Self::Ge => "ge",
            Self::Lt => "lt",
            Self::Le => "le",
            Self::Has => "has",
            Self::In => "in",
            Self::Add => "add",
            Self::Sub => "sub",
            Self::Mul => "mul",
            Self::Div => "div",
            Self::DivBy => "divby",
            Self::Mod => "mod",
        }
    }
}
