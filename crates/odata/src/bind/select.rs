//! `$select`.

use model::Entity;
use model::query::Query;

use super::errors::{meaning, not_offered, place};
use super::types::{after_cast, not_of_type};
use crate::OdataError;
use crate::ast::{Options, SelectItem};
use crate::options::OptionName;

const OPTION: &str = OptionName::Select.name();

/// Adds a selection to a query: properties of the row, and properties of its expanded rows.
pub(super) fn select(
    entity: &'static Entity,
    items: &[SelectItem],
    query: &mut Query,
) -> Result<(), OdataError> {
    items.iter().try_for_each(|item| add(entity, &item.path, item, query))
}

fn add(
    entity: &'static Entity,
    path: &[String],
    item: &SelectItem,
    query: &mut Query,
) -> Result<(), OdataError> {
    let unoffered = |what: &str| Err(not_offered(what, Some(place(OPTION, item.at))));
    let Some((name, rest)) = after_cast(entity, path).split_first() else { return Ok(()) };
    if name == SelectItem::KEY {
        query.select.push(entity.id().name.to_owned());
        return Ok(());
    }
    let is_operation = !item.parameters.is_empty() || name.ends_with(".*");
    if is_operation || name.contains('@') || name.contains('.') && rest.is_empty() {
        return unoffered("an operation or an annotation in $select");
    }
    if name.contains('.') {
        return Err(meaning(OPTION, item.at, not_of_type(entity, name)));
    }
    let only_select = Options { select: item.options.select.clone(), ..Options::default() };
    if item.options != only_select {
        return unoffered("an option other than $select in $select");
    }
    if !query.select.contains(name) {
        query.select.push(name.clone());
    }
    if rest.is_empty() && item.options.select.is_empty() {
        return Ok(());
    }
    let target = entity
        .reference(name)
        .map(model::Reference::target)
        .or_else(|| entity.collection(name).map(model::Collection::target));
    let expanded = query.expand.iter_mut().find(|expand| expand.name == *name);
    match (target, expanded) {
        (Some(target), Some(expanded)) if rest.is_empty() => {
            select(target, &item.options.select, &mut expanded.query)
        }
        (Some(target), Some(expanded)) => add(target, rest, item, &mut expanded.query),
        (Some(_), None) => {
            let message =
                format!("'{name}' is not expanded; write $expand={name}($select={})", inner(rest, item));
            Err(meaning(OPTION, item.at, message))
        }
        // The model reports the unknown name with a suggestion.
        (None, _) if entity.property(name).is_none() => Ok(()),
        (None, _) => Err(meaning(OPTION, item.at, format!("'{name}' has no properties"))),
    }
}

/// Returns the selection after the first name, for an error message.
fn inner(rest: &[String], item: &SelectItem) -> String {
    let mut names: Vec<String> = item.options.select.iter().map(|inner| inner.path.join("/")).collect();
    if !rest.is_empty() {
        names = vec![rest.join("/")];
    }
    names.join(",")
}
