//! The options of a query.

use super::{ComputeItem, Expr, Search, Transformation};

/// Query options, of a request or in the parentheses of an item of `$expand` or `$select`.
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
    /// Parameter aliases (without `@`) with their values.
    pub aliases: Vec<(String, Expr)>,
}

impl Options {
    /// Whether `$apply` makes groups of the rows, and does not only choose some.
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

/// One key of `$orderby`.
#[derive(Clone, Debug, PartialEq)]
pub struct OrderItem {
    /// By what.
    pub expr: Expr,
    /// Whether greater values come first.
    pub descending: bool,
}

/// One item of `$select`.
#[derive(Clone, Debug)]
pub struct SelectItem {
    /// The names between slashes; the only one may be `*` or `Namespace.*`.
    pub path: Vec<String>,
    /// The names of a function's parameters, where they tell it from others of its name.
    pub parameters: Vec<String>,
    /// What stands in parentheses behind it.
    pub options: Options,
    /// The character where it begins.
    pub at: usize,
}

impl PartialEq for SelectItem {
    fn eq(&self, other: &Self) -> bool {
        self.path == other.path && self.parameters == other.parameters && self.options == other.options
    }
}

/// One item of `$expand`.
#[derive(Clone, Debug)]
pub struct ExpandItem {
    /// The names between slashes; the last may be `*`.
    pub path: Vec<String>,
    /// What is included.
    pub shape: ExpandShape,
    /// What stands in parentheses behind it.
    pub options: Options,
    /// The character where it begins.
    pub at: usize,
}

impl PartialEq for ExpandItem {
    fn eq(&self, other: &Self) -> bool {
        self.path == other.path && self.shape == other.shape && self.options == other.options
    }
}

/// What an item of `$expand` includes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpandShape {
    /// The rows.
    Rows,
    /// `/$ref`: their identifiers.
    References,
    /// `/$count`: their number.
    Count,
    /// `$value`, without a path: the content of a media entity.
    Value,
}

/// How often `$expand` follows a reference to the same entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Levels {
    /// So many times.
    Number(u64),
    /// As often as the service can.
    Max,
}
