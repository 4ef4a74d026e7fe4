//! Management of users by administrators: second factors, lockouts and sessions.

use input::scopes;
use model::entities::{AuditEventType, User};
use model::{Timestamp, Uuid};
use store::{Change, Factors, SessionRow, StoreError, Tx};

use crate::endings::{self, Occasion, Whose};
use crate::registry::audit::{Actor, Event};
use crate::registry::names::find_user;
use crate::sign_in::guessing;
use crate::sign_out::end_now;
use crate::{Caller, Ctx, Fault};

/// Finds a user by login; for administrators.
pub(super) async fn find(ctx: &Ctx, caller: &Caller, login: &str) -> Result<User, Fault> {
    caller.require_administrator(ctx)?;
    let typed = login.to_owned();
    let found = ctx.store().read(move |read| find_user(read, &typed)).await?;
    found.ok_or_else(|| Fault::NotFound("there is no user with this login".to_owned()))
}

/// Removes all second factors and recovery codes of a user, and ends what [`Occasion::FactorsReset`] ends. The user then signs
/// in with the password alone. Returns the removed factors.
///
/// # Errors
/// [`Fault::NotFound`] if there is no such user.
pub async fn reset_second_factor(ctx: &Ctx, caller: &Caller, login: &str) -> Result<Factors, Fault> {
    caller.require(ctx, scopes::UPDATE)?;
    let user = find(ctx, caller, login).await?;
    let (id, who) = (user.id, caller.clone());
    let had = caller.transaction(ctx, move |ctx, tx| {
        let had = tx.factors_of(id)?;
        tx.remove_totp(id)?;
        tx.remove_passkeys(id)?;
        tx.replace_recovery_codes(id, &[])?;
        tx.change(Change::new::<User>(id, ctx.now).set(User::TwoFactorEnabled, &false))?;
        let event = Event::for_user(AuditEventType::FactorRemoved, id).by(&who);
        event.with("factor", "all").note(ctx, tx)?;
        let whose = Whose { user: id, by: Some(Actor::from(&who)), own_session: None };
        endings::end(ctx, tx, Occasion::FactorsReset, whose)?;
        Ok(had)
    });
    let had = had.await?;
    tracing::warn!(user = %id, by = %caller.user.id, "an administrator reset a second factor");
    Ok(had)
}

/// Ends the lockout of a user after wrong passwords or codes. Returns whether the user was locked.
///
/// # Errors
/// [`Fault::NotFound`] if there is no such user.
pub async fn unlock(ctx: &Ctx, caller: &Caller, login: &str) -> Result<bool, Fault> {
    caller.require(ctx, scopes::UPDATE)?;
    let user = find(ctx, caller, login).await?;
    let was_locked = user.lockout_end_utc.is_some_and(|end| end > ctx.now);
    let (id, who) = (user.id, caller.clone());
    caller
        .transaction(ctx, move |ctx, tx| {
            let change = Change::new::<User>(id, ctx.now)
                .set(User::AccessFailedCount, &0)
                .set(User::LockoutEndUtc, &None::<Timestamp>);
            tx.change(change.without_invalidation())?;
            guessing::forget(tx, &user)?;
            Event::for_user(AuditEventType::UserUnlocked, id).by(&who).note(ctx, tx)
        })
        .await?;
    Ok(was_locked)
}

/// Lists the sessions of a user, the one used last first.
///
/// # Errors
/// [`Fault::NotFound`] if there is no such user.
pub async fn list_sessions(ctx: &Ctx, caller: &Caller, login: &str) -> Result<Vec<SessionRow>, Fault> {
    caller.require(ctx, scopes::READ)?;
    let user = find(ctx, caller, login).await?;
    Ok(sessions_of(ctx, user.id).await?)
}

/// Ends one or all sessions of a user (see [`Occasion::SignedOutByAdministrator`]). Returns how many sessions ended.
///
/// # Errors
/// [`Fault::NotFound`] if there is no such user, or the user has no such session.
pub async fn sign_out(
    ctx: &Ctx,
    caller: &Caller,
    login: &str,
    session: Option<Uuid>,
) -> Result<usize, Fault> {
    caller.require(ctx, scopes::UPDATE)?;
    let user = find(ctx, caller, login).await?;
    let by = Actor::from(caller);
    let Some(session) = session else {
        let whose = Whose { user: user.id, by: Some(by), own_session: None };
        let end = move |ctx: &Ctx, tx: &mut Tx<'_>| {
            endings::end(ctx, tx, Occasion::SignedOutByAdministrator, whose)
        };
        return caller.transaction(ctx, end).await;
    };
    if !sessions_of(ctx, user.id).await?.iter().any(|own| own.id == session) {
        return Err(Fault::NotFound("the user has no such session".to_owned()));
    }
    end_now(&ctx.by(caller), Some(by), session).await?;
    Ok(1)
}

async fn sessions_of(ctx: &Ctx, user: Uuid) -> Result<Vec<SessionRow>, StoreError> {
    let (now, idle_since) = (ctx.now, ctx.settings().idle_since(ctx.now));
    ctx.store().read(move |read| read.list_sessions(user, now, idle_since)).await
}
