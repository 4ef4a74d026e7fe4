//! Revoking grants.

use model::Uuid;
use model::entities::{AccessToken, GrantKind, RevocationReason};
use store::RevokedGrant;

use crate::applications::authenticate;
use crate::audit::note_revoked;
use crate::authorization::withdraw;
use crate::live::{self, hash_presented};
use crate::{Caller, ClientCredentials, Ctx, Fault, scopes};

/// Revokes a grant by its identifier, with all that came from it. Gives those that were not revoked before.
///
/// # Errors
/// [`Fault::NotFound`] where there is no such grant, or none that the caller may see.
pub async fn revoke(ctx: &Ctx, caller: &Caller, id: Uuid) -> Result<Vec<RevokedGrant>, Fault> {
    caller.require(ctx, scopes::UPDATE)?;
    let caller = caller.clone();
    ctx.transaction(move |ctx, tx| {
        let grant: Option<AccessToken> = tx.find(id)?;
        let grant = grant.filter(|grant| caller.may_manage(ctx, grant.user_id));
        let grant = grant.ok_or_else(|| Fault::NotFound("there is no such grant".to_owned()))?;
        if grant.user_id != Some(caller.user.id) {
            caller.require_sign_in(ctx)?;
        }
        let reason = match grant.kind {
            GrantKind::UserConsent => RevocationReason::ConsentWithdrawn,
            _ => RevocationReason::Requested,
        };
        let revoked = end(ctx, tx, id, reason)?;
        note_revoked(ctx, tx, Some(&caller), id, &revoked)?;
        Ok(revoked)
    })
    .await
}

/// Counts what would be revoked with a grant, itself not included.
pub async fn count_descendants(ctx: &Ctx, id: Uuid) -> Result<usize, Fault> {
    Ok(ctx.store().read(move |read| read.count_descendants(id)).await?)
}

/// Revokes a token that an application presents (RFC 7009). What is unknown, or was given to
/// another application, is left alone, and the answer is the same.
pub async fn revoke_presented(
    ctx: &Ctx,
    credentials: &ClientCredentials,
    presented: &str,
) -> Result<(), Fault> {
    let application = authenticate(ctx, credentials).await?;
    let Ok(hash) = hash_presented(ctx, presented) else { return Ok(()) };
    let Some(found) = live::find(ctx, hash).await? else { return Ok(()) };
    let is_consent = found.grant.kind == GrantKind::UserConsent;
    if found.grant.trusted_application_id != Some(application.id) || is_consent {
        return Ok(());
    }
    let id = whole(&found.grant);
    ctx.transaction(move |ctx, tx| {
        let revoked = end(ctx, tx, id, RevocationReason::Requested)?;
        note_revoked(ctx, tx, None, id, &revoked)
    })
    .await?;
    Ok(())
}

/// What ends with a grant that an application gives back: with a refresh token all that came from the same sign-in
/// (RFC 7009, section 2.1), otherwise the grant itself.
pub(crate) fn whole(grant: &AccessToken) -> Uuid {
    match (grant.kind, grant.parent_id) {
        (GrantKind::RefreshToken, Some(family)) => family,
        _ => grant.id,
    }
}

/// Revokes a grant with all that came from it, and what stands beside them.
pub(crate) fn end(
    ctx: &Ctx,
    tx: &mut store::Tx<'_>,
    id: Uuid,
    reason: RevocationReason,
) -> Result<Vec<RevokedGrant>, Fault> {
    let revoked = tx.revoke_tree(id, reason, ctx.now)?;
    for grant in &revoked {
        match grant.kind {
            GrantKind::DeviceCode => tx.remove_user_code(grant.id)?,
            GrantKind::RefreshToken => tx.remove_refresh_answer(grant.id)?,
            GrantKind::UserConsent => withdraw(ctx, tx, grant.id)?,
            _ => {}
        }
    }
    Ok(revoked)
}
