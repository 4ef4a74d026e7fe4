//! The caller's e-mail address: changing and confirming it.

use input::{EmailAddress, Secret};
use model::entities::{AuditEventType, User};
use store::{Change, MailLink, NameKind};

use super::reset_password::require_mail;
use crate::mail::{self, Link, Notice, Purpose};
use crate::registry::audit::{Actor, Event};
use crate::registry::names::claim_address;
use crate::sign_in::second_factor::require_fresh;
use crate::{Caller, Ctx, Fault};

/// The wait after too many links, in seconds.
const WAIT: i64 = 3600;

fn too_many() -> Fault {
    Fault::TooManyAttempts(WAIT)
}

/// Changes the address of the caller. It is confirmed with a link that is sent to it. A confirmed former address receives a
/// notice.
///
/// # Errors
/// [`Fault::BadField`] if it is not an address, or the present one; [`Fault::TooManyAttempts`] if too many links were
/// requested; [`Fault::NotFound`] if there is no mail server.
pub async fn change(ctx: &Ctx, caller: &Caller, address: &str) -> Result<(), Fault> {
    require_mail(ctx)?;
    require_fresh(ctx, caller).await?;
    let to = EmailAddress::parse(address.trim())?;
    let (user, new) = (caller.user.clone(), Some(to.to_string()));
    if user.email == new {
        let message = "this is your address already".to_owned();
        return Err(Fault::BadField { field: "email", message });
    }
    let link = Link::prepare(ctx, &user, &to, Purpose::Confirm, &ctx.address.to_string())?;
    let notice = mail::notice(ctx, &user, Notice::AddressChanged)?;
    caller
        .transaction(ctx, move |ctx, tx| {
            let change = Change::new::<User>(user.id, ctx.now)
                .set(User::Email, &new)
                .set(User::EmailConfirmed, &false)
                .if_equal(User::Email, &user.email);
            if !tx.change(change)? {
                return Err(Fault::Conflict("the address was changed meanwhile".to_owned()));
            }
            tx.release_names(NameKind::Address, user.id)?;
            Event::for_user(AuditEventType::EmailAddressChanged, user.id)
                .by(Actor::user(user.id))
                .note(ctx, tx)?;
            // Links that were sent to the former address are void.
            Link::end(tx, user.id, Purpose::Reset)?;
            if !link.queue(ctx, tx)? {
                return Err(too_many());
            }
            mail::queue(tx, notice.as_ref()).map(drop)
        })
        .await
}

/// Sends a new link.
///
/// # Errors
/// [`Fault::Conflict`] if there is no address, or it is confirmed; those of [`change`].
pub async fn send_link(ctx: &Ctx, caller: &Caller) -> Result<(), Fault> {
    require_mail(ctx)?;
    let user = &caller.user;
    let nothing = || Fault::Conflict("there is no address that waits to be confirmed".to_owned());
    let address = user.email.as_deref().filter(|_| !user.email_confirmed).ok_or_else(nothing)?;
    let to = EmailAddress::parse(address)?;
    let link = Link::prepare(ctx, user, &to, Purpose::Confirm, &ctx.address.to_string())?;
    caller.transaction(ctx, move |ctx, tx| if link.queue(ctx, tx)? { Ok(()) } else { Err(too_many()) }).await
}

/// An address that a link confirms.
pub struct Confirming {
    /// The login of the user.
    pub login: String,
    /// The address.
    pub address: String,
}

/// Finds the address of a link. This changes nothing, because mail scanners open links as well.
///
/// # Errors
/// [`Fault::NotFound`] if the link was used, has expired, or is unknown.
pub async fn find(ctx: &Ctx, secret: &Secret) -> Result<Confirming, Fault> {
    let (user, link) = find_link(ctx, secret).await?;
    Ok(Confirming { login: user.login, address: link.address })
}

async fn find_link(ctx: &Ctx, secret: &Secret) -> Result<(User, MailLink), Fault> {
    let link = Link::find(ctx, Purpose::Confirm, secret).await?;
    let id = link.user_id;
    let user = ctx.store().read(move |read| read.find::<User>(id)).await?;
    let own = |user: &User| user.email.as_deref().and_then(|own| EmailAddress::parse(own).ok());
    let user = user.filter(|user| own(user).is_some_and(|own| own.as_str() == link.address));
    let user = user.ok_or_else(|| Fault::NotFound("this link is no longer valid".to_owned()))?;
    Ok((user, link))
}

/// Confirms an address with a one-time link.
///
/// # Errors
/// Those of [`find`]; [`Fault::Conflict`] if another user has confirmed the same address.
pub async fn confirm(ctx: &Ctx, secret: &Secret) -> Result<Confirming, Fault> {
    let (user, link) = find_link(ctx, secret).await?;
    let confirming = Confirming { login: user.login, address: link.address.clone() };
    let address = EmailAddress::parse(&link.address)?;
    ctx.transaction(move |ctx, tx| {
        let change = Change::new::<User>(link.user_id, ctx.now)
            .set(User::EmailConfirmed, &true)
            .if_equal(User::Email, &user.email);
        if !tx.consume_mail_link(&link, ctx.now)? || !tx.change(change)? {
            return Err(Fault::NotFound("this link was used already".to_owned()));
        }
        claim_address(tx, link.user_id, &address)?;
        // The event has no actor: the link needs no session.
        let event = Event::for_user(AuditEventType::EmailAddressChanged, link.user_id);
        event.with("confirmed", true).note(ctx, tx)
    })
    .await?;
    Ok(confirming)
}
