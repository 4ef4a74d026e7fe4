//! `$apply`: groups of rows, and steps on the groups.

mod aggregate;
mod draft;
mod expanded;
mod grouped_query;
mod having;
mod plain;
mod steps;

use std::cell::Cell;

use model::{Entity, Timestamp};

use super::alias::Aliases;
use super::condition::{Conditions, Rows};
use super::errors::not_offered;
use super::evaluate::Scope;
use crate::OdataError;
use crate::ast::Options;
use crate::options::OptionName;
pub use grouped_query::{Column, ExpandedKey, GroupStep, GroupedQuery, Having, Sequence};
use grouped_query::{OPTION, add_filter};
pub(super) use plain::without_apply;
use steps::Builder;

/// Binds the options of a request with `$apply` to grouped queries. `now` is the value of `now()`. `$skip` and `$top`
/// are not steps: they select a page of the result.
///
/// # Errors
/// [`OdataError::NotOffered`] for transformations that the service does not support.
pub fn bind_apply(
    entity: &'static Entity,
    options: &Options,
    now: Timestamp,
) -> Result<GroupedQuery, OdataError> {
    let (aliases, bound) = (Aliases::from_options(options), Cell::new(0));
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
        // A condition on columns filters groups; any other condition filters the grouped rows.
        match having::having(filter, &sequences) {
            Some(having) => after.push(GroupStep::Having(having)),
            None => {
                let rows = conditions(OptionName::Filter.name()).condition(filter)?;
                sequences
                    .iter_mut()
                    .for_each(|sequence| add_filter(&mut sequence.grouping.filter, rows.clone()));
            }
        }
    }
    if !options.order_by.is_empty() {
        after.push(GroupStep::OrderBy(having::order(&options.order_by)?));
    }
    let expanded = expanded::keys(entity, &options.expand_group, &sequences, now)?;
    Ok(GroupedQuery { sequences, after, count: options.count.unwrap_or(false), expanded })
}
