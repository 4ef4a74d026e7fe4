//! Converts transformations to sequences.

use model::query::{Condition, Part, Period};

use super::aggregate;
use super::draft::Draft;
use super::grouped_query::{GroupStep, OPTION, Sequence, add_filter};
use super::having::{column, having, names, order};
use crate::OdataError;
use crate::ast::apply::{Grouping as By, Ranking};
use crate::ast::{Call, ComputeItem, Expr, Kind, Literal, Transformation};
use crate::bind::condition::Conditions;
use crate::bind::constant::Constant;
use crate::bind::errors::{meaning, not_offered, place};
use crate::bind::search;

const MAX_SEQUENCES: usize = 10;
/// Maximum position in a text.
const MAX_CHARACTERS: u32 = 100_000;

/// Converts transformations to sequences.
pub(super) struct Builder<'a> {
    pub(super) conditions: Conditions<'a>,
}

impl Builder<'_> {
    pub(super) fn sequences(&self, steps: &[Transformation]) -> Result<Vec<Sequence>, OdataError> {
        let drafts = self.steps(steps, Draft::default())?;
        if drafts.iter().any(|draft| !draft.grouped) {
            return Err(not_offered("rows and groups in one $apply", None));
        }
        Ok(drafts.into_iter().map(|draft| draft.sequence).collect())
    }

    fn steps(&self, steps: &[Transformation], draft: Draft) -> Result<Vec<Draft>, OdataError> {
        let mut drafts = vec![draft];
        for step in steps {
            let mut all = Vec::new();
            for mut draft in drafts {
                match step {
                    Transformation::Concat(branches) => {
                        for branch in branches {
                            all.extend(self.steps(branch, draft.clone())?);
                            check_count(all.len())?;
                        }
                    }
                    Transformation::GroupBy { by, then } => {
                        for keys in key_sets(by)? {
                            let mut draft = draft.clone();
                            group_by(&keys, then, &mut draft)?;
                            all.push(draft);
                        }
                    }
                    step => {
                        self.step(step, &mut draft)?;
                        all.push(draft);
                    }
                }
                check_count(all.len())?;
            }
            drafts = all;
        }
        Ok(drafts)
    }

    fn step(&self, step: &Transformation, draft: &mut Draft) -> Result<(), OdataError> {
        let after = &mut draft.sequence.after;
        match step {
            Transformation::Identity => {}
            Transformation::Filter(condition) => self.filter(condition, draft)?,
            Transformation::Search(search) if !draft.grouped => {
                add_filter(&mut draft.sequence.grouping.filter, Condition::Mentions(search::search(search)));
            }
            Transformation::Compute(items) if !draft.grouped => {
                items.iter().try_for_each(|item| compute(item, draft))?;
            }
            Transformation::Aggregate(items) if draft.grouped => aggregate::groups(Vec::new(), items, draft)?,
            Transformation::Aggregate(items) => {
                draft.grouped = true;
                aggregate::rows(items, draft)?;
            }
            Transformation::OrderBy(items) if draft.grouped => after.push(GroupStep::OrderBy(order(items)?)),
            Transformation::Top(count) if draft.grouped => after.push(GroupStep::Top(*count)),
            Transformation::Skip(count) if draft.grouped => after.push(GroupStep::Skip(*count)),
            Transformation::Ranked { ranking, limit, by } if draft.grouped => {
                after.push(self.ranked(*ranking, limit, by)?);
            }
            Transformation::OrderBy(_)
            | Transformation::Top(_)
            | Transformation::Skip(_)
            | Transformation::Ranked { .. } => {
                return Err(not_offered(format!("{} before groupby", step.name()), None));
            }
            Transformation::Search(_) | Transformation::Compute(_) => {
                return Err(not_offered(format!("{} after groupby", step.name()), None));
            }
            other => return Err(not_offered(format!("the transformation '{}'", other.name()), None)),
        }
        Ok(())
    }

    fn filter(&self, condition: &Expr, draft: &mut Draft) -> Result<(), OdataError> {
        if !draft.grouped {
            let rows = self.conditions.condition(condition)?;
            add_filter(&mut draft.sequence.grouping.filter, rows);
            return Ok(());
        }
        let groups = having(condition, std::slice::from_ref(&draft.sequence));
        let groups = groups.ok_or_else(|| {
            meaning(
                OPTION,
                condition.at,
                "a filter after groupby can only compare columns with values".to_owned(),
            )
        })?;
        draft.sequence.after.push(GroupStep::Having(groups));
        Ok(())
    }

    /// Binds `topcount(3,Column)` and the other rankings.
    fn ranked(&self, ranking: Ranking, limit: &Expr, by: &Expr) -> Result<GroupStep, OdataError> {
        let number = if self.conditions.scope.aliases.is_constant(limit) {
            self.conditions.scope.evaluate(limit)?
        } else {
            Constant::Null
        };
        let Constant::Number(number) = number else {
            return Err(meaning(OPTION, limit.at, "expected a number".to_owned()));
        };
        let whole = matches!(ranking, Ranking::TopCount | Ranking::BottomCount);
        if whole && number.whole().is_none_or(|count| count < 0) {
            return Err(meaning(OPTION, limit.at, "expected a number of groups".to_owned()));
        }
        let by = column(by);
        let by = by.ok_or_else(|| meaning(OPTION, limit.at, "expected the name of a column".to_owned()))?;
        Ok(GroupStep::Ranked { ranking, limit: number.as_f64(), by })
    }
}

fn check_count(sequences: usize) -> Result<(), OdataError> {
    if sequences > MAX_SEQUENCES {
        let place = place(OPTION, 0);
        return Err(OdataError::Limit { place, what: "the number of sequences", limit: MAX_SEQUENCES });
    }
    Ok(())
}

/// Binds `compute(year(X) as Y)`: a part of a value, as a grouping key.
fn compute(item: &ComputeItem, draft: &mut Draft) -> Result<(), OdataError> {
    let bound = match &item.expr.kind {
        Kind::Call(call) => part(call).transpose()?.zip(call.args.first().and_then(|arg| names(&arg.value))),
        _ => None,
    };
    let (part, path) = bound.ok_or_else(|| {
        let offered = Period::ALL.map(Period::name).join(", ");
        not_offered(
            format!("grouping by a computed value other than {offered} or substring of a property"),
            None,
        )
    })?;
    draft.computed.push((item.alias.clone(), part, path));
    Ok(())
}

/// Returns the part of a value that a function computes; `None` for other functions.
fn part(call: &Call) -> Option<Result<Part, OdataError>> {
    if let Some(period) = Period::from_name(&call.name) {
        return Some(Ok(Part::Period(period)));
    }
    if !call.name.eq_ignore_ascii_case("substring") {
        return None;
    }
    let number = |at: usize| call.args.get(at).map(|arg| characters(&arg.value)).transpose();
    let start = number(1).map(Option::unwrap_or_default);
    Some(start.and_then(|start| Ok(Part::Substring { start, length: number(2)? })))
}

/// Reads a number of characters.
fn characters(expr: &Expr) -> Result<u32, OdataError> {
    let number = match &expr.kind {
        Kind::Literal(Literal::Int(number)) => {
            u32::try_from(*number).ok().filter(|number| *number <= MAX_CHARACTERS)
        }
        _ => None,
    };
    number.ok_or_else(|| {
        let message = format!("expected a number of characters between 0 and {MAX_CHARACTERS}");
        meaning(OPTION, expr.at, message)
    })
}

type Paths = Vec<Vec<String>>;

/// Returns the key sets of a `groupby`: one, except for `rollup`, which also groups by every shorter prefix
/// of its properties (Aggregation 4.0, section 3.2.3.2).
fn key_sets(by: &[By]) -> Result<Vec<Paths>, OdataError> {
    let mut sets: Vec<Paths> = vec![Vec::new()];
    for key in by {
        let levels: Vec<&[Vec<String>]> = match key {
            By::Path(path) => vec![std::slice::from_ref(path)],
            By::Rollup(paths) => (1..=paths.len()).rev().map(|count| &paths[..count]).collect(),
            By::NamedRollup(_) => return Err(not_offered("rollup of a named hierarchy", None)),
            By::Recursive(..) => return Err(not_offered("rolluprecursive", None)),
        };
        let each = |set: &Paths| -> Vec<Paths> {
            levels.iter().map(|level| set.iter().chain(*level).cloned().collect()).collect()
        };
        sets = sets.iter().flat_map(each).collect();
        check_count(sets.len())?;
    }
    Ok(sets)
}

fn group_by(keys: &Paths, then: &[Transformation], draft: &mut Draft) -> Result<(), OdataError> {
    let items = match then {
        [] => &[],
        [Transformation::Aggregate(items)] => items.as_slice(),
        _ => return Err(not_offered("a transformation other than aggregate within groupby", None)),
    };
    if std::mem::replace(&mut draft.grouped, true) {
        return aggregate::groups(keys.iter().map(|path| path.join("/")).collect(), items, draft);
    }
    draft.sequence.grouping.by = keys.iter().map(|path| draft.key(path)).collect();
    aggregate::rows(items, draft)
}
