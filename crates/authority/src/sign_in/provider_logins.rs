//! The caller's linked accounts at providers.

use model::entities::{AuditEventType, User, UserProviderLogin};
use model::{Uuid, Value};
use store::{Change, Tx};

use super::second_factor::require_fresh;
use crate::endings::{self, Occasion, Whose};
use crate::mail::{self, Notice};
use crate::registry::audit::{Actor, Event};
use crate::{Caller, Ctx, Fault};

/// More than the maximum number of linked accounts.
const MAX_LISTED: u64 = 100;

/// Lists the caller's linked accounts.
pub async fn list(ctx: &Ctx, caller: &Caller) -> Result<Vec<UserProviderLogin>, Fault> {
    let own = Value::Guid(caller.user.id);
    Ok(ctx.store().read(move |read| read.list_by(UserProviderLogin::User, &own, MAX_LISTED)).await?)
}

/// Unlinks an account, and ends what [`Occasion::ProviderUnlinked`] ends.
///
/// # Errors
/// [`Fault::NotFound`] if it is not the caller's; [`Fault::Conflict`] if it is the last credential.
pub async fn unlink(ctx: &Ctx, caller: &Caller, id: Uuid) -> Result<(), Fault> {
    require_fresh(ctx, caller).await?;
    let (user, whose) = (caller.user.id, Whose::own(caller));
    let unknown = || Fault::NotFound("there is no such linked account".to_owned());
    let own = list(ctx, caller).await?.into_iter().find(|login| login.id == id).ok_or_else(unknown)?;
    let notice = mail::notice(ctx, &caller.user, Notice::ProviderUnlinked(own.provider))?;
    caller
        .transaction(ctx, move |ctx, tx| {
            hold(tx, user)?;
            if !tx.remove_provider_login(id, user)? {
                return Err(Fault::NotFound("there is no such linked account".to_owned()));
            }
            require_credential(ctx, tx, user)?;
            let event = Event::for_user(AuditEventType::FactorRemoved, user).by(Actor::user(user));
            event.with("factor", "provider").note(ctx, tx)?;
            mail::queue(tx, notice.as_ref())?;
            endings::end(ctx, tx, Occasion::ProviderUnlinked, whose).map(drop)
        })
        .await
}

/// Locks the credentials of a user until this transaction ends. Otherwise two transactions could each remove one of the last
/// two.
pub(crate) fn hold(tx: &mut Tx<'_>, user: Uuid) -> Result<(), Fault> {
    // A change without effect, which locks the row.
    let same = Change::silent::<User>(user).set(User::Active, &true).if_equal(User::Active, &true);
    Ok(tx.change(same).map(drop)?)
}

/// Checks that a user can still sign in: with a password, a passkey, or an account at a configured provider.
///
/// # Errors
/// [`Fault::Conflict`] if no credential is left.
pub(crate) fn require_credential(ctx: &Ctx, tx: &Tx<'_>, user: Uuid) -> Result<(), Fault> {
    let has_password = tx.find::<User>(user)?.is_some_and(|user| user.password.is_some());
    if has_password || tx.factors_of(user)?.passkeys > 0 {
        return Ok(());
    }
    let links: Vec<UserProviderLogin> =
        tx.list_by(UserProviderLogin::User, &Value::Guid(user), MAX_LISTED)?;
    let known = |issuer: &str| ctx.settings().providers.iter().any(|provider| provider.issuer == issuer);
    if links.iter().any(|link| known(&link.issuer)) {
        return Ok(());
    }
    Err(Fault::Conflict("this is the last way to sign in: set a password or add a passkey first".to_owned()))
}
