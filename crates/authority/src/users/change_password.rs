//! Changing the caller's password.

use input::Secret;
use model::entities::{AuditEventType, User};
use store::Change;

use crate::endings::{self, Occasion, Whose};
use crate::mail::{self, Notice};
use crate::registry::audit::{Actor, Event};
use crate::sign_in::guessing;
use crate::sign_in::password_slots::Asking;
use crate::sign_in::passwords;
use crate::sign_in::proof::Proof;
use crate::sign_in::second_factor::require_fresh;
use crate::sign_in::session::{BrowserContext, SignedIn, new_session, renew_session};
use crate::{Caller, Ctx, Fault, Reason};

/// Changes the password of the caller, and ends what [`Occasion::PasswordChanged`] ends. The session of the caller is renewed.
///
/// # Errors
/// [`Fault::BadField`] if `current` is wrong or the new password is refused; [`Fault::TooManyAttempts`] if too many present
/// passwords were wrong.
pub async fn change_password(
    ctx: &Ctx,
    place: BrowserContext<'_>,
    caller: &Caller,
    current: &Secret,
    new: &Secret,
) -> Result<SignedIn, Fault> {
    require_fresh(ctx, caller).await?;
    let session = caller.session().ok_or(Fault::Unauthenticated(Reason::Missing))?;
    check_current(ctx, caller, current).await?;
    let user = User {
        password: Some(passwords::hash_new(ctx, new, &about(&caller.user)).await?),
        ..(*caller.user).clone()
    };
    let proof = Proof::from_session(ctx, session, &user);
    let signed_in = new_session(ctx, place, &proof)?;
    let notice = mail::notice(ctx, &user, Notice::PasswordChanged)?;
    let (row, was) = (signed_in.session.clone(), caller.user.password.clone());
    caller
        .transaction(ctx, move |ctx, tx| {
            let change = Change::new::<User>(user.id, ctx.now).set(User::Password, &user.password);
            if !tx.change(change.if_equal(User::Password, &was))? {
                return Err(Fault::Conflict("the password was changed meanwhile".to_owned()));
            }
            Event::for_user(AuditEventType::PasswordChanged, user.id)
                .by(Actor::user(user.id))
                .note(ctx, tx)?;
            mail::queue(tx, notice.as_ref())?;
            renew_session(ctx, tx, &row, &proof)?;
            let whose = Whose { user: user.id, by: Some(Actor::user(user.id)), own_session: Some(row.id) };
            endings::end(ctx, tx, Occasion::PasswordChanged, whose).map(drop)
        })
        .await?;
    Ok(signed_in)
}

/// Verifies the present password, if the user has one.
async fn check_current(ctx: &Ctx, caller: &Caller, current: &Secret) -> Result<(), Fault> {
    if caller.user.password.is_none() {
        return Ok(());
    }
    let attempt = guessing::begin_present_password(ctx, caller.user.id).await?;
    match passwords::verify(ctx, Asking::Known, Some(&caller.user), current).await {
        Ok(true) => attempt.take_back(ctx).await,
        Ok(false) => {
            guessing::note_failure(ctx, caller.user.id, &attempt).await?;
            let message = "this is not your password".to_owned();
            Err(Fault::BadField { field: "current", message })
        }
        Err(fault) => {
            attempt.take_back(ctx).await?;
            Err(fault)
        }
    }
}

/// Returns what others know about a user, and guess first.
pub(crate) fn about(user: &User) -> Vec<&str> {
    [Some(user.login.as_str()), Some(user.name.as_str()), user.email.as_deref()]
        .into_iter()
        .flatten()
        .collect()
}
