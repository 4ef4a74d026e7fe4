//! Changes of rows since a mark (delta queries).

use std::collections::HashMap;

use model::query::{Actor, BoundQuery, DeltaState, Object};
use model::{Entity, Property, Timestamp, Uuid, Value};

use super::{purge, query};
use crate::{Caller, Ctx, Fault};

/// Maximum time from the timestamp of a change to its visibility, in seconds: durations of requests, locks and retries, and
/// differences of clocks.
const OVERLAP: i64 = 120;
/// How many rows a mark names. If more have changed recently, they are returned again.
const MAX_KNOWN: u64 = 50;
/// Maximum number of deleted rows that are reported one by one. If there are more, the client starts again.
const MAX_DELETED: u64 = 10_000;
/// How long a mark can be used, in seconds.
pub(crate) const LIFETIME: i64 = 30 * 24 * 3600;
/// The version of a row that was never changed.
const FIRST_VERSION: i64 = 1;

/// A page of changes.
#[derive(Debug)]
pub struct Changes {
    /// Each row once, in the order of their last changes.
    pub entries: Vec<Change>,
    /// The position of the next page, if there is one.
    pub next: Option<Vec<Value>>,
}

/// A change of a row.
#[derive(Debug)]
pub enum Change {
    /// It was created or changed, and matches the query.
    Present(Object),
    /// It was changed and does not match the query.
    Absent(Uuid),
}

/// Returns the query for rows that changed since a given time and that the caller may see, optionally with a value of a
/// property.
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

/// Returns the mark for a read that begins now. Later changes are after it.
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

/// Returns whether a mark can still be used: it is recent, and no rows were removed since, whose removal it would miss.
pub async fn is_current(
    ctx: &Ctx,
    caller: &Caller,
    entity: &'static Entity,
    mark: &DeltaState,
) -> Result<bool, Fault> {
    if mark.since <= ctx.now.plus_seconds(-LIFETIME) {
        return Ok(false);
    }
    let purged = purge::last(ctx, entity, caller.actor(ctx).sees_all).await?;
    if purged.is_some_and(|purged| mark.since.plus_seconds(OVERLAP) <= purged) {
        return Ok(false);
    }
    let since = mark.since;
    let deleted =
        ctx.store().read(move |read| read.list_deleted(entity, since, Actor::SYSTEM, MAX_DELETED + 1));
    Ok(deleted.await?.len() as u64 <= MAX_DELETED)
}

/// Lists the rows that were deleted since a mark and that the caller could see.
pub async fn deleted(
    ctx: &Ctx,
    caller: &Caller,
    entity: &'static Entity,
    mark: &DeltaState,
) -> Result<Vec<Uuid>, Fault> {
    let (since, actor) = (mark.since, caller.actor(ctx));
    Ok(ctx.store().read(move |read| read.list_deleted(entity, since, actor, MAX_DELETED)).await?)
}

/// Reads a page of changes: the rows of `changed`, and which of them match `asked`. Rows that the mark names in their present
/// version are left out.
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
        // A row that was never changed never matched.
        None if object.version == FIRST_VERSION => None,
        None => Some(Change::Absent(object.id)),
    });
    Ok(Changes { entries: entries.collect(), next: page.next })
}
