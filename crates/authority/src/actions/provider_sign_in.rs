//! Signing in with an account at a provider, whoever that is here.

use model::Value;
use model::entities::{AuditEventType, User, UserProviderLogin, UserType};
use store::{MailRow, StoreError, Tx};
use token::random;

use super::create_user::blank;
use super::session::{self, Entrance, Place, Proof, new_session};
use crate::audit::{Actor, Event};
use crate::live::check_user;
use crate::mail::{self, Notice};
use crate::upstream::{Flow, Identity, Provider};
use crate::validate::checked;
use crate::{Caller, Ctx, Fault, Reason};

/// What came of a sign-in at a provider.
pub enum Arrival {
    /// Somebody signed in.
    Entered(Entrance),
    /// The account was linked to whoever was signed in already.
    Linked,
}

/// The method of whoever was vouched for by a provider. RFC 8176 has no word for it; others use this one.
const FEDERATED: &str = "fed";
/// The method of whoever showed two factors there (RFC 8176, section 2).
const FEDERATED_TWICE: &str = "fed mfa";
/// How many accounts somebody may link.
const MOST_LINKS: u64 = 20;
/// The longest login that is made of what a provider says, in characters, before it is made unique.
const MAX_LOGIN: usize = 50;

/// Finishes a sign-in at a provider: whoever has linked the account is signed in, or asked for a second factor of theirs.
///
/// # Errors
/// [`Fault::Forbidden`] where nobody has linked it, and nobody is made of it; [`Fault::Conflict`] where it is linked to
/// somebody else; [`Fault::Unauthenticated`] where the user may not sign in, or the sign-in was finished before.
pub async fn arrive(
    ctx: &Ctx,
    place: Place<'_>,
    provider: &Provider,
    flow: &Flow,
    identity: &Identity,
) -> Result<Arrival, Fault> {
    if let Some(user) = flow.link {
        let caller = place.before.filter(|caller| caller.user.id == user && caller.session().is_some());
        let caller = caller.ok_or(Fault::Unauthenticated(Reason::Missing))?;
        return link(ctx, caller, provider, flow, identity).await.map(|()| Arrival::Linked);
    }
    let found = find(ctx, provider, identity).await?;
    if !found.user.user_type.can_sign_in() {
        return Err(Fault::Unauthenticated(Reason::UserInactive));
    }
    check_user(&found.user).map_err(Fault::Unauthenticated)?;
    enter(ctx, place, provider, flow, identity, found).await.map(Arrival::Entered)
}

/// Whose account it is, and what has to be written for it to be so.
#[derive(Clone)]
struct Found {
    user: User,
    login: UserProviderLogin,
    how: How,
}

/// How somebody was found.
#[derive(Clone)]
enum How {
    /// They had linked the account.
    Linked,
    /// They confirmed the same e-mail address; they are told.
    ByAddress(Option<MailRow>),
    /// Nobody was, and somebody is made.
    Made,
}

impl Found {
    fn write(&self, ctx: &Ctx, tx: &mut Tx<'_>) -> Result<(), Fault> {
        match &self.how {
            How::Linked if tx.note_provider_login(self.login.id, self.user.id, ctx.now)? => Ok(()),
            How::Linked => Err(Fault::Unauthenticated(Reason::Unknown)),
            How::ByAddress(notice) => {
                tx.insert(&self.login)?;
                linked(&self.login).note(ctx, tx)?;
                mail::queue(tx, notice.as_ref()).map(drop)
            }
            How::Made => {
                tx.insert(&self.user)?;
                tx.insert(&self.login)?;
                let event = Event::of_user(AuditEventType::UserCreated, self.user.id);
                let event = event.with("login", self.user.login.as_str());
                event.with("provider", self.login.provider.as_str()).note(ctx, tx)
            }
        }
    }
}

/// Somebody may sign in by an account from now on.
fn linked(login: &UserProviderLogin) -> Event {
    let event = Event::of_user(AuditEventType::FactorAdded, login.user_id);
    event.with("factor", "provider").with("provider", login.provider.as_str())
}

async fn find(ctx: &Ctx, provider: &Provider, identity: &Identity) -> Result<Found, Fault> {
    let (issuer, subject) = (provider.issuer.clone(), identity.subject.clone());
    let linked = ctx.store().read(move |read| {
        let Some(login) = read.find_provider_login(&issuer, &subject)? else { return Ok(None) };
        let user: Option<User> = read.find(login.user_id)?;
        Ok::<_, StoreError>(user.map(|user| Found { user, login, how: How::Linked }))
    });
    if let Some(found) = linked.await? {
        return Ok(found);
    }
    if let Some(user) = find_by_address(ctx, provider, identity).await? {
        let notice = mail::notice(ctx, &user, Notice::ProviderLinked(provider.label.clone()))?;
        let login = new_login(ctx, provider, identity, &user)?;
        return Ok(Found { user, login, how: How::ByAddress(notice) });
    }
    let Some(user_type) = provider.creates else {
        return Err(Fault::Forbidden("no user is linked to this account".to_owned()));
    };
    let user = new_user(ctx, provider, identity, user_type).await?;
    Ok(Found { login: new_login(ctx, provider, identity, &user)?, user, how: How::Made })
}

/// The one user who confirmed the address that a trusted provider verified. Administrators link their accounts
/// themselves: a provider that errs, or whose mailboxes are given to others, must not make one.
async fn find_by_address(ctx: &Ctx, provider: &Provider, identity: &Identity) -> Result<Option<User>, Fault> {
    let Some(address) = identity.email.clone().filter(|_| provider.trusts_email && identity.email_verified)
    else {
        return Ok(None);
    };
    let key = Value::Text(address);
    let users: Vec<User> = ctx.store().read(move |read| read.list_by(User::Email, &key, MOST_LINKS)).await?;
    let mut confirmed = users.into_iter().filter(|user| user.email_confirmed);
    let only = confirmed.next().filter(|_| confirmed.next().is_none());
    Ok(only.filter(|user| !user.is_admin && user.user_type.can_sign_in()))
}

fn new_login(
    ctx: &Ctx,
    provider: &Provider,
    identity: &Identity,
    user: &User,
) -> Result<UserProviderLogin, Fault> {
    checked(UserProviderLogin {
        id: ctx.new_id()?,
        object_version: 1,
        external_id: None,
        external_system: None,
        updated_at: Some(ctx.now),
        creation_time_utc: ctx.now,
        display_name: identity.name.clone(),
        email: identity.email.clone(),
        issuer: provider.issuer.clone(),
        last_used_timestamp: Some(ctx.now),
        provider: provider.label.clone(),
        subject: identity.subject.clone(),
        user_id: user.id,
    })
}

async fn new_user(
    ctx: &Ctx,
    provider: &Provider,
    identity: &Identity,
    user_type: UserType,
) -> Result<User, Fault> {
    let login = free_login(ctx, identity).await?;
    let name = identity.name.clone().unwrap_or_else(|| login.clone());
    checked(User {
        email: identity.email.clone(),
        email_confirmed: provider.trusts_email && identity.email_verified,
        ..blank(ctx, login, name, user_type)?
    })
}

/// A login that nobody has, made of the name or the address that the provider tells.
async fn free_login(ctx: &Ctx, identity: &Identity) -> Result<String, Fault> {
    let own = identity.username.as_deref().or(identity.email.as_deref()).unwrap_or("user");
    let plain = |c: &char| c.is_ascii_alphanumeric() || ".-_+@".contains(*c);
    let base: String = own.chars().filter(plain).take(MAX_LOGIN).collect();
    let base = if base.is_empty() { "user".to_owned() } else { base };
    let key = Value::Text(base.clone());
    let taken = ctx.store().read(move |read| read.find_by::<User>(User::Login, &key)).await?.is_some();
    if !taken {
        return Ok(base);
    }
    Ok(format!("{base}-{}", random::base62(ctx.random(), 8)?.as_str()))
}

async fn enter(
    ctx: &Ctx,
    place: Place<'_>,
    provider: &Provider,
    flow: &Flow,
    identity: &Identity,
    found: Found,
) -> Result<Entrance, Fault> {
    let id = found.user.id;
    let factors = ctx.store().read(move |read| read.factors_of(id)).await?;
    let twice = provider.trusts_second_factor && identity.second_factor;
    let methods = if twice { FEDERATED_TWICE } else { FEDERATED };
    let proof = Proof::of(ctx, &found.user, methods).by_provider(&provider.name, identity.authenticated_at);
    let half = factors.any() && !twice;
    let signed_in = new_session(ctx, place, &proof)?;
    let sealed = proof.seal(ctx, place)?;
    let former = place.before.and_then(Caller::session).map(|former| (former.id, former.user_id));
    let (row, used, ends) = (signed_in.session.clone(), flow.used_name(), flow.ends());
    ctx.transaction(move |ctx, tx| {
        if !tx.use_id(&used, ends)? {
            return Err(Fault::Unauthenticated(Reason::Reused));
        }
        found.write(ctx, tx)?;
        if half { Ok(()) } else { session::enter(ctx, tx, &row, former, &proof) }
    })
    .await?;
    Ok(if half { Entrance::Half(sealed) } else { Entrance::In(Box::new(signed_in)) })
}

/// Links the account to whoever is signed in and asked for it.
async fn link(
    ctx: &Ctx,
    caller: &Caller,
    provider: &Provider,
    flow: &Flow,
    identity: &Identity,
) -> Result<(), Fault> {
    let login = new_login(ctx, provider, identity, &caller.user)?;
    let notice = mail::notice(ctx, &caller.user, Notice::ProviderLinked(provider.label.clone()))?;
    let (used, ends) = (flow.used_name(), flow.ends());
    ctx.transaction(move |ctx, tx| {
        if !tx.use_id(&used, ends)? {
            return Err(Fault::Unauthenticated(Reason::Reused));
        }
        let own = Value::Guid(login.user_id);
        let links: Vec<UserProviderLogin> = tx.list_by(UserProviderLogin::User, &own, MOST_LINKS)?;
        if links.len() as u64 >= MOST_LINKS {
            return Err(Fault::Conflict(format!("{MOST_LINKS} accounts are linked already")));
        }
        tx.insert(&login).map_err(|error| match error {
            StoreError::Duplicate => Fault::Conflict("this account is linked to a user already".to_owned()),
            other => other.into(),
        })?;
        linked(&login).by(Actor::user(login.user_id)).note(ctx, tx)?;
        mail::queue(tx, notice.as_ref()).map(drop)
    })
    .await
}
