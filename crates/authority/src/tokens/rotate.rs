//! Rotating personal and service access tokens: a successor with the same rights.

use grant_state::binding::Binding;
use grant_state::state::{expires_before, if_not_revoked, state};
use input::scopes;
use model::entities::{AccessToken, AccessTokenScope, AuditEventType, GrantKind, RevocationReason};
use model::{Attribute, Column, Timestamp, Uuid};
use store::{Change, GrantParties, Tx};
use token::TokenKind;

use super::create::check_policy;
use super::issue::{NewGrant, Prepared};
use super::lineage::{Lineage, is_below};
use super::revoke;
use super::update::manageable;
use crate::registry::audit::Event;
use crate::{AllowedAddresses, Caller, Ctx, Fault, GrantPayload, Issued, Scopes};

/// The options of a rotation.
#[derive(Clone, Copy, Debug, Default)]
pub struct RotateToken {
    /// How long the former secret is still accepted, in seconds.
    pub overlap: i64,
    /// Whether the former secret ends earlier, as soon as the successor was used from every address of the token.
    pub until_adopted: bool,
    /// The expiry of the successor; that of the token, if absent.
    pub expires: Option<Timestamp>,
}

/// Maximum overlap of both secrets, in seconds.
const MAX_OVERLAP: i64 = 30 * 24 * 3600;

/// Creates the successor of a token, with a new secret: for the user of a personal access token, and for administrators of a
/// service access token. A token has one successor: of concurrent calls, one succeeds.
///
/// # Errors
/// [`Fault::NotFound`] if there is no such token, or the caller may not see it; [`Fault::Forbidden`] if the caller could not
/// have created it; [`Fault::Conflict`] if it is revoked, has expired or has a successor.
pub async fn rotate_token(ctx: &Ctx, caller: &Caller, id: Uuid, asked: RotateToken) -> Result<Issued, Fault> {
    let (rotation, prepared) = Rotation::prepare(ctx, caller, id, asked).await?;
    let by = caller.clone();
    caller.transaction(ctx, move |ctx, tx| rotation.apply(ctx, tx, &by)).await?;
    Ok(prepared.issued())
}

/// A rotation that is about to happen, with the rows of the successor.
pub struct Rotation {
    before: AccessToken,
    asked: RotateToken,
    lineage: Lineage,
    successor: AccessToken,
    granted: Vec<AccessTokenScope>,
}

impl Rotation {
    /// Prepares the successor. Its secret does not enter the transaction.
    ///
    /// # Errors
    /// As [`rotate_token`].
    pub async fn prepare(
        ctx: &Ctx,
        caller: &Caller,
        id: Uuid,
        asked: RotateToken,
    ) -> Result<(Self, Prepared), Fault> {
        caller.require(ctx, scopes::UPDATE)?;
        if !(0..=MAX_OVERLAP).contains(&asked.overlap) {
            let message = format!("between 0 and {MAX_OVERLAP} seconds");
            return Err(Fault::BadField { field: "overlap", message });
        }
        if asked.until_adopted && asked.overlap == 0 {
            let message =
                "adoption is observed during an overlap, which has to be more than 0 seconds".to_owned();
            return Err(Fault::BadField { field: "untilAdopted", message });
        }
        let found = ctx.store().read(move |read| read.find_grant_by_id(id)).await?;
        let found = manageable(ctx, found, caller)?;
        let before = found.grant.clone();
        let payload = GrantPayload::open(ctx.keyring(), id, before.data.as_deref())?;
        check(ctx, caller, &found)?;
        let lineage = Lineage::root(caller)?;
        if !lineage.covers(&before, &payload)? {
            return Err(Fault::Forbidden(
                "a token cannot rotate one that may do more than itself".to_owned(),
            ));
        }
        let makes_roots = caller.may(scopes::TOKENS) || before.kind == GrantKind::ServiceAccessToken;
        if !makes_roots && !is_below(ctx, caller, id).await? {
            let message = "a token without the scope 'tokens' rotates itself and what it made, and no others";
            return Err(Fault::Forbidden(message.to_owned()));
        }
        let expires = end(ctx, &before, asked.expires, makes_roots)?;
        let prepared = successor(ctx, &found, payload, expires, caller)?;
        let (successor, granted) = prepared.rows();
        Ok((Self { before, asked, lineage, successor, granted }, prepared))
    }

    /// Replaces the token in a transaction.
    ///
    /// # Errors
    /// [`Fault::Conflict`] where the token is not as it was when the rotation was prepared.
    pub fn apply(&self, ctx: &Ctx, tx: &mut Tx<'_>, by: &Caller) -> Result<(), Fault> {
        let Self { before, asked, lineage, successor: grant, granted } = self;
        // Locks are taken from the top of the tree downwards.
        before.parent_id.map_or(Ok(()), |parent| tx.lock_for_share(parent))?;
        supersede(ctx, tx, before, grant.id, asked)?;
        tx.insert_grant(grant, granted)?;
        tx.move_children(before.id, grant.id, ctx.now)?;
        if let Some(end) = grant.expire_timestamp {
            tx.shorten_tree(grant.id, end, ctx.now)?;
        }
        if asked.overlap == 0 {
            revoke::end(ctx, tx, before.id, RevocationReason::Requested)?;
        }
        if by.token().is_none_or(|live| live.grant.id != before.id) {
            lineage.check(ctx, tx)?;
        }
        let event = Event::for_grant(AuditEventType::TokenRotated, before).by(by);
        let event = event.with("successor", grant.id.to_string()).with("overlap", asked.overlap);
        let event = if asked.until_adopted { event.with("until_adopted", true) } else { event };
        event.note(ctx, tx)
    }
}

/// Checks that the caller has the rights of the token, because the caller receives its new secret.
fn check(ctx: &Ctx, caller: &Caller, found: &GrantParties) -> Result<(), Fault> {
    let token = &found.grant;
    let gone = || Fault::Forbidden("the token's application or user may do nothing any more".to_owned());
    state(found, ctx.now).check().map_err(|_| gone())?;
    let application = found.application.as_ref().ok_or_else(gone)?;
    let user = found.user.as_ref().ok_or_else(gone)?;
    match token.kind {
        GrantKind::ServiceAccessToken => caller.require_administrator(ctx)?,
        _ if user.id != caller.user.id => {
            return Err(Fault::Forbidden("a personal access token is rotated by its owner alone".to_owned()));
        }
        _ => {}
    }
    check_policy(application, caller)?;
    let own = Scopes::stored(token.scopes.as_deref());
    let lacking = own.iter().find(|scope| !caller.may(scope));
    if let Some(scope) = lacking {
        return Err(Fault::Forbidden(format!(
            "a token cannot rotate one with the scope '{scope}' that it does not have itself"
        )));
    }
    if token.successor_id.is_some() {
        return Err(Fault::Conflict("the token has a successor already".to_owned()));
    }
    Ok(())
}

/// Returns the expiry of the successor: that of the token, or the requested one. A later one is allowed if the caller creates
/// roots.
fn end(
    ctx: &Ctx,
    before: &AccessToken,
    asked: Option<Timestamp>,
    makes_roots: bool,
) -> Result<Option<Timestamp>, Fault> {
    let bad = |message: &str| Err(Fault::BadField { field: "expires", message: message.to_owned() });
    let later = |asked: Timestamp| expires_before(before, asked);
    match asked {
        Some(asked) if asked <= ctx.now => bad("the time of expiry lies in the past"),
        Some(asked) if later(asked) && !makes_roots => {
            bad("a later expiry needs a session of the pages, or a token with the scope 'tokens'")
        }
        asked => Ok(asked.or(before.expire_timestamp)),
    }
}

fn successor(
    ctx: &Ctx,
    found: &GrantParties,
    payload: GrantPayload,
    expires: Option<Timestamp>,
    caller: &Caller,
) -> Result<Prepared, Fault> {
    let token = &found.grant;
    let missing = || Fault::Internal("the application of a token is gone".to_owned());
    let application = found.application.as_ref().ok_or_else(missing)?;
    let kind = match token.kind {
        GrantKind::ServiceAccessToken => TokenKind::ServiceAccess,
        _ => TokenKind::PersonalAccess,
    };
    NewGrant {
        user: found.user.as_ref(),
        description: token.description.clone(),
        expires,
        allowed: AllowedAddresses::parse(token.allowed_ip_addresses.as_deref().unwrap_or_default())?,
        payload: Some(payload).filter(|payload| *payload != GrantPayload::default()),
        parent: token.parent_id,
        created_by: Some(caller.user.id),
        predecessor: Some(token.id),
        session: token.session.clone(),
        authorized: Some((ctx.now, ctx.address)),
        binding: token.confirmation.as_deref().map(Binding::stored).transpose()?,
        ..NewGrant::new(token.kind, application, Scopes::stored(token.scopes.as_deref()))
    }
    .with_opaque_secret(ctx, kind)
}

/// Sets the successor of the former token, and its end after the overlap. Of concurrent changes, one matches.
fn supersede(
    ctx: &Ctx,
    tx: &mut Tx<'_>,
    before: &AccessToken,
    successor: Uuid,
    asked: &RotateToken,
) -> Result<(), Fault> {
    let until = ctx.now.plus_seconds(asked.overlap);
    let until = before.expire_timestamp.map_or(until, |end| end.min(until));
    let change = if_not_revoked(Change::new::<AccessToken>(before.id, ctx.now))
        .if_null(AccessToken::Successor)
        .if_equal(Column(Attribute::VERSION_COLUMN), &before.object_version)
        .set(AccessToken::Successor, &Some(successor))
        .set(AccessToken::EndsWhenAdopted, &asked.until_adopted)
        .set(AccessToken::ExpireTimestamp, &Some(until));
    if !tx.change(change)? {
        return Err(Fault::Conflict("the token was rotated, changed or revoked meanwhile".to_owned()));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
