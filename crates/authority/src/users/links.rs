//! Links to set a password that an administrator hands over: invitations, and the way back.

use input::scopes;
use model::entities::{AuditEventType, User};
use model::{Timestamp, Uuid};
use store::{Change, Tx};

use super::create::{CreateUser, insert_in, prepare};
use super::manage::find;
use crate::mail::GivenLink;
use crate::registry::audit::Event;
use crate::registry::names::find_user;
use crate::sign_in::guessing;
use crate::{Caller, Ctx, Fault};

/// Creates a user without a password, and a link with which the user sets one; for administrators.
///
/// # Errors
/// Those of [`create_user`](super::create_user).
pub async fn invite(ctx: &Ctx, caller: &Caller, asked: CreateUser) -> Result<(User, GivenLink), Fault> {
    caller.require(ctx, scopes::UPDATE)?;
    caller.require_administrator(ctx)?;
    let user = prepare(ctx, CreateUser { password: None, ..asked }).await?;
    check_sign_in(&user)?;
    let link = GivenLink::prepare(ctx, user.id)?;
    let (row, link_row, by) = (user.clone(), link.row(), caller.clone());
    caller
        .transaction(ctx, move |ctx, tx| {
            insert_in(ctx, tx, &by, &row)?;
            GivenLink::store(&link_row, ctx, tx)?;
            note(ctx, tx, row.id, Some(&by), "invitation")
        })
        .await?;
    Ok((user, link))
}

/// Creates a link with which a user sets a new password; for administrators. It replaces an earlier one.
///
/// # Errors
/// [`Fault::NotFound`] if there is no such user; [`Fault::Conflict`] if the user is disabled or never signs in;
/// [`Fault::TooManyAttempts`] after several links.
pub async fn give_link(ctx: &Ctx, caller: &Caller, login: &str) -> Result<(User, GivenLink), Fault> {
    caller.require(ctx, scopes::UPDATE)?;
    let user = find(ctx, caller, login).await?;
    check_sign_in(&user)?;
    let link = GivenLink::prepare(ctx, user.id)?;
    let (id, row, by) = (user.id, link.row(), caller.clone());
    caller
        .transaction(ctx, move |ctx, tx| {
            GivenLink::store(&row, ctx, tx)?;
            note(ctx, tx, id, Some(&by), "link")
        })
        .await?;
    Ok((user, link))
}

/// Creates a link for an administrator who lost every way in; for the operator of the machine. With `resets_factors`, the
/// second factors are removed, and a lockout ends.
///
/// # Errors
/// [`Fault::NotFound`] if there is no active administrator with this login.
pub async fn recover(ctx: &Ctx, login: &str, resets_factors: bool) -> Result<GivenLink, Fault> {
    let typed = login.to_owned();
    let user = ctx.store().read(move |read| find_user(read, &typed)).await?;
    let user = user.filter(|user| user.is_admin && user.active && user.user_type.can_sign_in());
    let missing = || Fault::NotFound("there is no active administrator with this login".to_owned());
    let user = user.ok_or_else(missing)?;
    let link = GivenLink::prepare(ctx, user.id)?;
    let row = link.row();
    ctx.transaction(move |ctx, tx| {
        GivenLink::store(&row, ctx, tx)?;
        if resets_factors {
            reset_factors(ctx, tx, &user)?;
        }
        note(ctx, tx, user.id, None, "recovery")
    })
    .await?;
    Ok(link)
}

fn reset_factors(ctx: &Ctx, tx: &mut Tx<'_>, user: &User) -> Result<(), Fault> {
    tx.remove_totp(user.id)?;
    tx.remove_passkeys(user.id)?;
    tx.replace_recovery_codes(user.id, &[])?;
    let change = Change::new::<User>(user.id, ctx.now)
        .set(User::TwoFactorEnabled, &false)
        .set(User::AccessFailedCount, &0)
        .set(User::LockoutEndUtc, &None::<Timestamp>);
    tx.change(change)?;
    guessing::forget(tx, user)?;
    let event = Event::for_user(AuditEventType::FactorRemoved, user.id);
    event.with("factor", "all").with("by", "recovery").note(ctx, tx)
}

fn note(ctx: &Ctx, tx: &mut Tx<'_>, user: Uuid, by: Option<&Caller>, why: &str) -> Result<(), Fault> {
    let event = Event::for_user(AuditEventType::PasswordLinkGiven, user).with("why", why);
    let event = match by {
        Some(caller) => event.by(caller),
        None => event,
    };
    event.note(ctx, tx)
}

fn check_sign_in(user: &User) -> Result<(), Fault> {
    if user.active && user.user_type.can_sign_in() {
        return Ok(());
    }
    Err(Fault::Conflict("the user is disabled, or never signs in".to_owned()))
}

#[cfg(test)]
mod tests;
