//! Changing the description and the limits of a personal or service access token.

use grant_state::state::{expires_before, if_not_revoked, state};
use input::scopes;
use model::entities::{AccessToken, AuditEventType, GrantKind, RevocationReason};
use model::{Attribute, Column, Timestamp, Uuid};
use store::{Change, GrantParties, Tx};

use super::revoke::end;
use crate::registry::audit::Event;
use crate::validate::checked_change;
use crate::{AllowedAddresses, Caller, Ctx, Fault};

/// A change; absent fields keep their values.
#[derive(Clone, Debug, Default)]
pub struct UpdateToken {
    /// The description; empty for none.
    pub description: Option<String>,
    /// The expiry, not later than before.
    pub expires: Option<Timestamp>,
    /// The addresses from which it may be used, within those of before.
    pub allowed: Option<AllowedAddresses>,
}

/// Changes a token. More rights or a later expiry need a new token or a rotation.
///
/// # Errors
/// [`Fault::NotFound`] if there is no such token, or the caller may not see it; [`Fault::Conflict`] if it is revoked or was
/// changed meanwhile; [`Fault::BadField`] for a time that is in the past or later than before.
pub async fn update_token(
    ctx: &Ctx,
    caller: &Caller,
    id: Uuid,
    asked: UpdateToken,
) -> Result<AccessToken, Fault> {
    caller.require(ctx, scopes::UPDATE)?;
    let by = caller.clone();
    caller.transaction(ctx, move |ctx, tx| update_in(ctx, tx, &by, id, &asked)).await
}

/// Changes a token in a transaction, as [`update_token`].
pub fn update_in(
    ctx: &Ctx,
    tx: &mut Tx<'_>,
    by: &Caller,
    id: Uuid,
    asked: &UpdateToken,
) -> Result<AccessToken, Fault> {
    let before = manageable(ctx, tx.find_grant_by_id(id)?, by)?.grant;
    let after = changed(ctx, &before, asked)?;
    let change = if_not_revoked(Change::new::<AccessToken>(id, ctx.now))
        .if_equal(Column(Attribute::VERSION_COLUMN), &before.object_version)
        .set(AccessToken::Description, &after.description)
        .set(AccessToken::ExpireTimestamp, &after.expire_timestamp)
        .set(AccessToken::AllowedIPAddresses, &after.allowed_ip_addresses);
    if !tx.change(change)? {
        return Err(Fault::Conflict("the token was revoked or changed meanwhile".to_owned()));
    }
    if let Some(expires) = asked.expires {
        tx.shorten_tree(id, expires, ctx.now)?;
    }
    if asked.allowed.is_some() {
        restrict_tree(ctx, tx, &after)?;
    }
    Event::for_grant(AuditEventType::TokenUpdated, &after).by(by).note(ctx, tx)?;
    Ok(after)
}

/// Returns a personal or service access token that the caller may manage.
///
/// # Errors
/// [`Fault::NotFound`] for a token of another user, [`Fault::Conflict`] for one that was revoked or has expired.
pub(super) fn manageable(
    ctx: &Ctx,
    found: Option<GrantParties>,
    caller: &Caller,
) -> Result<GrantParties, Fault> {
    let found = found.filter(|found| caller.may_manage(ctx, found.grant.user_id));
    let found = found.ok_or_else(|| Fault::NotFound("there is no such token".to_owned()))?;
    if !matches!(found.grant.kind, GrantKind::PersonalAccessToken | GrantKind::ServiceAccessToken) {
        let message = "only personal and service access tokens can be changed";
        return Err(Fault::BadField { field: "id", message: message.to_owned() });
    }
    state(&found, ctx.now).check_not_ended().map_err(|why| Fault::Conflict(why.to_owned()))?;
    Ok(found)
}

fn changed(ctx: &Ctx, before: &AccessToken, asked: &UpdateToken) -> Result<AccessToken, Fault> {
    let mut after = AccessToken {
        object_version: before.object_version + 1,
        updated_at: Some(ctx.now),
        ..before.clone()
    };
    if let Some(description) = &asked.description {
        after.description = Some(description.clone()).filter(|text| !text.trim().is_empty());
    }
    if let Some(expires) = asked.expires {
        check_expiry(ctx, before, expires)?;
        after.expire_timestamp = Some(expires);
    }
    if let Some(allowed) = &asked.allowed {
        let own = AllowedAddresses::parse(before.allowed_ip_addresses.as_deref().unwrap_or_default())?;
        after.allowed_ip_addresses = allowed.clone().within(&own)?.to_text();
    }
    checked_change(before, after)
}

/// Limits the descendants of a token to its networks. Descendants without a common network are revoked.
fn restrict_tree(ctx: &Ctx, tx: &mut Tx<'_>, token: &AccessToken) -> Result<(), Fault> {
    let parse = |token: &AccessToken| {
        AllowedAddresses::parse(token.allowed_ip_addresses.as_deref().unwrap_or_default())
    };
    let limit = parse(token)?;
    for child in tx.list_descendants(token.id)? {
        let Some(grant) = tx.find::<AccessToken>(child)? else { continue };
        let own = parse(&grant)?;
        match own.shared_with(&limit) {
            Some(shared) if shared == own => {}
            Some(shared) => {
                let change = Change::new::<AccessToken>(child, ctx.now)
                    .set(AccessToken::AllowedIPAddresses, &shared.to_text());
                tx.change(change)?;
            }
            None => drop(end(ctx, tx, child, RevocationReason::Requested)?),
        }
    }
    Ok(())
}

fn check_expiry(ctx: &Ctx, before: &AccessToken, expires: Timestamp) -> Result<(), Fault> {
    let bad = |message: &str| Err(Fault::BadField { field: "expires", message: message.to_owned() });
    if expires <= ctx.now {
        return bad("the time of expiry lies in the past; to end the token, revoke it");
    }
    if expires_before(before, expires) {
        return bad("a token does not live longer than it was made for; rotate it");
    }
    Ok(())
}
