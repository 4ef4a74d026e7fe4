//! Grouped queries.

use model::query::{Comparison, Condition, Grouping, Literal as Value, Method, Query};

use crate::ast::apply::Ranking;
use crate::options::OptionName;

pub(super) const OPTION: &str = OptionName::Apply.name();

/// The query of a request with `$apply`: the groups of each sequence in order, then the steps on all groups.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupedQuery {
    /// The sequences whose groups are concatenated; more than one only for `concat` and `rollup`.
    pub sequences: Vec<Sequence>,
    /// Steps from the other query options.
    pub after: Vec<GroupStep>,
    /// Whether the number of groups is requested.
    pub count: bool,
    /// The keys whose rows are included (`expandgroup`).
    pub expanded: Vec<ExpandedKey>,
}

/// A key of groups that is a reference, whose row is included in its place.
#[derive(Clone, Debug, PartialEq)]
pub struct ExpandedKey {
    /// The column.
    pub column: String,
    /// The properties of the row.
    pub query: Query,
}

/// A grouped query with the steps on its groups.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sequence {
    /// The query.
    pub grouping: Grouping,
    /// Steps on its groups, in order.
    pub after: Vec<GroupStep>,
}

/// A step on groups. Columns are named as in the response, with `/` between path segments.
#[derive(Clone, Debug, PartialEq)]
pub enum GroupStep {
    /// Keeps the groups that meet a condition.
    Having(Having),
    /// Orders the groups by columns; `true` for descending.
    OrderBy(Vec<(String, bool)>),
    /// Keeps the first groups.
    Top(u64),
    /// Skips the first groups.
    Skip(u64),
    /// Keeps the groups with the greatest or least values of a column: a number of groups, or as many as
    /// reach a sum or a percentage of the total.
    Ranked {
        /// The ranking function.
        ranking: Ranking,
        /// The count, the sum, or the percentage.
        limit: f64,
        /// The column.
        by: String,
    },
    /// Groups the groups.
    Group {
        /// The key columns.
        by: Vec<String>,
        /// The aggregated columns of each new group.
        measures: Vec<Column>,
    },
}

/// An aggregated column of groups of groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The aggregated column; `None` for the number of groups.
    pub of: Option<String>,
    /// The aggregation method.
    pub method: Method,
    /// Name of the result.
    pub alias: String,
}

/// A condition on groups.
#[derive(Clone, Debug, PartialEq)]
pub enum Having {
    /// Compares a column with a value.
    Compare(String, Comparison, Value),
    /// A conjunction.
    And(Vec<Having>),
    /// A disjunction.
    Or(Vec<Having>),
    /// A negation.
    Not(Box<Having>),
}

impl GroupedQuery {
    /// Returns the distinct column names, in order.
    ///
    /// ```
    /// use model::Timestamp;
    /// use odata::{QueryOptions, bind_apply};
    ///
    /// let users = model::find_entity("Systems_Security_Users").expect("an entity");
    /// let options = QueryOptions::parse("$apply=groupby((Active),aggregate($count as N))")?;
    /// let grouped = bind_apply(users, &options.query, Timestamp::from_seconds(0))?;
    /// assert_eq!(grouped.columns(), ["Active", "N"]);
    /// # Ok::<(), odata::OdataError>(())
    /// ```
    pub fn columns(&self) -> Vec<String> {
        let mut columns: Vec<String> = Vec::new();
        for name in self.sequences.iter().flat_map(Sequence::columns) {
            if !columns.contains(&name) {
                columns.push(name);
            }
        }
        columns
    }
}

impl Sequence {
    /// Returns the column names of the groups, in order.
    pub fn columns(&self) -> Vec<String> {
        let again = self.after.iter().rev().find_map(|after| match after {
            GroupStep::Group { by, measures } => Some((by, measures)),
            _ => None,
        });
        if let Some((by, measures)) = again {
            return by.iter().cloned().chain(measures.iter().map(|measure| measure.alias.clone())).collect();
        }
        let keys = self.grouping.by.iter().map(|key| match &key.part {
            Some((_, alias)) => alias.clone(),
            None => key.path.join("/"),
        });
        keys.chain(self.grouping.measures.iter().map(|measure| measure.alias.clone())).collect()
    }
}

pub(super) fn add_filter(filter: &mut Option<Condition>, condition: Condition) {
    *filter = Some(match filter.take() {
        Some(own) => Condition::And(Box::new(own), Box::new(condition)),
        None => condition,
    });
}
