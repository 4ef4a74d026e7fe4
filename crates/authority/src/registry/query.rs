//! Queries.

use std::collections::HashMap;

use grant_state::payload::open_shown;
use grant_state::resolved::ResolvedGrant;
use input::scopes;
use model::entities::AccessToken;
use model::query::{BoundGrouping, BoundQuery, Expanded, Group, Grouping, Object, Page, Query};
use model::{Entity, Record as _, Reference, Uuid, Value};
use store::StoreError;

use super::audit::Event;
use crate::{Caller, Ctx, Fault};

/// Binds a query to the model, with the visibility condition of the caller.
pub fn bind(ctx: &Ctx, caller: &Caller, entity: &'static Entity, query: &Query) -> Result<BoundQuery, Fault> {
    caller.require(ctx, scopes::READ)?;
    permitted(ctx, caller, query.bind(entity, caller.actor(ctx))?)
}

/// Checks that the caller may read what is encrypted at rest, if the question asks for it.
fn permitted(ctx: &Ctx, caller: &Caller, bound: BoundQuery) -> Result<BoundQuery, Fault> {
    if bound.shows_sealed() {
        caller.require_administrator(ctx)?;
    }
    Ok(bound)
}

/// Records that a request reads what is encrypted at rest, if it does. A surface calls this once for each request, before it
/// reads.
///
/// # Errors
/// Where the registry cannot be written: nothing is read then.
pub async fn disclose(ctx: &Ctx, caller: &Caller, bound: &BoundQuery) -> Result<(), Fault> {
    if !bound.shows_sealed() {
        return Ok(());
    }
    let (by, set) = (caller.clone(), bound.entity().set_name());
    caller
        .transaction(ctx, move |ctx, tx| {
            Event::for_contents().by(&by).with("set", set.as_str()).note(ctx, tx)
        })
        .await
}

/// Reads a page of a query.
pub async fn fetch(ctx: &Ctx, query: &BoundQuery) -> Result<Page, Fault> {
    let query = query.clone();
    let mut page = ctx.read(move |read| read.page(&query)).await?;
    page.objects.iter_mut().for_each(|object| unseal(ctx, object));
    Ok(page)
}

/// Reads several queries of single rows at one point in time; `None` for a row that does not exist or that the caller may
/// not see.
pub async fn fetch_each(ctx: &Ctx, queries: &[BoundQuery]) -> Result<Vec<Option<Object>>, Fault> {
    let queries = queries.to_vec();
    let read = ctx.read(move |read| {
        queries
            .iter()
            .map(|query| Ok(read.page(query)?.objects.pop()))
            .collect::<Result<Vec<_>, StoreError>>()
    });
    let mut objects = read.await?;
    objects.iter_mut().flatten().for_each(|object| unseal(ctx, object));
    Ok(objects)
}

/// Reads for each of several rows a page of those that refer to it.
pub async fn pages_of(
    ctx: &Ctx,
    query: &BoundQuery,
    via: &'static Reference,
    owners: Vec<Uuid>,
) -> Result<HashMap<Uuid, Page>, Fault> {
    let query = query.clone();
    let mut pages = ctx.read(move |read| read.pages_of(&query, via, &owners)).await?;
    pages.values_mut().flat_map(|page| &mut page.objects).for_each(|object| unseal(ctx, object));
    Ok(pages)
}

/// Counts for each of several rows those that refer to it.
pub async fn counts_of(
    ctx: &Ctx,
    query: &BoundQuery,
    via: &'static Reference,
    owners: Vec<Uuid>,
) -> Result<HashMap<Uuid, u64>, Fault> {
    let query = query.clone();
    ctx.read(move |read| read.counts_of(&query, via, &owners)).await
}

/// Counts the rows of a query.
pub async fn count(ctx: &Ctx, query: &BoundQuery) -> Result<u64, Fault> {
    let query = query.clone();
    ctx.read(move |read| read.count(&query)).await
}

/// Binds a query and reads a page.
pub async fn page(ctx: &Ctx, caller: &Caller, entity: &'static Entity, query: &Query) -> Result<Page, Fault> {
    let bound = bind(ctx, caller, entity, query)?;
    disclose(ctx, caller, &bound).await?;
    fetch(ctx, &bound).await
}

/// Binds a grouped query and reads its groups.
pub async fn groups(
    ctx: &Ctx,
    caller: &Caller,
    entity: &'static Entity,
    grouping: &Grouping,
) -> Result<(BoundGrouping, Vec<Group>), Fault> {
    caller.require(ctx, scopes::READ)?;
    let bound = grouping.bind(entity, caller.actor(ctx))?;
    let asked = bound.clone();
    let groups = ctx.read(move |read| read.groups(&asked)).await?;
    Ok((bound, groups))
}

/// Finds the row of the caller's token; this needs no scope.
pub async fn own_token(ctx: &Ctx, caller: &Caller) -> Result<Option<AccessToken>, Fault> {
    let Some(id) = caller.token().map(|live| live.grant.id) else { return Ok(None) };
    Ok(ctx.store().read(move |read| read.find(id)).await?)
}

/// Binds a query of a single row. A token reads its own row without a scope, but no other rows. The row contains the login of
/// the user, so the holder of the token must be allowed to read that.
pub fn bind_row(
    ctx: &Ctx,
    caller: &Caller,
    entity: &'static Entity,
    id: Uuid,
    query: &Query,
) -> Result<BoundQuery, Fault> {
    let own = caller.token().filter(|live| live.grant.id == id);
    let is_own =
        entity.table == AccessToken::entity().table && own.is_some_and(ResolvedGrant::may_read_login);
    let stays = query.expand.is_empty() && query.filter.is_none() && query.search.is_none();
    let bound = if is_own && stays {
        permitted(ctx, caller, query.bind(entity, caller.actor(ctx))?)?
    } else {
        bind(ctx, caller, entity, query)?
    };
    Ok(bound.with_id(id))
}

/// Finds one row that the caller may see.
pub async fn find(
    ctx: &Ctx,
    caller: &Caller,
    entity: &'static Entity,
    id: Uuid,
    query: &Query,
) -> Result<Option<Object>, Fault> {
    let bound = bind_row(ctx, caller, entity, id, query)?;
    disclose(ctx, caller, &bound).await?;
    Ok(fetch(ctx, &bound).await?.objects.pop())
}

/// Decrypts the sealed values of a row and of its expanded rows.
fn unseal(ctx: &Ctx, object: &mut Object) {
    let id = object.id;
    for (property, value) in &mut object.values {
        let model::Property::Attribute(attribute) = property else { continue };
        if let (true, Value::Text(sealed)) = (attribute.sealed, &*value) {
            *value = open_shown(ctx.keyring(), id, sealed).map_or_else(
                |fault| {
                    tracing::error!(%id, ?fault, "the payload of a row cannot be opened");
                    Value::Null
                },
                Value::Text,
            );
        }
    }
    for (_, expanded) in &mut object.expanded {
        match expanded {
            Expanded::One(one) => one.iter_mut().for_each(|one| unseal(ctx, one)),
            Expanded::Many(many, _) => many.iter_mut().for_each(|one| unseal(ctx, one)),
            Expanded::Count(_) => {}
        }
    }
}
