//! Asking the registry.

use model::query::{Expanded, Object, Page, Query};
use model::{Entity, Uuid, Value};

use crate::contents::open_text;
use crate::{Caller, Ctx, Fault, scopes};

/// Reads one page of the rows that the caller may see.
pub async fn page(ctx: &Ctx, caller: &Caller, entity: &'static Entity, query: &Query) -> Result<Page, Fault> {
    caller.require(ctx, scopes::READ)?;
    let bound = query.bind(entity, caller.actor())?;
    let mut page = ctx.store().read(move |read| read.page(&bound)).await?;
    page.objects.iter_mut().for_each(|object| unseal(ctx, object));
    Ok(page)
}

/// Finds one row that the caller may see.
pub async fn find(
    ctx: &Ctx,
    caller: &Caller,
    entity: &'static Entity,
    id: Uuid,
    query: &Query,
) -> Result<Option<Object>, Fault> {
    caller.require(ctx, scopes::READ)?;
    let bound = query.bind(entity, caller.actor())?.with_id(id);
    let mut page = ctx.store().read(move |read| read.page(&bound)).await?;
    page.objects.iter_mut().for_each(|object| unseal(ctx, object));
    Ok(page.objects.pop())
}

/// Counts the rows that the caller may see.
pub async fn count(ctx: &Ctx, caller: &Caller, entity: &'static Entity, query: &Query) -> Result<u64, Fault> {
    caller.require(ctx, scopes::READ)?;
    let bound = query.bind(entity, caller.actor())?;
    Ok(ctx.store().read(move |read| read.count(&bound)).await?)
}

/// Opens what is encrypted at rest, in a row and in all that it includes.
fn unseal(ctx: &Ctx, object: &mut Object) {
    let id = object.id;
    for (property, value) in &mut object.values {
        let model::Property::Attribute(attribute) = property else { continue };
        if let (true, Value::Text(sealed)) = (attribute.sealed, &*value) {
            *value = open_text(ctx, id, sealed).map_or_else(
                |fault| {
                    tracing::error!(%id, ?fault, "the contents of a row cannot be opened");
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
        }
    }
}
