//! What the path of a URL says, whether or not the model has it.

use super::{Expr, Key, Literal};

/// The path behind the service root.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// Nothing: the service document.
    Service,
    /// `$metadata`
    Metadata,
    /// `$batch`
    Batch,
    /// `$entity`, with the type to which it is cast.
    Entity(Option<String>),
    /// `$all`, with the type of which instances are wanted.
    All(Option<String>),
    /// `$crossjoin(…)` of entity sets.
    CrossJoin {
        /// The entity sets.
        sets: Vec<String>,
        /// Whether the options are in the body (`/$query`).
        query: bool,
    },
    /// A resource.
    Resource(Vec<Segment>),
}

/// One segment of a path, or what stands in parentheses behind its name.
#[derive(Clone, Debug)]
pub struct Segment {
    /// What it says.
    pub kind: SegmentKind,
    /// The character of the decoded path where it begins.
    pub at: usize,
}

impl PartialEq for Segment {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

/// The kinds of segments.
#[derive(Clone, Debug, PartialEq)]
pub enum SegmentKind {
    /// A name, qualified where it has dots: a set, a property, a type, an operation, or a key as a segment.
    Name(String),
    /// `(…)` behind a name: a key of one value.
    Key(Key),
    /// `(…)` behind a name: a key of several values, or the parameters of a function.
    Named(Vec<(String, Key)>),
    /// Any other text: a key as a segment, or an index of a collection.
    Text(String),
    /// `$count`
    Count,
    /// `$ref`
    Ref,
    /// `$value`
    Value,
    /// `$each`
    Each,
    /// `$query`
    Query,
    /// `$filter(…)`
    Filter(Box<Expr>),
}

/// A URL behind the service root: path, query and context fragment.
#[derive(Clone, Debug, PartialEq)]
pub struct RelativeUri {
    /// The path.
    pub target: Target,
    /// The query, not decoded.
    pub query: Option<String>,
    /// What stands behind `#`.
    pub context: Option<String>,
}

impl Key {
    /// The value itself, unless an alias stands for it.
    pub const fn literal(&self) -> Option<&Literal> {
        match self {
            Self::Literal(literal) => Some(literal),
            Self::Alias(_) => None,
        }
    }
}
