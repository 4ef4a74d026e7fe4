//! Questions about groups.

use model::query::{Comparison, Condition, Grouping, Literal as Value, Method};

use crate::ast::apply::Ranking;
use crate::options::OptionName;

pub(super) const OPTION: &str = OptionName::Apply.name();

/// What a request with `$apply` asks for: one after the other, the groups of each sequence, then what is done with all.
#[derive(Clone, Debug, PartialEq)]
pub struct Applied {
    /// The sequences whose groups follow each other; one, but for `concat` and `rollup`.
    pub sequences: Vec<Sequence>,
    /// What the other options do with the groups.
    pub after: Vec<GroupStep>,
    /// Whether the number of groups is asked for.
    pub count: bool,
}

/// A question about groups, and what is done with them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sequence {
    /// The question.
    pub grouping: Grouping,
    /// What is done with the groups.
    pub after: Vec<GroupStep>,
}

/// Something done with groups; columns are named as in the answer, with `/` between the steps of a path.
#[derive(Clone, Debug, PartialEq)]
pub enum GroupStep {
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
            GroupStep::Group { by, measures } => Some((by, measures)),
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

pub(super) fn also(filter: &mut Option<Condition>, condition: Condition) {
    *filter = Some(match filter.take() {
        Some(own) => Condition::And(Box::new(own), Box::new(condition)),
        None => condition,
    });
}
