//! Deleting users. A user to whom rows refer becomes a pseudonym: the rows stay, and no longer say who it was.

use input::scopes;
use model::entities::{
    AccessToken, AuditEventType, TrustedApplication, TrustedApplicationAuthorization, User,
};
use model::{Attribute, Column, Record, Uuid, Value};
use store::{Change, NameKind, Tx};

use super::change::check_administrator;
use super::disable::{DisableEffects, effects};
use super::manage::find;
use crate::endings::{self, Occasion, Whose};
use crate::registry::audit::{Actor, Event};
use crate::registry::purge::note_user;
use crate::{Caller, Ctx, Fault};

/// The name of a deleted user.
const NAME: &str = "Deleted user";

/// Deletes a user; for administrators. Returns what ended. The login can be given again, and inherits nothing.
///
/// # Errors
/// [`Fault::NotFound`] if there is no such user; those of [`delete_in`].
pub async fn delete(ctx: &Ctx, caller: &Caller, login: &str) -> Result<DisableEffects, Fault> {
    caller.require(ctx, scopes::UPDATE)?;
    let id = find(ctx, caller, login).await?.id;
    let by = caller.clone();
    caller
        .transaction(ctx, move |ctx, tx| {
            let gone = || Fault::NotFound("there is no user with this login".to_owned());
            let user: User = tx.find_exclusive(id)?.ok_or_else(gone)?;
            let effects = effects(ctx, tx, user.clone())?;
            delete_in(ctx, tx, &by, &user)?;
            Ok(effects)
        })
        .await
}

/// Deletes a user in a transaction; for administrators. Everything ends that ends when a user is disabled; factors and
/// accounts at providers are removed. If rows refer to the user, the user's own row stays with a pseudonym, which also
/// replaces the actor of the grants.
///
/// # Errors
/// [`Fault::Conflict`] for the caller, for a deleted user, and for a user as whom an application acts; [`Fault::Forbidden`]
/// for an administrator if the caller's rights have ended.
pub fn delete_in(ctx: &Ctx, tx: &mut Tx<'_>, by: &Caller, user: &User) -> Result<(), Fault> {
    by.require_administrator(ctx)?;
    check(tx, by, user)?;
    let id = user.id;
    let whose = Whose { user: id, by: Some(Actor::from(by)), own_session: None };
    endings::end(ctx, tx, Occasion::UserDisabled, whose)?;
    for kind in [NameKind::Login, NameKind::LoginLook, NameKind::Address] {
        tx.release_names(kind, id)?;
    }
    tx.remove_sign_in(id)?;
    if has_references(tx, id)? {
        let pseudonym = pseudonym(id);
        tx.change(pseudonymous(ctx, id, &pseudonym))?;
        tx.replace_actor(id, &pseudonym, ctx.now)?;
    } else {
        tx.remove::<User>(id)?;
        note_user(ctx, tx, id)?;
    }
    tx.forget_login(id)?;
    Event::for_user(AuditEventType::UserDeleted, id).by(by).note(ctx, tx)
}

fn check(tx: &mut Tx<'_>, by: &Caller, user: &User) -> Result<(), Fault> {
    let conflict = |message: &str| Err(Fault::Conflict(message.to_owned()));
    if user.id == by.user.id {
        return conflict("administrators do not delete themselves");
    }
    if user.login == pseudonym(user.id) {
        return conflict("the user was deleted already");
    }
    if has::<TrustedApplication>(tx, TrustedApplication::SystemUser, user.id)? {
        return conflict("applications act as this user; give them another user first");
    }
    if user.is_admin { check_administrator(tx, by) } else { Ok(()) }
}

/// Returns the login of a deleted user: it identifies the row, and nobody signs in with it.
fn pseudonym(id: Uuid) -> String {
    format!("deleted-{}", id.simple())
}

fn pseudonymous(ctx: &Ctx, id: Uuid, pseudonym: &str) -> Change {
    let nothing = || None::<String>;
    Change::new::<User>(id, ctx.now)
        .set(User::Login, &pseudonym.to_owned())
        .set(User::Name, &NAME.to_owned())
        .set(User::Email, &nothing())
        .set(User::EmailConfirmed, &false)
        .set(User::Password, &nothing())
        .set(User::Active, &false)
        .set(User::IsAdmin, &false)
        .set(User::BasicAuthenticationAllowed, &false)
        .set(User::TwoFactorEnabled, &false)
        .set(User::DefaultLanguage, &nothing())
        .set(User::TimeZone, &nothing())
        .set(User::Notes, &nothing())
        .set(Column(Attribute::EXTERNAL_ID_COLUMN), &nothing())
        .set(Column(Attribute::EXTERNAL_SYSTEM_COLUMN), &nothing())
}

fn has_references(tx: &Tx<'_>, id: Uuid) -> Result<bool, Fault> {
    type Authorization = TrustedApplicationAuthorization;
    Ok(has::<AccessToken>(tx, AccessToken::User, id)?
        || has::<AccessToken>(tx, AccessToken::CreatedBy, id)?
        || has::<Authorization>(tx, Authorization::ContextUser, id)?
        || has::<Authorization>(tx, Authorization::GrantingUser, id)?)
}

fn has<R: Record>(tx: &Tx<'_>, column: Column, id: Uuid) -> Result<bool, Fault> {
    Ok(!tx.list_by::<R>(column, &Value::Guid(id), 1)?.is_empty())
}
