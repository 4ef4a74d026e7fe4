//! Syntax tree of URL paths, independent of the model.

use super::{Expr, Key, Literal};

/// The path after the service root.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// The empty path: the service document.
    Service,
    /// `$metadata`
    Metadata,
    /// `$batch`
    Batch,
    /// `$entity`, with an optional type cast.
    Entity(Option<String>),
    /// `$all`, with an optional type of the instances.
    All(Option<String>),
    /// `$crossjoin(…)` of entity sets.
    CrossJoin {
        /// The entity sets.
        sets: Vec<String>,
        /// Whether the options are in the request body (`/$query`).
        query: bool,
    },
    /// A resource.
    Resource(Vec<Segment>),
}

/// One path segment, or the parentheses after its name.
#[derive(Clone, Debug)]
pub struct Segment {
    /// Kind of segment.
    pub kind: SegmentKind,
    /// First character of the segment in the decoded path.
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
    /// A name, qualified if it contains dots: a set, property, type, operation, or a key as a segment.
    Name(String),
    /// `(…)` after a name: a key of one value.
    Key(Key),
    /// `(…)` after a name: a composite key, or the named parameters of a function.
    Named(Vec<(String, Key)>),
    /// Any other text: a key as a segment, or a collection index.
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

/// A URL after the service root: path, query and context fragment.
#[derive(Clone, Debug, PartialEq)]
pub struct RelativeUri {
    /// The path.
    pub target: Target,
    /// The query, still percent-encoded.
    pub query: Option<String>,
    /// The fragment after `#`.
    pub context: Option<String>,
}

impl Key {
    /// Returns the literal, or `None` for an alias.
    pub const fn literal(&self) -> Option<&Literal> {
        match self {
            Self::Literal(literal) => Some(literal),
            Self::Alias(_) => None,
        }
    }
}
