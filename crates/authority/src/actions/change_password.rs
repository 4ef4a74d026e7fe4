//! Changing one's own password.

use model::entities::{AuditEventType, User};
use store::Change;

use super::second_factor::require_fresh;
use super::session::{Place, Proof, SignedIn, new_session, note_failure, write_session};
use crate::audit::Event;
use crate::mail::{self, Link, Notice, Purpose};
use crate::sign_out::end_all_of;
use crate::{Caller, Ctx, Fault, Reason, passwords};

/// Changes the password of whoever is signed in and knows it. Their other sessions end, and this one goes on under a new secret.
///
/// # Errors
/// [`Fault::BadField`] where `current` is not the password, or the new one is no good;
/// [`Fault::TooManyAttempts`] where too many guesses failed from the same network.
pub async fn change_password(
    ctx: &Ctx,
    place: Place<'_>,
    caller: &Caller,
    current: &str,
    new: &str,
) -> Result<SignedIn, Fault> {
    require_fresh(ctx, caller).await?;
    let session = caller.session().ok_or(Fault::Unauthenticated(Reason::Missing))?;
    check_current(ctx, caller, current).await?;
    let user = User {
        password: Some(passwords::hash_new(ctx, new, &about(&caller.user)).await?),
        ..(*caller.user).clone()
    };
    let proof = Proof::of_session(ctx, session, &user);
    let signed_in = new_session(ctx, place, &proof)?;
    let notice = mail::notice(ctx, &user, Notice::PasswordChanged)?;
    let (row, was) = (signed_in.session.clone(), caller.user.password.clone());
    ctx.transaction(move |ctx, tx| {
        let change = Change::of::<User>(user.id, ctx.now).set(User::Password, &user.password);
        if !tx.change(change.if_equal(User::Password, &was))? {
            return Err(Fault::Conflict("the password was changed meanwhile".to_owned()));
        }
        Link::end(tx, user.id, Purpose::Reset)?;
        Event::of_user(AuditEventType::PasswordChanged, user.id).by_user(user.id).note(ctx, tx)?;
        mail::queue(tx, notice.as_ref())?;
        write_session(ctx, tx, &row, None, &proof)?;
        end_all_of(ctx, tx, Some(user.id), user.id, Some(row.id)).map(drop)
    })
    .await?;
    Ok(signed_in)
}

/// Whoever signs in without a password yet sets the first one.
async fn check_current(ctx: &Ctx, caller: &Caller, current: &str) -> Result<(), Fault> {
    if caller.user.password.is_none() {
        return Ok(());
    }
    let attempts = &ctx.authority().sign_in_attempts;
    attempts.begin(ctx.address, ctx.now)?;
    if !passwords::verify(ctx, Some(&caller.user), current).await? {
        note_failure(ctx, caller.user.id).await?;
        let message = "this is not your password".to_owned();
        return Err(Fault::BadField { field: "current", message });
    }
    attempts.succeed(ctx.address);
    Ok(())
}

/// What others know of a user, and guess first.
pub(crate) fn about(user: &User) -> Vec<&str> {
    [Some(user.login.as_str()), Some(user.name.as_str()), user.email.as_deref()]
        .into_iter()
        .flatten()
        .collect()
}
