//! Query options.

use super::{ComputeItem, Expr, Search, Transformation};

/// Query options of a request, or in the parentheses of an item of `$expand` or `$select`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options {
    /// `$filter`
    pub filter: Option<Expr>,
    /// `$orderby`
    pub order_by: Vec<OrderItem>,
    /// `$select`
    pub select: Vec<SelectItem>,
    /// `$expand`
    pub expand: Vec<ExpandItem>,
    /// `$top`
    pub top: Option<u64>,
    /// `$skip`
    pub skip: Option<u64>,
    /// `$count`
    pub count: Option<bool>,
    /// `$levels`
    pub levels: Option<Levels>,
    /// `$search`
    pub search: Option<Search>,
    /// `$compute`
    pub compute: Vec<ComputeItem>,
    /// `$apply`
    pub apply: Vec<Transformation>,
    /// `expandgroup`: the keys of groups whose rows are included.
    pub expand_group: Vec<ExpandItem>,
    /// Parameter aliases (names without `@`) with their values.
    pub aliases: Vec<(String, Expr)>,
}

impl Options {
    /// Returns whether `$apply` groups rows, rather than only selecting, ordering or extending them.
    ///
    /// ```
    /// use odata::QueryOptions;
    ///
    /// let groups = |query| QueryOptions::parse(query).map(|options| options.query.makes_groups());
    /// assert_eq!(groups("$apply=groupby((UserId))"), Ok(true));
    /// assert_eq!(groups("$apply=filter(Name eq 'x')"), Ok(false));
    /// ```
    pub fn makes_groups(&self) -> bool {
        self.apply.iter().any(|step| {
            !matches!(
                step,
                Transformation::Identity
                    | Transformation::Filter(_)
                    | Transformation::Search(_)
                    | Transformation::Compute(_)
                    | Transformation::OrderBy(_)
            )
        })
    }
}

/// One sort key of `$orderby`.
#[derive(Clone, Debug, PartialEq)]
pub struct OrderItem {
    /// The sort value.
    pub expr: Expr,
    /// Whether the order is descending.
    pub descending: bool,
}

/// One item of `$select`.
#[derive(Clone, Debug)]
pub struct SelectItem {
    /// Path segments; a single segment may be `*`, `Namespace.*` or `$key`.
    pub path: Vec<String>,
    /// Parameter names of a function, to select one of its overloads.
    pub parameters: Vec<String>,
    /// Options in parentheses.
    pub options: Options,
    /// First character of the item.
    pub at: usize,
}

impl SelectItem {
    /// The selection of the key (OData 4.02).
    pub const KEY: &'static str = "$key";
}

impl PartialEq for SelectItem {
    fn eq(&self, other: &Self) -> bool {
        self.path == other.path && self.parameters == other.parameters && self.options == other.options
    }
}

/// One item of `$expand`.
#[derive(Clone, Debug)]
pub struct ExpandItem {
    /// Path segments; the last may be `*`.
    pub path: Vec<String>,
    /// The expanded representation.
    pub shape: ExpandShape,
    /// Options in parentheses.
    pub options: Options,
    /// First character of the item.
    pub at: usize,
}

impl PartialEq for ExpandItem {
    fn eq(&self, other: &Self) -> bool {
        self.path == other.path && self.shape == other.shape && self.options == other.options
    }
}

/// The representation of expanded rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpandShape {
    /// The rows.
    Rows,
    /// `/$ref`: the identifiers.
    References,
    /// `/$count`: the number of rows.
    Count,
    /// `$value`, without a path: the content of a media entity.
    Value,
}

/// The number of expansion levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Levels {
    /// A fixed number.
    Number(u64),
    /// As many as the service supports.
    Max,
}
