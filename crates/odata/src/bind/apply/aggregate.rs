//! `aggregate`: values of groups, and values of groups of groups.

use model::query::{Measure, Method};

use super::draft::Draft;
use super::grouped_query::{Column, GroupStep, OPTION};
use super::having::names;

use crate::OdataError;
use crate::ast::{Aggregate, Aggregated};
use crate::bind::errors::{meaning, not_offered};

/// Name of the intermediate results of `from`; no alias can be spelled like this.
const FORMER: &str = "$former";

/// Aggregates rows, grouped by the keys of the draft.
pub(super) fn rows(items: &[Aggregate], draft: &mut Draft) -> Result<(), OdataError> {
    if let [item] = items
        && !item.from.is_empty()
    {
        return from(item, draft);
    }
    let measures = items.iter().map(measure).collect::<Result<_, _>>()?;
    draft.sequence.grouping.measures = measures;
    Ok(())
}

/// Aggregates aggregates: `X with sum from A with max as M` is the greatest of the sums per `A`.
fn from(item: &Aggregate, draft: &mut Draft) -> Result<(), OdataError> {
    let plain = Aggregate { from: Vec::new(), alias: Some(FORMER.to_owned()), ..item.clone() };
    let mut keys = draft.sequence.columns();
    let kept = keys.len();
    for former in item.from.iter().rev() {
        for path in &former.by {
            let key = draft.key(path);
            keys.push(path.join("/"));
            draft.sequence.grouping.by.push(key);
        }
    }
    draft.sequence.grouping.measures = vec![measure(&plain)?];
    let mut left = keys.len();
    for (index, former) in item.from.iter().enumerate() {
        left -= former.by.len();
        let method = method(former.method.as_deref(), item)?;
        let last = index + 1 == item.from.len();
        let alias = if last { alias(item)? } else { FORMER.to_owned() };
        let measures = vec![Column { of: Some(FORMER.to_owned()), method, alias }];
        draft.sequence.after.push(GroupStep::Group { by: keys[..left].to_vec(), measures });
    }
    debug_assert_eq!(left, kept);
    Ok(())
}

/// Aggregates groups.
pub(super) fn groups(by: Vec<String>, items: &[Aggregate], draft: &mut Draft) -> Result<(), OdataError> {
    let columns = draft.sequence.columns();
    let known = |name: &str| {
        let message =
            || format!("the groups have no column '{name}'; their columns are {}", columns.join(", "));
        if columns.iter().any(|column| column == name) { Ok(()) } else { Err(meaning(OPTION, 0, message())) }
    };
    by.iter().try_for_each(|name| known(name))?;
    let mut measures = Vec::with_capacity(items.len());
    for item in items {
        if !item.from.is_empty() {
            return Err(not_offered("aggregate with from after groupby", None));
        }
        let Measure { path, method, alias } = measure(item)?;
        let of = path.map(|path| path.join("/"));
        of.as_deref().map_or(Ok(()), known)?;
        measures.push(Column { of, method, alias });
    }
    draft.sequence.after.push(GroupStep::Group { by, measures });
    Ok(())
}

fn alias(item: &Aggregate) -> Result<String, OdataError> {
    let missing = || meaning(OPTION, 0, "an aggregated value requires a name: … as Name".to_owned());
    item.alias.clone().ok_or_else(missing)
}

fn method(name: Option<&str>, item: &Aggregate) -> Result<Method, OdataError> {
    let at = if let Aggregated::Expr(expr) = &item.of { expr.at } else { 0 };
    let Some(name) = name else {
        return Err(meaning(
            OPTION,
            at,
            "'with' and a method are required, as the service has no custom aggregates".to_owned(),
        ));
    };
    Method::from_name(name).ok_or_else(|| not_offered(format!("the method '{name}'"), None))
}

fn measure(item: &Aggregate) -> Result<Measure, OdataError> {
    if !item.from.is_empty() {
        return Err(not_offered("aggregate with from and other values", None));
    }
    let alias = alias(item)?;
    let expr = match &item.of {
        Aggregated::Count => return Ok(Measure { path: None, method: Method::Count, alias }),
        Aggregated::Type(..) => return Err(not_offered("aggregate of a type", None)),
        Aggregated::Expr(expr) => expr,
    };
    let path = names(expr).ok_or_else(|| not_offered("aggregate of a value other than a property", None))?;
    if path == ["$count"] {
        return Ok(Measure { path: None, method: Method::Count, alias });
    }
    Ok(Measure { path: Some(path), method: method(item.method.as_deref(), item)?, alias })
}
