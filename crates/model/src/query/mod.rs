//! Questions to the registry.
//!
//! A surface parses its own notation into a [`Query`] of names and literals.
//! [`Query::bind`] checks it against the model and the caller and gives a
//! [`BoundQuery`]: names are resolved, values have their attribute's type, every
//! comparison is one that the model allows, and the rows that the caller may not
//! see are left out. The store takes bound queries only, so nothing unchecked reaches it.

mod actor;
mod apply;
mod bind;
mod compute;
mod condition;
mod error;
mod expr;
mod filter;
mod literal;
mod mark;
mod moment;
mod object;
mod order;
mod position;
mod search;
mod visibility;

pub use actor::Actor;
pub use apply::{
    BoundGrouping, BoundKey, BoundMeasure, BoundPath, Group, GroupKey, Grouping, Measure, Measured, Method,
    Period, is_groupable, is_groupable_by_period,
};
pub use bind::{BoundExpand, BoundQuery, Expansion, MAX_EXPAND_DEPTH};
pub use compute::{Computation, Computed, Formula};
pub use condition::{Comparison, Condition, PathName, TextCase, TextTest};
pub use error::QueryError;
pub use expr::Expr;
pub use literal::Literal;
pub use mark::Mark;
pub use moment::TimePart;
pub use object::{Expanded, Object, Page};
pub use order::Order;
pub use search::Search;
pub use visibility::visibility;

/// A question about the rows of one entity, in names and literals.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    /// Which rows.
    pub filter: Option<Condition>,
    /// What the rows must mention.
    pub search: Option<Search>,
    /// In which order.
    pub order_by: Vec<OrderBy>,
    /// Which properties; the entity's default ones where empty. `*` stands for all, `default` for the default ones.
    pub select: Vec<String>,
    /// What is worked out besides; shown where nothing is selected, or all, the default, or its name.
    pub compute: Vec<Computation>,
    /// Which references and collections are to be included.
    pub expand: Vec<Expand>,
    /// How many rows at the most.
    pub top: Option<u64>,
    /// How many rows to leave out first; none where `after` says where the page begins.
    pub skip: u64,
    /// Whether the number of all matching rows is asked for.
    pub count: bool,
    /// The values of the order's keys after which the page begins, as a former page reported them.
    pub after: Option<Vec<crate::Value>>,
}

/// One key of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderBy {
    /// The attribute.
    pub name: String,
    /// Whether greater values come first.
    pub descending: bool,
}

/// A reference or collection to include, with what is asked of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Expand {
    /// The name of the reference or collection.
    pub name: String,
    /// What is included of the rows.
    pub shape: ExpandShape,
    /// What is asked of the included rows.
    pub query: Query,
}

impl Expand {
    /// The rows themselves.
    pub fn rows(name: impl Into<String>, query: Query) -> Self {
        Self { name: name.into(), shape: ExpandShape::Rows, query }
    }
}

/// What is included of the rows that an expansion leads to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExpandShape {
    /// The rows.
    #[default]
    Rows,
    /// Their identifiers.
    References,
    /// How many they are; of a collection only.
    Count,
}
