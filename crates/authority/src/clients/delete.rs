//! Deleting clients.

use grant_state::COMMAND_LINE;
use grant_state::state::is_revoked;
use input::scopes;
use model::entities::{AccessToken, AuditEventType, RevocationReason, TrustedApplication};
use model::{Uuid, Value};
use store::{Change, NameKind, Tx};

use crate::registry::audit::Event;
use crate::registry::purge::note_application;
use crate::tokens::revoke;
use crate::{Caller, Ctx, Fault};

/// How many grants are revoked and detached in one transaction.
const BATCH: u64 = 100;
/// Maximum number of transactions of a request; the purge continues.
const MAX_STEPS: usize = 100;

/// Counts the grants that a deletion would end; for administrators.
///
/// # Errors
/// Those of [`delete_application`].
pub async fn preview(ctx: &Ctx, caller: &Caller, id: Uuid) -> Result<u64, Fault> {
    caller.require(ctx, scopes::UPDATE)?;
    caller.require_administrator(ctx)?;
    let found = ctx.store().read(move |read| read.find::<TrustedApplication>(id)).await?;
    deletable(found)?;
    Ok(ctx.store().read(move |read| read.count_grants_of(id)).await?)
}

/// Deletes a client; for administrators. Its tokens, codes and consents are refused once this returns. The revoked grants stay
/// in the registry until the purge removes them. Returns how many ended.
///
/// # Errors
/// [`Fault::NotFound`] if there is no such client; [`Fault::Conflict`] for the client that is part of the product.
pub async fn delete_application(ctx: &Ctx, caller: &Caller, id: Uuid) -> Result<u64, Fault> {
    let count = preview(ctx, caller, id).await?;
    let by = caller.clone();
    delete(&ctx.by(caller), id, move |event| event.by(&by)).await?;
    Ok(count)
}

fn deletable(found: Option<TrustedApplication>) -> Result<TrustedApplication, Fault> {
    let found = found.ok_or_else(|| Fault::NotFound("there is no such application".to_owned()))?;
    if found.application_uri == COMMAND_LINE {
        return Err(Fault::Conflict("this application is part of the product".to_owned()));
    }
    Ok(found)
}

/// Deletes a client; `said` adds the actor or the reason to the event.
///
/// # Errors
/// Those of [`delete_application`].
pub(crate) async fn delete(
    ctx: &Ctx,
    id: Uuid,
    said: impl Fn(Event) -> Event + Send + Sync + 'static,
) -> Result<(), Fault> {
    ctx.transaction(move |ctx, tx| begin_in(ctx, tx, id, &said)).await?;
    finish(ctx, id).await;
    Ok(())
}

/// Begins to delete an application in a transaction: from then on it is disabled. [`finish`] removes it.
///
/// # Errors
/// As [`delete_application`].
pub fn begin_in(ctx: &Ctx, tx: &mut Tx<'_>, id: Uuid, said: impl Fn(Event) -> Event) -> Result<(), Fault> {
    let application = deletable(tx.find(id)?)?;
    let disable = Change::new::<TrustedApplication>(id, ctx.now).set(TrustedApplication::IsEnabled, &false);
    tx.change(disable)?;
    if tx.begin_deletion(id)? {
        let event = Event::for_client(AuditEventType::ApplicationDeleted, &application);
        said(event).note(ctx, tx)?;
    }
    Ok(())
}

/// Removes an application whose deletion has begun.
pub async fn finish(ctx: &Ctx, id: Uuid) {
    for _ in 0..MAX_STEPS {
        // Each step ends tokens, perhaps the one of this request.
        match step(&ctx.by_itself(), id).await {
            Ok(true) => {}
            Ok(false) => break,
            Err(fault) => {
                // It has ended already; the purge removes what is left.
                tracing::warn!(?fault, application = %id, "an application is removed later");
                break;
            }
        }
    }
}

/// Continues a deletion. Returns whether it is incomplete.
///
/// # Errors
/// If the registry cannot be written.
pub(crate) async fn step(ctx: &Ctx, id: Uuid) -> Result<bool, Fault> {
    ctx.transaction(move |ctx, tx| {
        let own = Value::Guid(id);
        let mut grants: Vec<AccessToken> = tx.list_by(AccessToken::TrustedApplication, &own, BATCH)?;
        // Older ones first: a revocation locks a grant before what came from it.
        grants.sort_by_key(|grant| grant.id);
        if grants.is_empty() {
            remove(ctx, tx, id)?;
            return Ok(false);
        }
        for grant in grants.iter().filter(|grant| !is_revoked(grant)) {
            revoke::end(ctx, tx, grant.id, RevocationReason::Requested)?;
        }
        let ids: Vec<Uuid> = grants.iter().map(|grant| grant.id).collect();
        tx.detach_grants(&ids, ctx.now)?;
        Ok(true)
    })
    .await
}

fn remove(ctx: &Ctx, tx: &mut Tx<'_>, id: Uuid) -> Result<(), Fault> {
    tx.release_names(NameKind::ClientLook, id)?;
    tx.remove::<TrustedApplication>(id)?;
    note_application(ctx, tx, id)
}
