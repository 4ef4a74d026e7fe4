//! `expandgroup`: the rows of keys that are references.

use model::{Entity, Property, Timestamp};

use super::grouped_query::{ExpandedKey, Sequence};
use crate::OdataError;
use crate::ast::{ExpandItem, ExpandShape, Options};
use crate::bind::bind;
use crate::bind::errors::{meaning, not_offered};
use crate::parse::EXPAND_GROUP;

/// Binds the items of `expandgroup`. Each names a key of all sequences that is a reference.
pub(super) fn keys(
    entity: &'static Entity,
    items: &[ExpandItem],
    sequences: &[Sequence],
    now: Timestamp,
) -> Result<Vec<ExpandedKey>, OdataError> {
    let mut keys: Vec<ExpandedKey> = Vec::new();
    for item in items {
        let column = item.path.join("/");
        let wrong = |message: String| Err(meaning(EXPAND_GROUP, item.at, message));
        if keys.iter().any(|key| key.column == column) {
            return wrong(format!("'{column}' is expanded twice"));
        }
        let is_key = sequences.iter().any(|sequence| sequence.columns().contains(&column));
        let Some(target) = target(entity, &item.path).filter(|_| is_key) else {
            return wrong(format!("'{column}' is no reference by which is grouped"));
        };
        let inner = Options { select: Vec::new(), expand: Vec::new(), ..item.options.clone() };
        if item.shape != ExpandShape::Rows || inner != Options::default() {
            return Err(not_offered("expandgroup with options other than $select and $expand", None));
        }
        keys.push(ExpandedKey { column, query: bind(target, &item.options, now)? });
    }
    Ok(keys)
}

/// Returns the entity at the end of a path of references.
fn target(entity: &'static Entity, path: &[String]) -> Option<&'static Entity> {
    let mut target = entity;
    for name in path {
        let Property::Reference(reference) = target.property(name)? else { return None };
        target = reference.target();
    }
    (!path.is_empty()).then_some(target)
}
