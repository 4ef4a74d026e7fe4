//! Removing unused scopes from tokens.

use grant_state::resolved::is_access_token;
use grant_state::state::state;
use input::scopes;
use model::Uuid;
use model::entities::{AccessTokenScope, AuditEventType};
use store::{StoreError, Tx};

use crate::registry::audit::Event;
use crate::{Caller, Ctx, Fault, Scopes};

/// Returns the scopes of a token, and when each was last used.
pub async fn used(ctx: &Ctx, id: Uuid) -> Result<Vec<AccessTokenScope>, Fault> {
    // Uses that are not written yet.
    ctx.authority().write_last_uses().await?;
    Ok(ctx.store().read(move |read| read.scopes_of(id)).await?)
}

/// Limits a token and its descendants to some of its scopes; if none are named, to those that it has used. Returns the
/// remaining scopes.
///
/// # Errors
/// [`Fault::NotFound`] if there is no such token, or the caller may not see it; [`Fault::Conflict`] if no scope would remain;
/// [`Fault::BadField`] for a scope that it does not have.
pub async fn narrow(ctx: &Ctx, caller: &Caller, id: Uuid, keep: Option<Scopes>) -> Result<Scopes, Fault> {
    caller.require(ctx, scopes::UPDATE)?;
    ctx.authority().write_last_uses().await?;
    let by = caller.clone();
    caller.transaction(ctx, move |ctx, tx| narrow_in(ctx, tx, &by, id, keep.as_ref())).await
}

/// Narrows a token in a transaction, as [`narrow`], after the last uses were written.
pub fn narrow_in(
    ctx: &Ctx,
    tx: &mut Tx<'_>,
    by: &Caller,
    id: Uuid,
    keep: Option<&Scopes>,
) -> Result<Scopes, Fault> {
    let found = tx.find_grant_by_id(id)?.filter(|found| by.may_manage(ctx, found.grant.user_id));
    let found = found.ok_or_else(|| Fault::NotFound("there is no such token".to_owned()))?;
    let has_ended = state(&found, ctx.now).check_not_ended().is_err();
    let grant = found.grant;
    if !is_access_token(grant.kind) || has_ended {
        return Err(Fault::Conflict("only an access token that is valid can be narrowed".to_owned()));
    }
    let own = Scopes::stored(grant.scopes.as_deref());
    let kept = match keep {
        Some(asked) => asked_of(&own, asked)?,
        None => used_of(&own, tx.scopes_of(id))?,
    };
    if kept.is_empty() {
        let message = "nothing would be left: a token that is not needed is revoked";
        return Err(Fault::Conflict(message.to_owned()));
    }
    let names: Vec<String> = kept.iter().map(str::to_owned).collect();
    tx.narrow_tree(id, &names, ctx.now)?;
    let event = Event::for_grant(AuditEventType::TokenUpdated, &grant).by(by);
    event.with("scopes", kept.to_string()).note(ctx, tx)?;
    Ok(kept)
}

fn asked_of(own: &Scopes, asked: &Scopes) -> Result<Scopes, Fault> {
    match asked.iter().find(|scope| !own.contains(scope)) {
        None => Ok(own.shared_with(asked)),
        Some(scope) => {
            Err(Fault::BadField { field: "scopes", message: format!("the token does not have '{scope}'") })
        }
    }
}

fn used_of(own: &Scopes, rows: Result<Vec<AccessTokenScope>, StoreError>) -> Result<Scopes, Fault> {
    let rows = rows?;
    let used = rows.iter().filter(|row| row.last_used_timestamp.is_some()).map(|row| row.scope.as_str());
    Ok(own.shared_with(&Scopes::known(used)))
}
