//! What a URL's query options say, as a typed tree.
//!
//! The tree is syntax only: a name is a name, whether or not the model has it.
//! Two expressions are equal when they say the same, wherever they stand.

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
    /// Names with values in braces, as JSON writes an object.
    Object(Vec<(String, Expr)>),
    /// `case(…)`: conditions, each with the value where it is the first to hold.
    Case(Vec<(Expr, Expr)>),
    /// `cast(…)` and `isof(…)`
    Typed(Typed),
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
    /// `$these`: at the collection on which an expression of `$apply` is evaluated.
    These,
    /// `@name`: at the value of a parameter alias.
    Alias(String),
}

/// One segment of a path.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// A property, a range variable, or a type when it has a dot.
    Name(String),
    /// `@Namespace.Term`, with `#Qualifier` where it has one.
    Annotation(String),
    /// A function with parameters by their names, or a row of a collection by a key of several values.
    Call(Call),
    /// `(…)`: the row of the collection before it with this key.
    Key(Key),
    /// `(A=…,B=…)`: the same with a key of several values.
    NamedKey(Vec<Arg>),
    /// A key as a segment of its own, which is not a name.
    KeySegment(String),
    /// `any(…)`; without a condition: not empty.
    Any(Option<Lambda>),
    /// `all(…)`
    All(Lambda),
    /// `$count`, with options in parentheses or none.
    Count(Box<Options>),
    /// `$filter(…)`
    Filter(Box<Expr>),
    /// `aggregate(…)`
    Aggregate(Box<Aggregate>),
}

/// A value in the parentheses of a key or of a function in a path.
#[derive(Clone, Debug, PartialEq)]
pub enum Key {
    /// The value itself.
    Literal(Literal),
    /// `@name`: the value of a parameter alias.
    Alias(String),
}

/// A value seen as of another type, or the question whether it is of one.
#[derive(Clone, Debug, PartialEq)]
pub struct Typed {
    /// Whether this is the question (`isof`).
    pub is_of: bool,
    /// The value; the row in question where there is none.
    pub value: Option<Box<Expr>>,
    /// The type's name.
    pub name: String,
    /// Whether a collection of them is meant.
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
