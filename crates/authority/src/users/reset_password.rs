//! Resetting a forgotten password by mail.

use input::{EmailAddress, Secret};
use model::entities::{AuditEventType, User};
use model::{Timestamp, Uuid, Value};
use store::{Change, MailLink, NameKind, Outbox, StoreError};

use super::change_password::about;
use crate::endings::{self, Occasion, Whose};
use crate::mail::{self, Link, Notice, Purpose, Resetting};
use crate::registry::audit::Event;
use crate::registry::names::find_user;
use crate::sign_in::attempts::MAIL_REQUESTS;
use crate::sign_in::passwords;
use crate::{Ctx, Fault};

/// Maximum length of a login or address, in characters.
const MAX_LENGTH: usize = 254;
/// Maximum number of accounts with the same address that receive a link.
const MAX_ACCOUNTS: u64 = 5;

/// Requests a link for the users with this login or e-mail address. They are looked up later, so the response and its time do
/// not disclose whether there are any.
///
/// # Errors
/// [`Fault::NotFound`] if there is no mail server; [`Fault::TooManyAttempts`] for a network with too many requests.
pub async fn ask(ctx: &Ctx, typed: &str) -> Result<(), Fault> {
    require_mail(ctx)?;
    MAIL_REQUESTS.begin(ctx).await?;
    let typed: String = typed.trim().chars().take(MAX_LENGTH).collect();
    let request = Resetting { typed, address: ctx.address.to_string(), at: ctx.now.micros() };
    mail::queue_reset_request(ctx, request).await
}

/// Requires a mail server.
///
/// # Errors
/// [`Fault::NotFound`] if there is none.
pub(crate) fn require_mail(ctx: &Ctx) -> Result<(), Fault> {
    if ctx.settings().sends_mail {
        return Ok(());
    }
    Err(Fault::NotFound("no mail is sent from here".to_owned()))
}

/// Processes such a request: sends a link to all its users who may have one.
pub(crate) async fn follow(ctx: &Ctx, request_id: Uuid, request: &Resetting) -> Result<(), Fault> {
    let asked = ctx.clone().at(Timestamp::from_micros(request.at));
    let mut links = Vec::new();
    for (user, to) in find_users(ctx, &request.typed).await? {
        links.push(Link::prepare(&asked, &user, &to, Purpose::Reset, &request.address)?);
    }
    ctx.transaction(move |ctx, tx| {
        // Of several programs that process the same request, one sends the links.
        if tx.remove_delivery(Outbox::Mail, request_id)? {
            for link in &links {
                link.queue(ctx, tx)?;
            }
        }
        Ok(())
    })
    .await
}

/// Finds the users with a login or an address who may reset their password.
async fn find_users(ctx: &Ctx, typed: &str) -> Result<Vec<(User, EmailAddress)>, Fault> {
    let login = typed.to_owned();
    let read_as_address = EmailAddress::parse(typed).ok();
    let found = ctx.store().read(move |read| {
        let mut found: Vec<User> = find_user(read, &login)?.into_iter().collect();
        if let Some(address) = &read_as_address {
            let mut others: Vec<User> =
                read.list_by(User::Email, &Value::Text(address.to_string()), MAX_ACCOUNTS)?;
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

/// Returns the address for a reset: a confirmed one, of an active user with a password who can sign in.
fn address_of(user: &User) -> Option<EmailAddress> {
    let may = user.active && user.user_type.can_sign_in() && user.password.is_some() && user.email_confirmed;
    user.email.as_deref().filter(|_| may).and_then(|address| EmailAddress::parse(address).ok())
}

/// Finds the user of a link.
///
/// # Errors
/// [`Fault::NotFound`] if the link was used, has expired, or is unknown.
pub async fn find(ctx: &Ctx, secret: &Secret) -> Result<User, Fault> {
    find_with_link(ctx, secret).await.map(|(user, _)| user)
}

/// Finds the user of a link: one that was mailed to the user's address, or one that was handed over.
async fn find_with_link(ctx: &Ctx, secret: &Secret) -> Result<(User, MailLink), Fault> {
    let link = match Link::find(ctx, Purpose::Reset, secret).await {
        Err(Fault::NotFound(_)) => Link::find(ctx, Purpose::Given, secret).await?,
        found => found?,
    };
    let id = link.user_id;
    let user = ctx.store().read(move |read| read.find::<User>(id)).await?;
    let is_meant = |user: &User| match address_of(user) {
        _ if is_given(&link) => user.active && user.user_type.can_sign_in(),
        own => own.is_some_and(|own| own.as_str() == link.address),
    };
    let user = user.filter(is_meant);
    Ok((user.ok_or_else(|| Fault::NotFound("this link is no longer valid".to_owned()))?, link))
}

fn is_given(link: &MailLink) -> bool {
    link.purpose == Purpose::Given.name()
}

/// Sets a new password with a one-time link, and ends what [`Occasion::PasswordReset`] ends. The user is not signed in: a
/// second factor is still required.
///
/// # Errors
/// Those of [`find`]; [`Fault::BadField`] if the password is refused: the link stays valid.
pub async fn reset(ctx: &Ctx, secret: &Secret, new: &Secret) -> Result<(), Fault> {
    let (user, link) = find_with_link(ctx, secret).await?;
    let hash = Some(passwords::hash_new(ctx, new, &about(&user)).await?);
    let notice = mail::notice(ctx, &user, Notice::PasswordReset)?;
    ctx.transaction(move |ctx, tx| {
        let mut change =
            Change::new::<User>(user.id, ctx.now).set(User::Password, &hash).if_equal(User::Active, &true);
        if !is_given(&link) {
            change = change.if_equal(User::Email, &user.email).if_equal(User::EmailConfirmed, &true);
        }
        if !tx.consume_mail_link(&link, ctx.now)? || !tx.change(change)? {
            return Err(Fault::NotFound("this link was used already".to_owned()));
        }
        mail::queue(tx, notice.as_ref())?;
        let event = Event::for_user(AuditEventType::PasswordChanged, user.id);
        event.with("by", if is_given(&link) { "link" } else { "mail" }).note(ctx, tx)?;
        // The link needs no session, so there is no actor.
        let whose = Whose { user: user.id, by: None, own_session: None };
        endings::end(ctx, tx, Occasion::PasswordReset, whose).map(drop)
    })
    .await?;
    tracing::info!(user = %user.id, "a password was set with a link");
    Ok(())
}
