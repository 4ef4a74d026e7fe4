//! Following the changes of rows.

use std::collections::HashMap;

use model::query::{BoundQuery, DeltaState, Object};
use model::{Entity, Property, Timestamp, Uuid, Value};

use super::{purge, query};
use crate::{Caller, Ctx, Fault};

/// How long a change may take from the moment that it bears to the one at which others see it, in seconds: requests,
/// locks and repetitions have their limits, and the clocks of several programs differ a little.
const OVERLAP: i64 = 120;
/// How many rows a mark names. Where more changed at the last, all of them are given once more.
const MAX_KNOWN: u64 = 50;
/// For how long a mark is of use, in seconds.
const LIFETIME: i64 = 30 * 24 * 3600;
/// The version of a row that was never changed.
const FIRST_VERSION: i64 = 1;

/// What happened to the rows of a question.
#[derive(Debug)]
pub struct Changes {
    /// Each row once, in the order of their last changes.
    pub entries: Vec<Change>,
    /// Where to go on, where there are more.
    pub next: Option<Vec<Value>>,
}

/// What happened to a row.
#[derive(Debug)]
pub enum Change {
    /// It was made or changed, and belongs to what is asked for.
    Present(Object),
    /// It was changed and does not belong to it, or no longer.
    Absent(Uuid),
}

/// The question about the rows of which the caller may see that they changed since a moment; those whose property
/// has a value, where one is given.
pub fn bind(
    ctx: &Ctx,
    caller: &Caller,
    entity: &'static Entity,
    since: Timestamp,
    among: Option<(Property, Value)>,
) -> Result<BoundQuery, Fault> {
    let bound = query::bind(ctx, caller, entity, &DeltaState::changed_since(since))?;
    Ok(match among {
        Some((property, value)) => bound.limited_to(property, vec![value]),
        None => bound,
    })
}

/// The mark for a caller who is about to read: whatever is changed from now on comes after it.
pub async fn mark(
    ctx: &Ctx,
    caller: &Caller,
    entity: &'static Entity,
    among: Option<(Property, Value)>,
) -> Result<DeltaState, Fault> {
    let since = ctx.now.plus_seconds(-OVERLAP);
    let mut changed = bind(ctx, caller, entity, since, among)?;
    changed.top = Some(MAX_KNOWN);
    let page = query::fetch(ctx, &changed).await?;
    let known = page.objects.iter().map(|object| (object.id, object.version));
    Ok(DeltaState { since, known: if page.next.is_some() { Vec::new() } else { known.collect() } })
}

/// Whether a mark is still of use: not too old, and made after rows were last removed, of which nobody would be told.
pub async fn is_current(ctx: &Ctx, entity: &'static Entity, mark: &DeltaState) -> Result<bool, Fault> {
    if mark.since <= ctx.now.plus_seconds(-LIFETIME) {
        return Ok(false);
    }
    let purged = purge::last(ctx, entity).await?;
    Ok(purged.is_none_or(|purged| mark.since.plus_seconds(OVERLAP) > purged))
}

/// Reads a page of changes: of the rows that `changed` gives those that `asked` gives too, and which of them it does
/// not. Rows that are known in their version are left out.
pub async fn fetch(
    ctx: &Ctx,
    asked: &BoundQuery,
    changed: &BoundQuery,
    known: &[(Uuid, i64)],
) -> Result<Changes, Fault> {
    let mut page = query::fetch(ctx, changed).await?;
    page.objects.retain(|object| !known.contains(&(object.id, object.version)));
    let ids: Vec<_> = page.objects.iter().map(|object| Value::Guid(object.id)).collect();
    let mut present = HashMap::new();
    if !ids.is_empty() {
        let asked = asked.clone().limited_to(Property::Attribute(asked.entity().id()), ids);
        let rows = query::fetch(ctx, &asked).await?.objects;
        present.extend(rows.into_iter().map(|object| (object.id, object)));
    }
    let entries = page.objects.iter().filter_map(|object| match present.remove(&object.id) {
        Some(row) => Some(Change::Present(row)),
        // What never was anything else never belonged to it.
        None if object.version == FIRST_VERSION => None,
        None => Some(Change::Absent(object.id)),
    });
    Ok(Changes { entries: entries.collect(), next: page.next })
}
