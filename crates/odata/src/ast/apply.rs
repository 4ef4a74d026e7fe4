//! Syntax tree of `$apply` (OData Extension for Data Aggregation 4.0).

use super::{Call, Expr, OrderItem, Search};

/// One step of `$apply`: maps a collection to a collection.
#[derive(Clone, Debug, PartialEq)]
pub enum Transformation {
    /// `aggregate(…)`
    Aggregate(Vec<Aggregate>),
    /// `compute(…)`
    Compute(Vec<ComputeItem>),
    /// `concat(…)`: concatenates the results of several sequences.
    Concat(Vec<Vec<Transformation>>),
    /// `groupby((…),…)`
    GroupBy {
        /// The grouping keys.
        by: Vec<Grouping>,
        /// Transformations of each group.
        then: Vec<Transformation>,
    },
    /// `join(…)` and `outerjoin(…)`
    Join {
        /// Whether instances without a partner are kept.
        outer: bool,
        /// Path of the joined collection.
        path: Vec<String>,
        /// Name of the result.
        alias: String,
        /// Transformations of the collection before the join.
        then: Vec<Transformation>,
    },
    /// `nest(…)`
    Nest(Vec<Nested>),
    /// `addnested(…)`
    AddNested {
        /// Path of the collection.
        path: Vec<String>,
        /// The nested results.
        nested: Vec<Nested>,
    },
    /// `topcount(…)`, `bottomsum(…)` and the other rankings.
    Ranked {
        /// The ranking function.
        ranking: Ranking,
        /// Count, sum or percentage.
        limit: Expr,
        /// The ranked value.
        by: Expr,
    },
    /// `filter(…)`
    Filter(Expr),
    /// `identity`
    Identity,
    /// `orderby(…)`
    OrderBy(Vec<OrderItem>),
    /// `search(…)`
    Search(Search),
    /// `skip(…)`
    Skip(u64),
    /// `top(…)`
    Top(u64),
    /// `ancestors(…)` and `descendants(…)`
    Relatives {
        /// Whether ancestors are selected rather than descendants.
        ancestors: bool,
        /// The hierarchy.
        hierarchy: Hierarchy,
        /// Selects the start nodes.
        of: Vec<Transformation>,
        /// Maximum distance.
        distance: Option<u64>,
        /// Whether the start nodes are kept.
        keep_start: bool,
    },
    /// `traverse(…)`
    Traverse {
        /// The hierarchy.
        hierarchy: Hierarchy,
        /// Whether parents come before their children.
        preorder: bool,
        /// Transformations before the traversal.
        first: Vec<Transformation>,
        /// Order of siblings.
        order: Vec<OrderItem>,
    },
    /// A function of the service, by its qualified name.
    Function(Call),
}

impl Transformation {
    /// Returns the name as in `$apply`.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Aggregate(_) => "aggregate",
            Self::Compute(_) => "compute",
            Self::Concat(_) => "concat",
            Self::GroupBy { .. } => "groupby",
            Self::Join { outer: false, .. } => "join",
            Self::Join { outer: true, .. } => "outerjoin",
            Self::Nest(_) => "nest",
            Self::AddNested { .. } => "addnested",
            Self::Ranked { ranking, .. } => ranking.name(),
            Self::Filter(_) => "filter",
            Self::Identity => "identity",
            Self::OrderBy(_) => "orderby",
            Self::Search(_) => "search",
            Self::Skip(_) => "skip",
            Self::Top(_) => "top",
            Self::Relatives { ancestors: true, .. } => "ancestors",
            Self::Relatives { ancestors: false, .. } => "descendants",
            Self::Traverse { .. } => "traverse",
            Self::Function(_) => "a function of the service",
        }
    }
}

/// A sequence of transformations with the name of its result.
#[derive(Clone, Debug, PartialEq)]
pub struct Nested {
    /// The transformations.
    pub steps: Vec<Transformation>,
    /// Name of the result.
    pub alias: String,
}

/// A computed property.
#[derive(Clone, Debug, PartialEq)]
pub struct ComputeItem {
    /// The expression.
    pub expr: Expr,
    /// Name of the property.
    pub alias: String,
}

/// One aggregated value.
#[derive(Clone, Debug, PartialEq)]
pub struct Aggregate {
    /// The aggregated values.
    pub of: Aggregated,
    /// `with`: name of the aggregation method.
    pub method: Option<String>,
    /// `from`: prior aggregations, nearest first.
    pub from: Vec<FromClause>,
    /// `as`: name of the result.
    pub alias: Option<String>,
}

/// The values of an aggregation.
#[derive(Clone, Debug, PartialEq)]
pub enum Aggregated {
    /// `$count`: the number of instances.
    Count,
    /// Instances of a type, by its qualified name; their number if `true`.
    Type(String, bool),
    /// An expression, or the path of a custom aggregate.
    Expr(Expr),
}

/// A `from` clause: a prior aggregation.
#[derive(Clone, Debug, PartialEq)]
pub struct FromClause {
    /// The grouping paths.
    pub by: Vec<Vec<String>>,
    /// Name of the aggregation method.
    pub method: Option<String>,
}

/// One grouping key of `groupby`.
#[derive(Clone, Debug, PartialEq)]
pub enum Grouping {
    /// A property.
    Path(Vec<String>),
    /// `rollup(…)` of properties, from the coarsest to the finest.
    Rollup(Vec<Vec<String>>),
    /// `rollup(…)` of a leveled hierarchy, by its qualifier.
    NamedRollup(String),
    /// `rolluprecursive(…)`
    Recursive(Hierarchy, Vec<Transformation>),
}

/// A recursive hierarchy.
#[derive(Clone, Debug, PartialEq)]
pub struct Hierarchy {
    /// The collection of nodes.
    pub nodes: Expr,
    /// Qualifier of the hierarchy annotation.
    pub qualifier: String,
    /// Path to the node identifier.
    pub path: Vec<String>,
}

/// The ranking functions: which instances are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Ranking {
    BottomCount,
    BottomPercent,
    BottomSum,
    TopCount,
    TopPercent,
    TopSum,
}

impl Ranking {
    /// All rankings.
    pub const ALL: [Self; 6] = [
        Self::BottomCount,
        Self::BottomPercent,
        Self::BottomSum,
        Self::TopCount,
        Self::TopPercent,
        Self::TopSum,
    ];

    /// Returns the name as in `$apply`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::BottomCount => "bottomcount",
            Self::BottomPercent => "bottompercent",
            Self::BottomSum => "bottomsum",
            Self::TopCount => "topcount",
            Self::TopPercent => "toppercent",
            Self::TopSum => "topsum",
        }
    }
}
