//! Signing in with an account at an OpenID provider.

use grant_state::state::check_user;
use input::EmailAddress;
use input::text::Login;
use model::Value;
use model::entities::{AuditEventType, User, UserProviderLogin, UserType};
use store::{NameKind, StoreError, Tx};
use token::{digest, random};

use super::pending_link::{self, PendingLink, linked};
use super::proof::Proof;
use super::session::{self, BrowserContext, SignIn, new_session};
use crate::mail::{self, Notice};
use crate::registry::audit::{Actor, Event};
use crate::registry::names::{find_user, insert_user};
use crate::upstream::{Flow, Identity, Provider};
use crate::users::create::blank;
use crate::validate::checked;
use crate::{Caller, Ctx, Fault, Reason};

/// The result of a sign-in at a provider.
pub enum Arrival {
    /// A user signed in.
    Entered(SignIn),
    /// The account was linked to the signed-in user.
    Linked,
}

/// The method of an authentication by a provider. RFC 8176 has none for it; this one is common.
const FEDERATED: &str = "fed";
/// The methods of two factors at the provider (RFC 8176, section 2).
const FEDERATED_TWICE: &str = "fed mfa";
/// Maximum number of linked accounts of a user.
const MAX_LINKS: u64 = 20;
/// Maximum length of a login from a provider, in characters, before it is made unique.
const MAX_LOGIN: usize = 50;
/// Length of the hash of a long subject in a login.
const HASHED: usize = 16;

/// Completes a sign-in at a provider. The user of the account is signed in, or has to show a second factor.
///
/// # Errors
/// [`Fault::Forbidden`] if the account has no user and none is created; [`Fault::Conflict`] if it is linked to another user;
/// [`Fault::Unauthenticated`] if the user may not sign in, or the response was used before.
pub async fn arrive(
    ctx: &Ctx,
    place: BrowserContext<'_>,
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

/// How the user was found.
#[derive(Clone, Copy)]
enum How {
    /// They had linked the account.
    Linked,
    /// They confirmed the same e-mail address: the account is linked when they have signed in.
    ByAddress,
    /// Not found, but created.
    Made,
}

impl Found {
    fn write(&self, ctx: &Ctx, tx: &mut Tx<'_>) -> Result<(), Fault> {
        match self.how {
            How::Linked if tx.note_provider_login(self.login.id, self.user.id, ctx.now)? => Ok(()),
            How::Linked => Err(Fault::Unauthenticated(Reason::Unknown)),
            How::ByAddress => Ok(()),
            How::Made => {
                insert_user(tx, &self.user)?;
                tx.insert(&self.login)?;
                let event = Event::for_user(AuditEventType::UserCreated, self.user.id);
                let event = event.with("login", self.user.login.as_str());
                event.with("provider", self.login.provider.as_str()).note(ctx, tx)
            }
        }
    }
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
        let login = new_login(ctx, provider, identity, &user)?;
        return Ok(Found { user, login, how: How::ByAddress });
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
    let Some(address) = verified_address(provider, identity).map(str::to_owned) else { return Ok(None) };
    let key = Value::Text(address.clone());
    let same: Vec<User> = ctx.store().read(move |read| read.list_by(User::Email, &key, MAX_LINKS)).await?;
    // Of before an address was one user's alone.
    let several = same.iter().filter(|user| user.email_confirmed).count() > 1;
    let holder = find_holder(ctx, &address).await?.filter(|_| !several);
    Ok(holder.filter(|user| !user.is_admin && user.user_type.can_sign_in()))
}

/// The user who has confirmed an address.
async fn find_holder(ctx: &Ctx, address: &str) -> Result<Option<User>, Fault> {
    let key = EmailAddress::parse(address)?.canonical();
    let holder = ctx.store().read(move |read| match read.find_name(NameKind::Address, &key)? {
        Some(id) => read.find::<User>(id),
        None => Ok(None),
    });
    let has_it = |user: &User| user.email.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(address));
    Ok(holder.await?.filter(|user| user.email_confirmed && has_it(user)))
}

fn new_login(
    ctx: &Ctx,
    provider: &Provider,
    identity: &Identity,
    user: &User,
) -> Result<UserProviderLogin, Fault> {
    checked(UserProviderLogin {
        display_name: identity.name.clone(),
        email: identity.email.clone(),
        issuer: provider.issuer.clone(),
        last_used_timestamp: Some(ctx.now),
        provider: provider.label.clone(),
        subject: identity.subject.clone(),
        user_id: user.id,
        ..UserProviderLogin::new(ctx.new_id()?, ctx.now)
    })
}

async fn new_user(
    ctx: &Ctx,
    provider: &Provider,
    identity: &Identity,
    user_type: UserType,
) -> Result<User, Fault> {
    let address = verified_address(provider, identity);
    let is_free = match address {
        Some(address) => find_holder(ctx, address).await?.is_none(),
        None => false,
    };
    let login = free_login(ctx, provider, identity, address.filter(|_| is_free)).await?;
    let name = identity.name.clone().unwrap_or_else(|| login.to_string());
    checked(User {
        email: identity.email.clone(),
        email_confirmed: is_free,
        ..blank(ctx, login, name, user_type)?
    })
}

/// Returns an unused login. It is the user name at the provider only if the operator trusts that: `/verify` sends the login in
/// headers, where it must not be that of another user. Otherwise it is made of the provider and the account.
async fn free_login(
    ctx: &Ctx,
    provider: &Provider,
    identity: &Identity,
    address: Option<&str>,
) -> Result<Login, Fault> {
    let said = identity.username.as_deref().filter(|_| provider.trusts_username).or(address);
    let own = said.map_or_else(|| login_of_account(provider, identity), str::to_owned);
    // A shortened name would be another one.
    let own = Some(own).filter(|own| own.chars().count() <= MAX_LOGIN).unwrap_or_default();
    let login = Login::parse(&own).or_else(|_| Login::parse(&hashed_login(provider, identity)))?;
    let typed = login.to_string();
    let look = login.look();
    let is_taken = ctx.store().read(move |read| {
        Ok::<_, StoreError>(
            find_user(read, &typed)?.is_some() || read.find_name(NameKind::LoginLook, &look)?.is_some(),
        )
    });
    if !is_taken.await? {
        return Ok(login);
    }
    Ok(Login::parse(&format!("{login}-{}", random::base62(ctx.random(), 8)?.as_str()))?)
}

/// The address that a provider has verified, where it is trusted with that.
fn verified_address<'a>(provider: &Provider, identity: &'a Identity) -> Option<&'a str> {
    identity.email.as_deref().filter(|_| provider.trusts_email && identity.email_verified)
}

/// A login that says which account it is, where it is short enough.
fn login_of_account(provider: &Provider, identity: &Identity) -> String {
    let login = format!("{}:{}", provider.name, identity.subject);
    if login.chars().count() <= MAX_LOGIN { login } else { hashed_login(provider, identity) }
}

fn hashed_login(provider: &Provider, identity: &Identity) -> String {
    let hash = digest::sha256_hex(identity.subject.as_bytes());
    format!("{}:{}", provider.name, hash.get(..HASHED).unwrap_or(&hash))
}

async fn enter(
    ctx: &Ctx,
    place: BrowserContext<'_>,
    provider: &Provider,
    flow: &Flow,
    identity: &Identity,
    found: Found,
) -> Result<SignIn, Fault> {
    let id = found.user.id;
    let factors = ctx.store().read(move |read| read.factors_of(id)).await?;
    let twice = provider.trusts_second_factor && identity.second_factor;
    let methods = if twice { FEDERATED_TWICE } else { FEDERATED };
    let proof = Proof::new(ctx, &found.user, methods).by_provider(&provider.name, identity.authenticated_at);
    let proof = match found.how {
        How::ByAddress => proof.linking(PendingLink::from_login(&found.login)),
        How::Linked | How::Made => proof,
    };
    let needs_factor = factors.any() && !twice;
    let signed_in = new_session(ctx, place, &proof)?;
    let sealed = proof.seal(ctx, place)?;
    let former = place.before.and_then(Caller::session).map(|former| (former.id, former.user_id));
    let (row, used, ends) = (signed_in.session.clone(), flow.used_name(), flow.ends());
    ctx.transaction(move |ctx, tx| {
        if !tx.consume_id(&used, ends)? {
            return Err(Fault::Unauthenticated(Reason::Reused));
        }
        found.write(ctx, tx)?;
        if needs_factor { Ok(()) } else { session::write_sign_in(ctx, tx, &row, former, &proof) }
    })
    .await?;
    Ok(if needs_factor {
        SignIn::SecondFactorRequired(sealed)
    } else {
        SignIn::Complete(Box::new(signed_in))
    })
}

/// Links the account to the caller, who requested it.
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
    caller
        .transaction(ctx, move |ctx, tx| {
            if !tx.consume_id(&used, ends)? {
                return Err(Fault::Unauthenticated(Reason::Reused));
            }
            let own = Value::Guid(login.user_id);
            let links: Vec<UserProviderLogin> = tx.list_by(UserProviderLogin::User, &own, MAX_LINKS)?;
            if links.len() as u64 >= MAX_LINKS {
                return Err(Fault::Conflict(format!("{MAX_LINKS} accounts are linked already")));
            }
            pending_link::insert(tx, &login)?;
            linked(login.user_id, &login.provider).by(Actor::user(login.user_id)).note(ctx, tx)?;
            mail::queue(tx, notice.as_ref()).map(drop)
        })
        .await
}
