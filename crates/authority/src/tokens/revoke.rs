//! Revoking grants.

use input::scopes;
use model::Uuid;
use model::entities::{AccessToken, GrantKind, RevocationReason};
use store::RevokedGrant;

use super::consents::withdraw;
use super::resolve::{self, hash_presented};
use crate::clients::authenticate::authenticate;
use crate::registry::audit::{Actor, note_revoked};
use crate::{Caller, ClientCredentials, Ctx, Fault};

/// Revokes a grant with its descendants. Returns those that were not revoked before.
///
/// # Errors
/// [`Fault::NotFound`] if there is no such grant, or the caller may not see it.
pub async fn revoke(ctx: &Ctx, caller: &Caller, id: Uuid) -> Result<Vec<RevokedGrant>, Fault> {
    caller.require(ctx, scopes::UPDATE)?;
    let by = caller.clone();
    caller.transaction(ctx, move |ctx, tx| revoke_in(ctx, tx, &by, id)).await
}

/// Revokes a grant in a transaction, as [`revoke`].
pub fn revoke_in(
    ctx: &Ctx,
    tx: &mut store::Tx<'_>,
    by: &Caller,
    id: Uuid,
) -> Result<Vec<RevokedGrant>, Fault> {
    let grant: Option<AccessToken> = tx.find(id)?;
    let grant = grant.filter(|grant| by.may_manage(ctx, grant.user_id));
    let grant = grant.ok_or_else(|| Fault::NotFound("there is no such grant".to_owned()))?;
    if grant.user_id != Some(by.user.id) {
        by.require_sign_in(ctx)?;
    }
    let reason = match grant.kind {
        GrantKind::UserConsent => RevocationReason::ConsentWithdrawn,
        _ => RevocationReason::Requested,
    };
    let revoked = end_with_made(ctx, tx, &grant, reason)?;
    note_revoked(ctx, tx, by, id, &revoked)?;
    Ok(revoked)
}

/// Revokes the caller's token with its descendants; this needs no scope. Returns those that were not revoked before.
///
/// # Errors
/// [`Fault::Conflict`] if the caller has a session instead of a token.
pub async fn revoke_own(ctx: &Ctx, caller: &Caller) -> Result<Vec<RevokedGrant>, Fault> {
    let no_token = || Fault::Conflict("the request carries no token that could be revoked".to_owned());
    let grant = caller.token().map(|live| live.grant.clone()).ok_or_else(no_token)?;
    let by = Actor::from(caller);
    caller
        .transaction(ctx, move |ctx, tx| {
            let revoked = end_with_made(ctx, tx, &grant, RevocationReason::Requested)?;
            note_revoked(ctx, tx, by, grant.id, &revoked)?;
            Ok(revoked)
        })
        .await
}

/// Counts the descendants that would be revoked with a grant.
pub async fn count_descendants(ctx: &Ctx, id: Uuid) -> Result<usize, Fault> {
    ctx.store()
        .read(move |read| {
            let Some(grant) = read.find::<AccessToken>(id)? else { return Ok(0) };
            let made = made_with(read, &grant, RevocationReason::Requested)?;
            let mut count = read.count_descendants(whole(&grant))? + made.len();
            for made in made {
                count += read.count_descendants(made)?;
            }
            Ok(count)
        })
        .await
}

/// Revokes a token that its client presents (RFC 7009). Unknown tokens and those of other clients are ignored, with the same
/// response.
pub async fn revoke_presented(
    ctx: &Ctx,
    credentials: &ClientCredentials,
    presented: &str,
) -> Result<(), Fault> {
    let (acting, application) = authenticate(ctx, credentials).await?;
    let Ok(hash) = hash_presented(ctx, presented) else { return Ok(()) };
    let Some(found) = resolve::find(ctx, hash).await? else { return Ok(()) };
    let is_consent = found.grant.kind == GrantKind::UserConsent;
    if found.grant.trusted_application_id != Some(application.id) || is_consent {
        return Ok(());
    }
    let by = Actor::application(application.id);
    acting
        .transaction(move |ctx, tx| {
            let revoked = end_with_made(ctx, tx, &found.grant, RevocationReason::Requested)?;
            note_revoked(ctx, tx, by, whole(&found.grant), &revoked)
        })
        .await?;
    Ok(())
}

/// Returns the grant to revoke for a presented token: for a refresh token the first grant of its sign-in (RFC 7009, section
/// 2.1), otherwise the grant itself.
pub(crate) fn whole(grant: &AccessToken) -> Uuid {
    whole_of(grant.kind, grant.id, grant.parent_id)
}

/// Returns the grant to revoke for a grant of this kind with this parent.
pub(crate) fn whole_of(kind: GrantKind, id: Uuid, parent: Option<Uuid>) -> Uuid {
    match (kind, parent) {
        (GrantKind::RefreshToken, Some(family)) => family,
        _ => id,
    }
}

/// Returns the tokens that were created with an access token of a family. Their parent is the first grant of the family, not
/// the token. If the family has refresh tokens, they outlive the access token, unless it was leaked.
pub(crate) fn made_with(
    read: &store::Read<'_>,
    token: &AccessToken,
    reason: RevocationReason,
) -> Result<Vec<Uuid>, Fault> {
    let is_leaked = reason == RevocationReason::Leaked;
    let Some(parent) = token.parent_id.filter(|_| token.kind == GrantKind::ReferenceToken) else {
        return Ok(Vec::new());
    };
    let root = match read.find::<AccessToken>(parent)? {
        Some(parent) if parent.kind == GrantKind::RefreshToken => parent.parent_id.filter(|_| is_leaked),
        Some(parent) if parent.kind.starts_family() => Some(parent.id),
        _ => None,
    };
    let made = root.map(|root| read.list_created_below(root, token.creation_timestamp)).transpose()?;
    Ok(made.unwrap_or_default())
}

/// Revokes a grant that a user revokes or that was leaked, with its descendants and the tokens that were created with it.
pub(super) fn end_with_made(
    ctx: &Ctx,
    tx: &mut store::Tx<'_>,
    grant: &AccessToken,
    reason: RevocationReason,
) -> Result<Vec<RevokedGrant>, Fault> {
    let made = made_with(tx, grant, reason)?;
    let mut revoked = end(ctx, tx, whole(grant), reason)?;
    for made in made {
        revoked.append(&mut end(ctx, tx, made, reason)?);
    }
    Ok(revoked)
}

/// Revokes a grant with its descendants, and the rows that belong to them.
pub fn end(
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
