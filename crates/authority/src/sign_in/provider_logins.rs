//! The accounts at providers with which whoever is signed in may sign in.

use model::entities::{AuditEventType, User, UserProviderLogin};
use model::{Uuid, Value};
use store::{Change, Tx};

use super::second_factor::require_fresh;
use crate::endings::{self, Occasion, Whose};
use crate::mail::{self, Notice};
use crate::registry::audit::{Actor, Event};
use crate::{Caller, Ctx, Fault};

/// More than anybody can link.
const MOST: u64 = 100;

/// The accounts of a user.
pub async fn list(ctx: &Ctx, caller: &Caller) -> Result<Vec<UserProviderLogin>, Fault> {
    let own = Value::Guid(caller.user.id);
    Ok(ctx.store().read(move |read| read.list_by(UserProviderLogin::User, &own, MOST)).await?)
}

/// Unlinks one of them. What [`Occasion::ProviderUnlinked`] says ends.
///
/// # Errors
/// [`Fault::NotFound`] where it is none of the caller's; [`Fault::Conflict`] where it is the last way to sign in.
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
            require_way_in(ctx, tx, user)?;
            let event = Event::for_user(AuditEventType::FactorRemoved, user).by(Actor::user(user));
            event.with("factor", "provider").note(ctx, tx)?;
            mail::queue(tx, notice.as_ref())?;
            endings::end(ctx, tx, Occasion::ProviderUnlinked, whose).map(drop)
        })
        .await
}

/// Keeps others from changing how a user signs in until this transaction ends: two who remove the last two ways at once would
/// both see the other one.
pub(crate) fn hold(tx: &mut Tx<'_>, user: Uuid) -> Result<(), Fault> {
    // A change that changes nothing: the row is what others wait for.
    let same = Change::silent::<User>(user).set(User::Active, &true).if_equal(User::Active, &true);
    Ok(tx.change(same).map(drop)?)
}

/// Asks that a user can still sign in: by a password, a passkey, or an account at a provider that there still is.
///
/// # Errors
/// [`Fault::Conflict`] where nothing is left.
pub(crate) fn require_way_in(ctx: &Ctx, tx: &Tx<'_>, user: Uuid) -> Result<(), Fault> {
    let has_password = tx.find::<User>(user)?.is_some_and(|user| user.password.is_some());
    if has_password || tx.factors_of(user)?.passkeys > 0 {
        return Ok(());
    }
    let links: Vec<UserProviderLogin> = tx.list_by(UserProviderLogin::User, &Value::Guid(user), MOST)?;
    let known = |issuer: &str| ctx.settings().providers.iter().any(|provider| provider.issuer == issuer);
    if links.iter().any(|link| known(&link.issuer)) {
        return Ok(());
    }
    Err(Fault::Conflict("this is the last way to sign in: set a password or add a passkey first".to_owned()))
}
