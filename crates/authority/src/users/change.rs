//! Changing users: what administrators do, and what users do for themselves.

use input::EmailAddress;
use model::Record as _;
use model::entities::{AuditEventType, User, UserType};
use store::{Change, NameKind, Tx};

use crate::endings::{self, Occasion, Whose};
use crate::mail::{self, Link, Notice, Purpose};
use crate::registry::audit::{Actor, Event};
use crate::validate::checked_change;
use crate::{Caller, Ctx, Fault};

/// The values of a user that can change; what is left out stays.
#[derive(Clone, Debug, Default)]
pub struct UpdateUser {
    /// The name.
    pub name: Option<String>,
    /// The e-mail address.
    pub email: Option<Option<String>>,
    /// Whether the user is an administrator.
    pub is_admin: Option<bool>,
    /// Whether the user may act.
    pub active: Option<bool>,
    /// Whether the user's tokens may be sent as passwords (basic authentication).
    pub basic_authentication_allowed: Option<bool>,
    /// The language.
    pub default_language: Option<Option<String>>,
    /// The time zone.
    pub time_zone: Option<Option<String>>,
    /// Remarks.
    pub notes: Option<Option<String>>,
}

impl UpdateUser {
    /// Returns whether users may change all of these values of their own.
    fn is_personal(&self) -> bool {
        self.name.is_none()
            && self.email.is_none()
            && self.is_admin.is_none()
            && self.active.is_none()
            && self.basic_authentication_allowed.is_none()
            && self.notes.is_none()
    }
}

/// Changes a user in a transaction: any value for administrators, language and time zone for the user. A new e-mail address
/// is not confirmed. If there is a mail server, it gets a link to confirm it, and the confirmed former address gets a notice.
/// What ends for a user who is disabled, the table of [`endings`] says; what is left of it ends when the
/// user is enabled.
///
/// # Errors
/// [`Fault::Forbidden`] for a value that is not the caller's to change, or if the caller's rights have ended,
/// [`Fault::BadField`] for a value that the user cannot have, [`Fault::Conflict`] if administrators would lock themselves
/// out, [`Fault::TooManyAttempts`] if the user was sent too many links.
pub fn update_in(
    ctx: &Ctx,
    tx: &mut Tx<'_>,
    by: &Caller,
    before: &User,
    asked: &UpdateUser,
) -> Result<User, Fault> {
    if !(asked.is_personal() && before.id == by.user.id) {
        by.require_administrator(ctx)?;
    }
    let after = changed(ctx, before, asked)?;
    check_rights(tx, by, before, &after)?;
    let change = Change::new::<User>(before.id, ctx.now)
        .set(User::Name, &after.name)
        .set(User::Email, &after.email)
        .set(User::EmailConfirmed, &after.email_confirmed)
        .set(User::IsAdmin, &after.is_admin)
        .set(User::Active, &after.active)
        .set(User::BasicAuthenticationAllowed, &after.basic_authentication_allowed)
        .set(User::DefaultLanguage, &after.default_language)
        .set(User::TimeZone, &after.time_zone)
        .set(User::Notes, &after.notes);
    tx.change(change)?;
    if before.email != after.email {
        tx.release_names(NameKind::Address, before.id)?;
        // A link that was sent to the former address must not open the account.
        Link::end(tx, before.id, Purpose::Reset)?;
        mail_change(ctx, tx, before, &after)?;
        Event::for_user(AuditEventType::EmailAddressChanged, before.id).by(by).note(ctx, tx)?;
    }
    // A user whom another program or an earlier version disabled may still hold something when enabled.
    if before.active != after.active {
        let whose = Whose { user: before.id, by: Some(Actor::from(by)), own_session: None };
        endings::end(ctx, tx, Occasion::UserDisabled, whose)?;
    }
    let changed = differences(before, &after);
    Event::for_user(AuditEventType::UserUpdated, before.id).by(by).with("changed", changed).note(ctx, tx)?;
    Ok(after)
}

/// Queues the mail about another address: a link to the new one, and a notice to the former one if it was confirmed.
fn mail_change(ctx: &Ctx, tx: &mut Tx<'_>, before: &User, after: &User) -> Result<(), Fault> {
    if !ctx.settings().sends_mail {
        return Ok(());
    }
    if let Some(address) = &after.email {
        let to = EmailAddress::parse(address)?;
        let link = Link::prepare(ctx, after, &to, Purpose::Confirm, &ctx.address.to_string())?;
        if !link.queue(ctx, tx)? {
            return Err(Fault::TooManyAttempts(Purpose::LINK_LIMIT.period));
        }
    }
    mail::queue(tx, mail::notice(ctx, before, Notice::AddressChanged)?.as_ref()).map(drop)
}

/// Returns whether the values of a user are those asked for.
pub(super) fn changes_nothing(ctx: &Ctx, before: &User, asked: &UpdateUser) -> Result<bool, Fault> {
    Ok(differences(before, &changed(ctx, before, asked)?).is_empty())
}

/// Refuses a change after which no administrator might remain.
fn check_rights(tx: &mut Tx<'_>, by: &Caller, before: &User, after: &User) -> Result<(), Fault> {
    let gives_up = before.is_admin && !after.is_admin;
    if before.id == by.user.id && (gives_up || !after.active) {
        let message = "administrators neither disable themselves nor give up their own rights";
        return Err(Fault::Conflict(message.to_owned()));
    }
    if gives_up || before.is_admin && before.active && !after.active {
        return check_administrator(tx, by);
    }
    Ok(())
}

/// Checks that the caller is still an active administrator, and locks the caller's row until the transaction ends: a caller
/// who takes the rights of another administrator keeps their own. The caller was looked up when the request was authenticated.
pub(super) fn check_administrator(tx: &mut Tx<'_>, by: &Caller) -> Result<(), Fault> {
    let now: Option<User> = tx.find_exclusive(by.user.id)?;
    if now.is_some_and(|user| user.is_admin && user.active) {
        return Ok(());
    }
    Err(Fault::Forbidden("only an administrator may do this".to_owned()))
}

fn changed(ctx: &Ctx, before: &User, asked: &UpdateUser) -> Result<User, Fault> {
    let given = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
    let mut after = User {
        object_version: before.object_version + 1,
        updated_at: Some(ctx.now),
        is_admin: asked.is_admin.unwrap_or(before.is_admin),
        active: asked.active.unwrap_or(before.active),
        basic_authentication_allowed: asked
            .basic_authentication_allowed
            .unwrap_or(before.basic_authentication_allowed),
        name: asked.name.clone().unwrap_or_else(|| before.name.clone()),
        ..before.clone()
    };
    for (asked, own) in [
        (&asked.default_language, &mut after.default_language),
        (&asked.time_zone, &mut after.time_zone),
        (&asked.notes, &mut after.notes),
    ] {
        if let Some(asked) = asked {
            *own = given(asked);
        }
    }
    if let Some(email) = &asked.email {
        let email = given(email).map(|email| EmailAddress::parse(&email)).transpose()?;
        after.email = email.map(|email| email.to_string());
        after.email_confirmed &= after.email == before.email;
    }
    check_admin(after.is_admin && !before.is_admin, after.user_type)?;
    checked_change(before, after)
}

/// Refuses administrators who are not people of the organisation.
///
/// # Errors
/// [`Fault::BadField`].
pub(crate) fn check_admin(becomes_admin: bool, user_type: UserType) -> Result<(), Fault> {
    let is_outside = matches!(
        user_type,
        UserType::ExternalCommunityUser | UserType::VirtualUserNoLogin | UserType::InvitationExternalNoLogin
    );
    if becomes_admin && is_outside {
        let message = "external and virtual users cannot be administrators".to_owned();
        return Err(Fault::BadField { field: "IsAdmin", message });
    }
    Ok(())
}

/// Returns the names of the attributes that differ, besides those of the version.
fn differences(before: &User, after: &User) -> Vec<&'static str> {
    let values = before.to_values().into_iter().zip(after.to_values());
    let columns = User::entity().columns().zip(values);
    let differing = columns.filter(|((_, property), (before, after))| {
        before != after && property.settable() != model::writing::Settable::Never
    });
    differing.map(|((_, property), _)| property.name()).collect()
}
