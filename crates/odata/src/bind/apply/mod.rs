//! `$apply`: groups of rows, and what is done with the groups.

mod aggregate;
mod having;
mod plain;
mod steps;

use std::cell::Cell;

use model::query::{Comparison, Condition, Grouping, Literal as Value, Method};
use model::{Entity, Timestamp};

use super::alias::Aliases;
use super::condition::{Conditions, Rows};
use super::evaluate::Scope;
use super::{named, not_offered};
use crate::OdataError;
use crate::ast::Options;
use crate::ast::apply::Ranking;
use crate::options::OptionName;
pub(super) use plain::without_apply;
use steps::Builder;

/// What a request with `$apply` asks for: one after the other, the groups of each sequence, then what is done with all.
#[derive(Clone, Debug, PartialEq)]
pub struct Applied {
    /// The sequences whose groups follow each other; one, but for `concat` and `rollup`.
    pub sequences: Vec<Sequence>,
    /// What the other options do with the groups.
    pub after: Vec<After>,
    /// Whether the number of groups is asked for.
    pub count: bool,
}

/// A question about groups, and what is done with them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sequence {
    /// The question.
    pub grouping: Grouping,
    /// What is done with the groups.
    pub after: Vec<After>,
}

/// Something done with groups; columns are named as in the answer, with `/` between the steps of a path.
#[derive(Clone, Debug, PartialEq)]
pub enum After {
    /// Keeps those that meet a condition.
    Having(Having),
    /// Orders them by columns; true where greater values come first.
    OrderBy(Vec<(String, bool)>),
    /// Keeps the first.
    Top(u64),
    /// Leaves the first out.
    Skip(u64),
    /// Keeps those with the greatest or the least values of a column: so many, or as many as make up an amount, or a
    /// part of the whole.
    Ranked {
        /// Which of them.
        ranking: Ranking,
        /// How many, how much, or how many hundredths.
        limit: f64,
        /// The column.
        by: String,
    },
    /// Groups the groups.
    Group {
        /// By which columns.
        by: Vec<String>,
        /// What is told of each new group.
        measures: Vec<Column>,
    },
}

/// One value told of a group of groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The column whose values become one; none for the number of groups.
    pub of: Option<String>,
    /// How they do.
    pub method: Method,
    /// The name of the result.
    pub alias: String,
}

/// A condition on groups.
#[derive(Clone, Debug, PartialEq)]
pub enum Having {
    /// A column compared with a value.
    Compare(String, Comparison, Value),
    /// Both.
    And(Vec<Having>),
    /// At least one.
    Or(Vec<Having>),
    /// Not.
    Not(Box<Having>),
}

const OPTION: &str = OptionName::Apply.name();

/// The transformations that are offered, each somewhere in a sequence.
pub(crate) const TRANSFORMATIONS: [&str; 16] = [
    "aggregate",
    "bottomcount",
    "bottompercent",
    "bottomsum",
    "compute",
    "concat",
    "filter",
    "groupby",
    "identity",
    "orderby",
    "search",
    "skip",
    "top",
    "topcount",
    "toppercent",
    "topsum",
];

/// Turns the options of a request with `$apply`, asked at the moment `now`, into questions about groups.
///
/// # Errors
/// [`OdataError::NotOffered`] for transformations that the service cannot do.
pub fn bind_apply(entity: &'static Entity, options: &Options, now: Timestamp) -> Result<Applied, OdataError> {
    let (aliases, bound) = (Aliases::new(named(options)), Cell::new(0));
    let conditions = |option| {
        let scope = Scope { aliases: &aliases, now, bound: &bound, option, row: None };
        Conditions::new(scope, Rows::Resource, entity)
    };
    for (given, what) in [
        (!options.select.is_empty(), "$select with groups"),
        (!options.expand.is_empty(), "$expand with groups"),
        (!options.compute.is_empty(), "$compute with groups"),
        (options.search.is_some(), "$search with groups: write search(…) before groupby"),
    ] {
        if given {
            return Err(not_offered(what, None));
        }
    }
    let mut sequences = Builder { conditions: conditions(OPTION) }.sequences(&options.apply)?;
    let mut after = Vec::new();
    if let Some(filter) = &options.filter {
        // A condition on what the groups show is one on the groups; another says which rows are grouped.
        match having::having(filter, &sequences) {
            Some(having) => after.push(After::Having(having)),
            None => {
                let rows = conditions(OptionName::Filter.name()).condition(filter)?;
                sequences.iter_mut().for_each(|sequence| also(&mut sequence.grouping.filter, rows.clone()));
            }
        }
    }
    if !options.order_by.is_empty() {
        after.push(After::OrderBy(having::order(&options.order_by)?));
    }
    after.extend(options.skip.map(After::Skip));
    after.extend(options.top.map(After::Top));
    Ok(Applied { sequences, after, count: options.count.unwrap_or(false) })
}

impl Applied {
    /// The names of the columns, each once, in order.
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
    /// The names of the columns of its groups, in order.
    pub fn columns(&self) -> Vec<String> {
        let again = self.after.iter().rev().find_map(|after| match after {
            After::Group { by, measures } => Some((by, measures)),
            _ => None,
        });
        if let Some((by, measures)) = again {
            return by.iter().cloned().chain(measures.iter().map(|measure| measure.alias.clone())).collect();
        }
        let keys = self.grouping.by.iter().map(|key| match &key.period {
            Some((_, alias)) => alias.clone(),
            None => key.path.join("/"),
        });
        keys.chain(self.grouping.measures.iter().map(|measure| measure.alias.clone())).collect()
    }
}

fn also(filter: &mut Option<Condition>, condition: Condition) {
    *filter = Some(match filter.take() {
        Some(own) => Condition::And(Box::new(own), Box::new(condition)),
        None => condition,
    });
}
