//! Setting a new password by mail, for whoever forgot the former one.

use input::EmailAddress;
use model::entities::{AuditEventType, User};
use model::{Timestamp, Uuid, Value};
use store::{Change, NameKind, Outbox, StoreError};

use super::change_password::about;
use crate::endings::{self, Occasion, Whose};
use crate::mail::{self, Link, Notice, Purpose, Resetting};
use crate::registry::audit::Event;
use crate::registry::names::find_user;
use crate::sign_in::attempts::MAIL_REQUESTS;
use crate::sign_in::passwords;
use crate::{Ctx, Fault};

/// The longest login or address that is looked at, in bytes.
const LONGEST: usize = 254;
/// How many accounts with the same address are sent a link.
const MOST_ACCOUNTS: u64 = 5;

/// Asks that whoever has this login or e-mail address is sent a link. Whether there is anybody is found out later, so
/// that the answer and its time do not tell.
///
/// # Errors
/// [`Fault::NotFound`] where no mail is sent here, [`Fault::TooManyAttempts`] for a network that asks too often.
pub async fn ask(ctx: &Ctx, typed: &str) -> Result<(), Fault> {
    require_mail(ctx)?;
    MAIL_REQUESTS.begin(ctx).await?;
    let typed: String = typed.trim().chars().take(LONGEST).collect();
    let wish = Resetting { typed, address: ctx.address.to_string(), at: ctx.now.micros() };
    mail::queue_for_nobody(ctx, wish).await
}

/// Asks for a mail server.
///
/// # Errors
/// [`Fault::NotFound`] where there is none.
pub(crate) fn require_mail(ctx: &Ctx) -> Result<(), Fault> {
    if ctx.settings().sends_mail {
        return Ok(());
    }
    Err(Fault::NotFound("no mail is sent from here".to_owned()))
}

/// Follows such a wish: everybody whom it means is sent a link, if they may have one.
pub(crate) async fn follow(ctx: &Ctx, wish_id: Uuid, wish: &Resetting) -> Result<(), Fault> {
    let asked = ctx.clone().at(Timestamp::from_micros(wish.at));
    let mut links = Vec::new();
    for (user, to) in find_meant(ctx, &wish.typed).await? {
        links.push(Link::prepare(&asked, &user, &to, Purpose::Reset, &wish.address)?);
    }
    ctx.transaction(move |ctx, tx| {
        // Of several programs that follow the same wish, one sends the links.
        if tx.remove_delivery(Outbox::Mail, wish_id)? {
            for link in &links {
                link.queue(ctx, tx)?;
            }
        }
        Ok(())
    })
    .await
}

/// Whom a login or an address means, of those who may set a new password.
async fn find_meant(ctx: &Ctx, typed: &str) -> Result<Vec<(User, EmailAddress)>, Fault> {
    let login = typed.to_owned();
    let read_as_address = EmailAddress::parse(typed).ok();
    let found = ctx.store().read(move |read| {
        let mut found: Vec<User> = find_user(read, &login)?.into_iter().collect();
        if let Some(address) = &read_as_address {
            let mut others: Vec<User> =
                read.list_by(User::Email, &Value::Text(address.to_string()), MOST_ACCOUNTS)?;
            if let Some(id) = read.find_name(NameKind::Address, &address.canonical())? {
                others.extend(read.find::<User>(id)?);
            }
            for other in others {
                if found.iter().all(|known| known.id != other.id) {
                    found.push(other);
                }
            }
        }
        Ok::<_, StoreError>(found)
    });
    let with_address = |user: User| address_of(&user).map(|to| (user, to));
    Ok(found.await?.into_iter().filter_map(with_address).collect())
}

/// The address by which somebody may set a new password: one that is known to be theirs, of an account that has a
/// password and may sign in.
fn address_of(user: &User) -> Option<EmailAddress> {
    let may = user.active && user.user_type.can_sign_in() && user.password.is_some() && user.email_confirmed;
    user.email.as_deref().filter(|_| may).and_then(|address| EmailAddress::parse(address).ok())
}

/// Whose password a link sets anew.
///
/// # Errors
/// [`Fault::NotFound`] where the link was used, has expired, or never was one.
pub async fn find(ctx: &Ctx, secret: &str) -> Result<User, Fault> {
    let link = Link::find(ctx, Purpose::Reset, secret).await?;
    let user = ctx.store().read(move |read| read.find::<User>(link.user_id)).await?;
    let is_meant = |user: &User| address_of(user).is_some_and(|own| own.as_str() == link.address);
    user.filter(is_meant).ok_or_else(|| Fault::NotFound("this link is no longer valid".to_owned()))
}

/// Sets a new password with a link, which works once. What [`Occasion::PasswordReset`] says ends. Nobody is signed in by
/// this: a user with a second factor shows it as always.
///
/// # Errors
/// As [`find`]; [`Fault::BadField`] where the password is no good, with which the link still works.
pub async fn reset(ctx: &Ctx, secret: &str, new: &str) -> Result<(), Fault> {
    let user = find(ctx, secret).await?;
    let link = Link::find(ctx, Purpose::Reset, secret).await?;
    let hash = Some(passwords::hash_new(ctx, new, &about(&user)).await?);
    let notice = mail::notice(ctx, &user, Notice::PasswordReset)?;
    ctx.transaction(move |ctx, tx| {
        let change = Change::new::<User>(user.id, ctx.now)
            .set(User::Password, &hash)
            .if_equal(User::Email, &user.email)
            .if_equal(User::EmailConfirmed, &true);
        if !tx.consume_mail_link(&link, ctx.now)? || !tx.change(change)? {
            return Err(Fault::NotFound("this link was used already".to_owned()));
        }
        mail::queue(tx, notice.as_ref())?;
        let event = Event::for_user(AuditEventType::PasswordChanged, user.id);
        event.with("by", "mail").note(ctx, tx)?;
        // Nobody is signed in who would have done it.
        let whose = Whose { user: user.id, by: None, own_session: None };
        endings::end(ctx, tx, Occasion::PasswordReset, whose).map(drop)
    })
    .await?;
    tracing::info!(user = %user.id, "a password was set anew by mail");
    Ok(())
}
