//! `$apply`: groups of rows, and what is done with the groups.

use std::cell::Cell;

use model::Timestamp;
use model::query::{Comparison, Condition, GroupKey, Grouping, Literal as Value, Measure, Method, Period};

use super::alias::Aliases;
use super::condition::{Conditions, Rows};
use super::constant::literal_value as value;
use super::evaluate::Scope;
use super::shape::comparison;
use super::{meaning, named, not_offered};
use crate::OdataError;
use crate::ast::apply::{Grouping as By, Ranking};
use crate::ast::{
    Aggregate, Aggregated, Binary, ComputeItem, Expr, Kind, Literal, Options, OrderItem, Path, Root, Step,
    Transformation, Unary,
};
use crate::options::OptionName;

/// What a request with `$apply` asks for: one after the other, the groups of each sequence, then what is done with all.
#[derive(Clone, Debug, PartialEq)]
pub struct Applied {
    /// The sequences whose groups follow each other; one, but for `concat`.
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
const MAX_SEQUENCES: usize = 10;

/// Turns the options of a request with `$apply`, asked at the moment `now`, into questions about groups.
///
/// # Errors
/// [`OdataError::NotOffered`] for transformations that the service cannot do.
pub fn bind_apply(options: &Options, now: Timestamp) -> Result<Applied, OdataError> {
    let (aliases, bound) = (Aliases::new(named(options)), Cell::new(0));
    let conditions = |option| {
        let scope = Scope { aliases: &aliases, now, bound: &bound, option };
        Conditions { scope, rows: Rows::Resource }
    };
    for (given, what) in [
        (!options.select.is_empty(), "$select with $apply"),
        (!options.expand.is_empty(), "$expand with $apply"),
        (options.search.is_some(), "$search with $apply"),
    ] {
        if given {
            return Err(not_offered(what, None));
        }
    }
    let mut sequences = Builder { conditions: conditions(OPTION) }.sequences(&options.apply)?;
    let mut after = Vec::new();
    if let Some(filter) = &options.filter {
        // A condition on what the groups show is one on the groups; another says which rows are grouped.
        match having(filter, &sequences) {
            Some(having) => after.push(After::Having(having)),
            None => {
                let rows = conditions(OptionName::Filter.name()).condition(filter)?;
                sequences.iter_mut().for_each(|sequence| also(&mut sequence.grouping.filter, rows.clone()));
            }
        }
    }
    if !options.order_by.is_empty() {
        after.push(After::OrderBy(order(&options.order_by)?));
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

/// Builds sequences step by step.
struct Builder<'a> {
    conditions: Conditions<'a>,
}

/// A sequence that is being built.
#[derive(Clone, Default)]
struct Draft {
    sequence: Sequence,
    computed: Vec<(String, Period, Vec<String>)>,
    grouped: bool,
}

impl Builder<'_> {
    fn sequences(&self, steps: &[Transformation]) -> Result<Vec<Sequence>, OdataError> {
        let drafts = self.steps(steps, Draft::default())?;
        if drafts.iter().any(|draft| !draft.grouped) {
            return Err(not_offered("$apply without groupby or aggregate", None));
        }
        if drafts.len() > MAX_SEQUENCES {
            let place = super::place(OPTION, 0);
            return Err(OdataError::Limit { place, what: "the number of sequences", limit: MAX_SEQUENCES });
        }
        Ok(drafts.into_iter().map(|draft| draft.sequence).collect())
    }

    fn steps(&self, steps: &[Transformation], draft: Draft) -> Result<Vec<Draft>, OdataError> {
        let mut drafts = vec![draft];
        for step in steps {
            if let Transformation::Concat(branches) = step {
                let mut all = Vec::new();
                for draft in drafts {
                    for branch in branches {
                        all.extend(self.steps(branch, draft.clone())?);
                    }
                }
                drafts = all;
            } else {
                drafts.iter_mut().try_for_each(|draft| self.step(step, draft))?;
            }
        }
        Ok(drafts)
    }

    fn step(&self, step: &Transformation, draft: &mut Draft) -> Result<(), OdataError> {
        match step {
            Transformation::Identity => Ok(()),
            Transformation::Filter(condition) => self.filter(condition, draft),
            Transformation::Compute(items) => items.iter().try_for_each(|item| compute(item, draft)),
            Transformation::GroupBy { by, then } => group_by(by, then, draft),
            Transformation::Aggregate(items) if !draft.grouped => {
                draft.grouped = true;
                draft.sequence.grouping.measures = items.iter().map(measure).collect::<Result<_, _>>()?;
                Ok(())
            }
            Transformation::Aggregate(_) => Err(not_offered("aggregate after groupby", None)),
            Transformation::OrderBy(items) if draft.grouped => {
                draft.sequence.after.push(After::OrderBy(order(items)?));
                Ok(())
            }
            Transformation::Top(count) if draft.grouped => {
                draft.sequence.after.push(After::Top(*count));
                Ok(())
            }
            Transformation::Skip(count) if draft.grouped => {
                draft.sequence.after.push(After::Skip(*count));
                Ok(())
            }
            Transformation::Ranked { ranking, limit, by } if draft.grouped => {
                ranked(*ranking, limit, by, draft)
            }
            Transformation::OrderBy(_)
            | Transformation::Top(_)
            | Transformation::Skip(_)
            | Transformation::Ranked { .. } => {
                Err(not_offered("orderby, top, skip and topcount before groupby", None))
            }
            other => Err(not_offered(format!("the transformation '{}'", other.name()), None)),
        }
    }

    fn filter(&self, condition: &Expr, draft: &mut Draft) -> Result<(), OdataError> {
        if !draft.grouped {
            let rows = self.conditions.condition(condition)?;
            also(&mut draft.sequence.grouping.filter, rows);
            return Ok(());
        }
        let groups = having(condition, std::slice::from_ref(&draft.sequence));
        let groups = groups.ok_or_else(|| {
            meaning(
                OPTION,
                condition.at,
                "a filter behind groupby compares what the groups show with values".to_owned(),
            )
        })?;
        draft.sequence.after.push(After::Having(groups));
        Ok(())
    }
}

/// `compute(year(X) as Y)`: a period of a moment, to group by.
fn compute(item: &ComputeItem, draft: &mut Draft) -> Result<(), OdataError> {
    let period = match &item.expr.kind {
        Kind::Call(call) => {
            Period::from_name(&call.name).zip(call.args.first().and_then(|arg| names(&arg.value)))
        }
        _ => None,
    };
    let (period, path) = period.ok_or_else(|| {
        let offered = Period::ALL.map(Period::name).join(", ");
        not_offered(format!("compute with anything but {offered} of a property"), None)
    })?;
    draft.computed.push((item.alias.clone(), period, path));
    Ok(())
}

fn group_by(by: &[By], then: &[Transformation], draft: &mut Draft) -> Result<(), OdataError> {
    if draft.grouped {
        return Err(not_offered("groupby behind groupby", None));
    }
    draft.grouped = true;
    for key in by {
        let By::Path(path) = key else { return Err(not_offered("rollup", None)) };
        let computed = draft.computed.iter().find(|(alias, ..)| *path == [alias.as_str()]);
        draft.sequence.grouping.by.push(match computed {
            Some((alias, period, path)) => {
                GroupKey { path: path.clone(), period: Some((*period, alias.clone())) }
            }
            None => GroupKey { path: path.clone(), period: None },
        });
    }
    for step in then {
        let Transformation::Aggregate(items) = step else {
            return Err(not_offered("anything but aggregate within groupby", None));
        };
        draft.sequence.grouping.measures = items.iter().map(measure).collect::<Result<_, _>>()?;
    }
    Ok(())
}

fn measure(item: &Aggregate) -> Result<Measure, OdataError> {
    if !item.from.is_empty() {
        return Err(not_offered("aggregate with from", None));
    }
    let no_alias = || meaning(OPTION, 0, "an aggregated value needs a name: … as Name".to_owned());
    let alias = item.alias.clone().ok_or_else(no_alias)?;
    let Aggregated::Expr(expr) = &item.of else {
        return Ok(Measure { path: None, method: Method::Count, alias });
    };
    let path = names(expr).ok_or_else(|| not_offered("aggregate of anything but a property", None))?;
    if path == ["$count"] {
        return Ok(Measure { path: None, method: Method::Count, alias });
    }
    let method =
        item.method.as_deref().ok_or_else(|| meaning(OPTION, expr.at, "with which method?".to_owned()))?;
    let method =
        Method::from_name(method).ok_or_else(|| not_offered(format!("the method '{method}'"), None))?;
    Ok(Measure { path: Some(path), method, alias })
}

fn ranked(ranking: Ranking, limit: &Expr, by: &Expr, draft: &mut Draft) -> Result<(), OdataError> {
    let greatest = match ranking {
        Ranking::TopCount => true,
        Ranking::BottomCount => false,
        other => return Err(not_offered(other.name(), None)),
    };
    let Kind::Literal(Literal::Int(count)) = &limit.kind else {
        return Err(meaning(OPTION, limit.at, "a number of groups is expected".to_owned()));
    };
    let by =
        column(by).ok_or_else(|| meaning(OPTION, by.at, "the name of a column is expected".to_owned()))?;
    draft.sequence.after.push(After::OrderBy(vec![(by, greatest)]));
    draft.sequence.after.push(After::Top(u64::try_from(*count).unwrap_or(0)));
    Ok(())
}

fn order(items: &[OrderItem]) -> Result<Vec<(String, bool)>, OdataError> {
    let key = |item: &OrderItem| {
        let column = column(&item.expr);
        let column = column
            .ok_or_else(|| meaning(OPTION, item.expr.at, "groups are ordered by what they show".to_owned()));
        column.map(|column| (column, item.descending))
    };
    items.iter().map(key).collect()
}

/// A condition on groups, where every name in it is one of their columns.
fn having(expr: &Expr, sequences: &[Sequence]) -> Option<Having> {
    match &expr.kind {
        Kind::And(all) => {
            all.iter().map(|inner| having(inner, sequences)).collect::<Option<_>>().map(Having::And)
        }
        Kind::Or(any) => {
            any.iter().map(|inner| having(inner, sequences)).collect::<Option<_>>().map(Having::Or)
        }
        Kind::Unary(Unary::Not, inner) => having(inner, sequences).map(|inner| Having::Not(Box::new(inner))),
        Kind::Binary(operator, left, right) => compared(*operator, left, right, sequences),
        _ => None,
    }
}

fn compared(operator: Binary, left: &Expr, right: &Expr, sequences: &[Sequence]) -> Option<Having> {
    let comparison = comparison(operator)?;
    let shown =
        |expr: &Expr| column(expr).filter(|name| sequences.iter().all(|one| one.columns().contains(name)));
    match (&left.kind, &right.kind) {
        (_, Kind::Literal(_)) => Some(Having::Compare(shown(left)?, comparison, value(right).ok()?)),
        (Kind::Literal(_), _) => {
            Some(Having::Compare(shown(right)?, comparison.flipped(), value(left).ok()?))
        }
        _ => None,
    }
}

fn column(expr: &Expr) -> Option<String> {
    names(expr).map(|names| names.join("/"))
}

fn names(expr: &Expr) -> Option<Vec<String>> {
    let Kind::Path(Path { root: Root::Row | Root::It | Root::This, steps }) = &expr.kind else { return None };
    let name = |step: &Step| match step {
        Step::Name(name) => Some(name.clone()),
        Step::Count(_) => Some("$count".to_owned()),
        _ => None,
    };
    steps.iter().map(name).collect()
}
