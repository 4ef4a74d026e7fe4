//! Syntax tree of query options.
//!
//! The tree is independent of the model: a name may be unknown to the model. Expressions are equal if they
//! have the same structure, wherever in the text they begin.

pub mod apply;
mod literal;
mod operator;
mod options;
pub mod path;
mod search;

pub use apply::{Aggregate, Aggregated, ComputeItem, Transformation};
pub use literal::{Literal, NotFinite};
pub use operator::{Binary, Unary};
pub use options::{ExpandItem, ExpandShape, Levels, Options, OrderItem, SelectItem};
pub use search::Search;
pub(crate) use search::continues_search_word;
pub use search::is_search_word;

/// An expression with its position.
#[derive(Clone, Debug)]
pub struct Expr {
    /// Kind of expression.
    pub kind: Kind,
    /// First character of the expression, counted from 0.
    pub at: usize,
    height: usize,
}

impl PartialEq for Expr {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

impl Expr {
    /// Creates an expression that begins at character `at`.
    ///
    /// ```
    /// use odata::ast::{Expr, Kind, Literal};
    ///
    /// let one = Expr::new(Kind::Literal(Literal::Int(1)), 0);
    /// let sum = Expr::new(Kind::List(vec![one.clone(), one]), 0);
    /// assert_eq!((sum.height(), sum.to_string()), (2, "(1,1)".to_owned()));
    /// ```
    pub fn new(kind: Kind, at: usize) -> Self {
        let height = 1 + kind.children().map(|child| child.height).max().unwrap_or(0);
        Self { kind, at, height }
    }

    /// Returns the height of the tree: the longest chain of nested expressions.
    pub const fn height(&self) -> usize {
        self.height
    }
}

/// The kinds of expressions.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A literal.
    Literal(Literal),
    /// Values in parentheses, to the right of `in`.
    List(Vec<Expr>),
    /// A JSON array.
    Array(Vec<Expr>),
    /// A JSON object.
    Object(Vec<(String, Expr)>),
    /// `case(…)`: pairs of condition and value; the first condition that holds selects the value.
    Case(Vec<(Expr, Expr)>),
    /// `cast(…)` and `isof(…)`
    Typed(Typed),
    /// A path to a property, or a condition on a collection.
    Path(Path),
    /// A function call.
    Call(Call),
    /// A prefix operator with its operand.
    Unary(Unary, Box<Expr>),
    /// A binary operator with its operands.
    Binary(Binary, Box<Expr>, Box<Expr>),
    /// A conjunction.
    And(Vec<Expr>),
    /// A disjunction.
    Or(Vec<Expr>),
}

impl Kind {
    /// Returns the direct subexpressions.
    pub(crate) fn children(&self) -> Box<dyn Iterator<Item = &Expr> + '_> {
        match self {
            Self::Literal(_) => Box::new(std::iter::empty()),
            Self::List(all) | Self::Array(all) | Self::And(all) | Self::Or(all) => Box::new(all.iter()),
            Self::Object(members) => Box::new(members.iter().map(|(_, value)| value)),
            Self::Case(cases) => Box::new(cases.iter().flat_map(|(condition, value)| [condition, value])),
            Self::Typed(typed) => Box::new(typed.value.iter().map(AsRef::as_ref)),
            Self::Path(path) => Box::new(path.steps.iter().flat_map(Step::children)),
            Self::Call(call) => Box::new(call.args.iter().map(|arg| &arg.value)),
            Self::Unary(_, inner) => Box::new(std::iter::once(inner.as_ref())),
            Self::Binary(_, left, right) => Box::new([left.as_ref(), right.as_ref()].into_iter()),
        }
    }
}

/// A path from a row to a property.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// Start of the path.
    pub root: Root,
    /// The segments.
    pub steps: Vec<Step>,
}

/// Start of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Root {
    /// The current row, or the range variable that the first step names.
    Row,
    /// `$it`: the row of the resource.
    It,
    /// `$this`: the row on which the option is evaluated.
    This,
    /// `$root`: the service.
    Service,
    /// `$these`: the collection on which an expression of `$apply` is evaluated.
    These,
    /// `@name`: a parameter alias.
    Alias(String),
}

/// One segment of a path.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// A property or range variable; a type if it contains a dot.
    Name(String),
    /// `@Namespace.Term`, optionally with `#Qualifier`.
    Annotation(String),
    /// A function with named parameters.
    Call(Call),
    /// `(…)`: selects the row of the preceding collection by its key.
    Key(Key),
    /// `(A=…,B=…)`: selects a row by a composite key.
    NamedKey(Vec<Arg>),
    /// A key as a path segment that is not a name.
    KeySegment(String),
    /// `any(…)`; without a condition: the collection is not empty.
    Any(Option<Lambda>),
    /// `all(…)`
    All(Lambda),
    /// `$count`, optionally with options in parentheses.
    Count(Box<Options>),
    /// `$filter(…)`
    Filter(Box<Expr>),
    /// `aggregate(…)`
    Aggregate(Box<Aggregate>),
}

/// A key value, or an argument of a function in a path.
#[derive(Clone, Debug, PartialEq)]
pub enum Key {
    /// A literal.
    Literal(Literal),
    /// `@name`: a parameter alias.
    Alias(String),
}

/// `cast` or `isof`: a value with a type.
#[derive(Clone, Debug, PartialEq)]
pub struct Typed {
    /// Whether the function is `isof` rather than `cast`.
    pub is_of: bool,
    /// The value; the current row if absent.
    pub value: Option<Box<Expr>>,
    /// Name of the type.
    pub name: String,
    /// Whether the type is a collection of the named type.
    pub collection: bool,
}

impl Step {
    fn children(&self) -> Box<dyn Iterator<Item = &Expr> + '_> {
        match self {
            Self::Any(Some(lambda)) | Self::All(lambda) => Box::new(std::iter::once(lambda.body.as_ref())),
            Self::Filter(inner) => Box::new(std::iter::once(inner.as_ref())),
            Self::Call(Call { args, .. }) | Self::NamedKey(args) => {
                Box::new(args.iter().map(|arg| &arg.value))
            }
            Self::Count(options) => Box::new(options.filter.iter()),
            Self::Aggregate(aggregate) => match &aggregate.of {
                Aggregated::Expr(expr) => Box::new(std::iter::once(expr)),
                Aggregated::Count | Aggregated::Type(..) => Box::new(std::iter::empty()),
            },
            Self::Name(_) | Self::Annotation(_) | Self::Key(_) | Self::KeySegment(_) | Self::Any(None) => {
                Box::new(std::iter::empty())
            }
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

/// A function call.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// Name of the function, as written.
    pub name: String,
    /// The arguments.
    pub args: Vec<Arg>,
}

/// An argument of a function.
#[derive(Clone, Debug, PartialEq)]
pub struct Arg {
    /// Name of the parameter, if given.
    pub name: Option<String>,
    /// The value.
    pub value: Expr,
}
