//! Service access tokens that a user created. They outlive the user's own tokens, so they are listed when those end, to be
//! revoked or handed over to another administrator.

use grant_state::state::{check_user, if_not_revoked};
use input::scopes;
use model::entities::{AccessToken, AuditEventType, GrantKind, User};
use model::{Timestamp, Uuid, Value};
use store::{Change, Read};

use super::update::manageable;
use crate::registry::audit::Event;
use crate::registry::names::find_user;
use crate::{Caller, Ctx, Fault};

/// Maximum number of listed tokens.
const MAX_LISTED: u64 = 100;

/// A usable service access token that a user created.
#[derive(Clone, Debug)]
pub struct Made {
    /// The token.
    pub grant: AccessToken,
    /// The token with which it was created; `None` if it was created in the pages, or the token is unknown now.
    pub with: Option<Uuid>,
}

/// Lists the usable service access tokens that a user created, the newest first.
pub async fn made_by(ctx: &Ctx, user: Uuid) -> Result<Vec<Made>, Fault> {
    let now = ctx.now;
    ctx.store().read(move |read| made_in(read, user, now)).await
}

/// Lists them in a transaction.
pub(crate) fn made_in(read: &Read<'_>, user: Uuid, now: Timestamp) -> Result<Vec<Made>, Fault> {
    let made = read.list_created_by(user, now, MAX_LISTED)?;
    let with = read.created_with(&made.iter().map(|grant| grant.id).collect::<Vec<_>>())?;
    Ok(made.into_iter().map(|grant| Made { with: with.get(&grant.id).copied(), grant }).collect())
}

/// Returns the administrator to whom a token can be handed over; for administrators. Every form of a login finds its user.
///
/// # Errors
/// [`Fault::BadField`] if the login is not that of an active administrator.
pub async fn find_recipient(ctx: &Ctx, caller: &Caller, login: &str) -> Result<User, Fault> {
    caller.require_administrator(ctx)?;
    let login = login.to_owned();
    check_recipient(ctx.store().read(move |read| find_user(read, &login)).await?)
}

fn check_recipient(found: Option<User>) -> Result<User, Fault> {
    let active = found.filter(|user| user.is_admin && check_user(user).is_ok());
    let message = "there is no active administrator with this login";
    active.ok_or_else(|| Fault::BadField { field: "login", message: message.to_owned() })
}

/// Makes another administrator responsible for a token; for administrators.
///
/// # Errors
/// [`Fault::NotFound`] if there is no such token; [`Fault::BadField`] if the login is not that of an active administrator;
/// [`Fault::Conflict`] if the token is revoked or was handed over meanwhile.
pub async fn hand_over(ctx: &Ctx, caller: &Caller, id: Uuid, login: &str) -> Result<AccessToken, Fault> {
    caller.require(ctx, scopes::UPDATE)?;
    caller.require_administrator(ctx)?;
    let (by, key) = (caller.clone(), Value::Text(login.to_owned()));
    caller
        .transaction(ctx, move |ctx, tx| {
            let before = manageable(ctx, tx.find_grant_by_id(id)?, &by)?.grant;
            if before.kind != GrantKind::ServiceAccessToken {
                let message = "only service access tokens are handed over".to_owned();
                return Err(Fault::BadField { field: "id", message });
            }
            let to = check_recipient(tx.find_by(User::Login, &key)?)?;
            let change = if_not_revoked(Change::new::<AccessToken>(id, ctx.now))
                .if_equal(AccessToken::CreatedBy, &before.created_by_id)
                .set(AccessToken::CreatedBy, &Some(to.id));
            if !tx.change(change)? {
                return Err(Fault::Conflict("the token was revoked or handed over meanwhile".to_owned()));
            }
            let after = AccessToken {
                object_version: before.object_version + 1,
                updated_at: Some(ctx.now),
                created_by_id: Some(to.id),
                ..before
            };
            let event = Event::for_grant(AuditEventType::TokenUpdated, &after).by(&by);
            event.with("handed_over_to", to.login.as_str()).note(ctx, tx)?;
            Ok(after)
        })
        .await
}
