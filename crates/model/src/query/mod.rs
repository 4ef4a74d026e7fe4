//! Queries to the registry.
//!
//! A surface parses its own notation into a [`Query`] of names and literals. [`Query::bind`] checks it
//! against the model and the caller and returns a [`BoundQuery`]: names are resolved, values have the type
//! of their attribute, every comparison is supported by the model, and rows that the caller may not see are
//! excluded. The store accepts bound queries only, so unchecked input never reaches it.

mod actor;
mod apply;
mod bind;
mod compute;
mod condition;
mod delta;
mod error;
mod expr;
mod filter;
mod literal;
mod lookup;
mod object;
mod order;
mod part;
mod position;
mod search;
mod time_part;
mod visibility;

pub use actor::Actor;
pub use apply::{
    BoundGrouping, BoundKey, BoundMeasure, BoundPath, Group, GroupKey, Grouping, Measure, Measured, Method,
    is_groupable,
};
pub use bind::{BoundExpand, BoundQuery, Expansion, MAX_EXPAND_DEPTH};
pub use compute::{Computation, Computed, Formula};
pub use condition::{Comparison, Condition, PropertyPath, TextCase, TextTest};
pub use delta::DeltaState;
pub use error::QueryError;
pub use expr::Expr;
pub use literal::Literal;
pub use object::{Expanded, Object, Page};
pub use order::Order;
pub use part::{Part, Period, is_groupable_by_period, is_groupable_by_substring};
pub use search::Search;
pub use time_part::TimePart;
pub use visibility::visibility;

/// A query on the rows of an entity, in names and literals.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    /// Filter on the rows.
    pub filter: Option<Condition>,
    /// Free-text search.
    pub search: Option<Search>,
    /// Order of the rows.
    pub order_by: Vec<OrderBy>,
    /// Selected properties; the entity's default properties if empty. `*` selects all, `default` the
    /// default properties.
    pub select: Vec<String>,
    /// Computed properties. They are shown if the selection is empty or contains `*`, `default` or their
    /// name.
    pub compute: Vec<Computation>,
    /// References and collections to include.
    pub expand: Vec<Expand>,
    /// Maximum number of rows.
    pub top: Option<u64>,
    /// Number of rows to skip first; ignored if `after` is set.
    pub skip: u64,
    /// Whether to count all matching rows.
    pub count: bool,
    /// Values of the order's keys after which the page starts, as reported by the previous page.
    pub after: Option<Vec<crate::Value>>,
}

/// A key of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderBy {
    /// The attribute.
    pub name: String,
    /// Whether greater values come first.
    pub descending: bool,
}

/// A reference or collection to include.
#[derive(Clone, Debug, PartialEq)]
pub struct Expand {
    /// Name of the reference or collection.
    pub name: String,
    /// Included parts of the rows.
    pub shape: ExpandShape,
    /// Query on the included rows.
    pub query: Query,
}

impl Expand {
    /// Creates an expansion that includes the rows themselves.
    pub fn rows(name: impl Into<String>, query: Query) -> Self {
        Self { name: name.into(), shape: ExpandShape::Rows, query }
    }
}

/// Parts of the rows that an expansion includes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExpandShape {
    /// The rows.
    #[default]
    Rows,
    /// The identifiers of the rows.
    References,
    /// The number of rows; for collections only.
    Count,
}
