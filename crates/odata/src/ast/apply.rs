//! What `$apply` says (OData Extension for Data Aggregation 4.0).

use super::{Call, Expr, OrderItem, Search};

/// One step of `$apply`, from a collection to a collection.
#[derive(Clone, Debug, PartialEq)]
pub enum Transformation {
    /// `aggregate(…)`
    Aggregate(Vec<Aggregate>),
    /// `compute(…)`
    Compute(Vec<ComputeItem>),
    /// `concat(…)`: the results of several sequences.
    Concat(Vec<Vec<Transformation>>),
    /// `groupby((…),…)`
    GroupBy {
        /// By what.
        by: Vec<Grouping>,
        /// What is done with each group.
        then: Vec<Transformation>,
    },
    /// `join(…)` and `outerjoin(…)`
    Join {
        /// Whether instances without a partner are kept.
        outer: bool,
        /// The collection.
        path: Vec<String>,
        /// The name of the result.
        alias: String,
        /// What is done with the collection first.
        then: Vec<Transformation>,
    },
    /// `nest(…)`
    Nest(Vec<Nested>),
    /// `addnested(…)`
    AddNested {
        /// The collection.
        path: Vec<String>,
        /// What is made of it.
        nested: Vec<Nested>,
    },
    /// `topcount(…)` and its kin: the greatest or smallest instances.
    Ranked {
        /// Which of them.
        ranking: Ranking,
        /// How many.
        limit: Expr,
        /// By what.
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
        /// Whether the ancestors are meant.
        ancestors: bool,
        /// In which hierarchy.
        hierarchy: Hierarchy,
        /// Of which instances.
        of: Vec<Transformation>,
        /// How far away at the most.
        distance: Option<u64>,
        /// Whether the instances themselves are kept.
        keep_start: bool,
    },
    /// `traverse(…)`
    Traverse {
        /// Which hierarchy.
        hierarchy: Hierarchy,
        /// Whether parents come before their children.
        preorder: bool,
        /// What is done first.
        first: Vec<Transformation>,
        /// In which order siblings come.
        order: Vec<OrderItem>,
    },
    /// A function of the service, by its qualified name.
    Function(Call),
}

impl Transformation {
    /// As `$apply` writes it.
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

/// A sequence with the name of its result.
#[derive(Clone, Debug, PartialEq)]
pub struct Nested {
    /// The sequence.
    pub steps: Vec<Transformation>,
    /// The name.
    pub alias: String,
}

/// A computed property.
#[derive(Clone, Debug, PartialEq)]
pub struct ComputeItem {
    /// The value.
    pub expr: Expr,
    /// The property's name.
    pub alias: String,
}

/// One aggregated value.
#[derive(Clone, Debug, PartialEq)]
pub struct Aggregate {
    /// What is aggregated.
    pub of: Aggregated,
    /// `with`: how.
    pub method: Option<String>,
    /// `from`: what it was aggregated from before, nearest first.
    pub from: Vec<FromClause>,
    /// `as`: the name of the result.
    pub alias: Option<String>,
}

/// What is aggregated.
#[derive(Clone, Debug, PartialEq)]
pub enum Aggregated {
    /// `$count`: the number of instances.
    Count,
    /// Instances of a type, where its qualified name stands alone; their number where `true`.
    Type(String, bool),
    /// A value, or the path of an aggregate of the service's own.
    Expr(Expr),
}

/// A former aggregation.
#[derive(Clone, Debug, PartialEq)]
pub struct FromClause {
    /// By what was grouped.
    pub by: Vec<Vec<String>>,
    /// How was aggregated.
    pub method: Option<String>,
}

/// One element of `groupby`.
#[derive(Clone, Debug, PartialEq)]
pub enum Grouping {
    /// The values of a property.
    Path(Vec<String>),
    /// `rollup(…)` of properties, from the coarsest to the finest.
    Rollup(Vec<Vec<String>>),
    /// `rollup(…)` of a levelled hierarchy, by its qualifier.
    NamedRollup(String),
    /// `rolluprecursive(…)`
    Recursive(Hierarchy, Vec<Transformation>),
}

/// A recursive hierarchy.
#[derive(Clone, Debug, PartialEq)]
pub struct Hierarchy {
    /// Its nodes.
    pub nodes: Expr,
    /// Its qualifier.
    pub qualifier: String,
    /// The path to a node's identifier.
    pub path: Vec<String>,
}

/// Which instances a ranking keeps.
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
    /// Every ranking.
    pub const ALL: [Self; 6] = [
        Self::BottomCount,
        Self::BottomPercent,
        Self::BottomSum,
        Self::TopCount,
        Self::TopPercent,
        Self::TopSum,
    ];

    /// As `$apply` writes it.
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
