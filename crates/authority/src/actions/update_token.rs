//! Changing a personal or service access token: what it is called, and never to more than it may do already.

use model::entities::{AccessToken, AuditEventType, GrantKind, RevocationReason};
use model::{Attribute, Column, Timestamp, Uuid};
use store::{Change, Tx};

use super::revoke::end;
use crate::audit::Event;
use crate::validate::checked_change;
use crate::{AllowedAddresses, Caller, Ctx, Fault, scopes};

/// What is changed; what is left out stays.
#[derive(Clone, Debug, Default)]
pub struct UpdateToken {
    /// What the token is for; nothing, where it is empty.
    pub description: Option<String>,
    /// When it expires: not later than before.
    pub expires: Option<Timestamp>,
    /// From where it may be used: from nowhere that it could not be used from before.
    pub allowed: Option<AllowedAddresses>,
}

/// Changes a token. A token that should do more or live longer is made anew, or rotated.
///
/// # Errors
/// [`Fault::NotFound`] where there is no such token, or none that the caller may see; [`Fault::Conflict`] where it is
/// revoked or was changed meanwhile; [`Fault::BadField`] for a time that lies in the past or is later than before.
pub async fn update_token(
    ctx: &Ctx,
    caller: &Caller,
    id: Uuid,
    asked: UpdateToken,
) -> Result<AccessToken, Fault> {
    caller.require(ctx, scopes::UPDATE)?;
    let caller = caller.clone();
    ctx.transaction(move |ctx, tx| {
        let before = manageable(ctx, tx.find(id)?, &caller)?;
        let after = changed(ctx, &before, &asked)?;
        let change = Change::new::<AccessToken>(id, ctx.now)
            .if_null(AccessToken::RevokedTimestamp)
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
        Event::of_grant(AuditEventType::TokenUpdated, &after).by(&caller).note(ctx, tx)?;
        Ok(after)
    })
    .await
}

/// A token that somebody made, if it is the caller's business and valid.
pub(super) fn manageable(
    ctx: &Ctx,
    found: Option<AccessToken>,
    caller: &Caller,
) -> Result<AccessToken, Fault> {
    let token = found.filter(|token| caller.may_manage(ctx, token.user_id));
    let token = token.ok_or_else(|| Fault::NotFound("there is no such token".to_owned()))?;
    if !matches!(token.kind, GrantKind::PersonalAccessToken | GrantKind::ServiceAccessToken) {
        let message = "only personal and service access tokens can be changed";
        return Err(Fault::BadField { field: "id", message: message.to_owned() });
    }
    if token.revoked_timestamp.is_some() {
        return Err(Fault::Conflict("the token is revoked".to_owned()));
    }
    Ok(token)
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

/// Restricts all that came from a token to its networks. What could be used from nowhere any more is revoked.
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
    if before.expire_timestamp.is_some_and(|end| expires > end) {
        return bad("a token does not live longer than it was made for; rotate it");
    }
    Ok(())
}
