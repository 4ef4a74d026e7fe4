//! Sessions of the pages: signing in, and finding the caller of a session.

use grant_state::state::check_user;
use input::Secret;
use input::text::Line;
use model::Uuid;
use model::entities::{AuditEventType, User};
use store::{Change, SessionRow, StoreError, Tx};
use token::TokenHash;
use token::random_id::RandomId;

use super::guessing;
use super::known_browsers::Known;
use super::password_slots::Asking;
use super::passwords;
use super::proof::Proof;
use crate::oidc::acr;
use crate::registry::audit::{Actor, Event};
use crate::registry::names::find_user;
use crate::{Caller, Ctx, Fault, Needed, Reason, sign_out};

pub use super::browser_context::BrowserContext;

/// A completed sign-in: the new secret of the session cookie, and the session.
pub struct SignedIn {
    /// The secret of the session cookie.
    pub secret: RandomId,
    /// The session.
    pub session: SessionRow,
    /// The value of the cookie that makes the browser known (see [`known_browsers`](super::known_browsers)).
    pub known: String,
}

/// Outcome of a password or provider sign-in.
pub enum SignIn {
    /// The user is signed in.
    Complete(Box<SignedIn>),
    /// A second factor is required. Holds the encrypted proof that the browser returns with it.
    SecondFactorRequired(String),
}

/// The method of a password (RFC 8176, section 2).
pub const PASSWORD: &str = "pwd";
/// The maximum length of a stored `User-Agent`, in characters.
const MAX_BROWSER: usize = 256;

/// Signs a user in with login and password. If the browser has a session of the same user, that is renewed under a new
/// secret; otherwise a new one begins. An unknown login and a wrong password have the same response, after the same time.
///
/// # Errors
/// [`Fault::Unauthenticated`] if they do not match, or the user cannot sign in; [`Fault::TooManyAttempts`] if too many
/// passwords were wrong; [`Fault::Unavailable`] if too many passwords wait to be verified.
pub async fn sign_in(
    ctx: &Ctx,
    place: BrowserContext<'_>,
    login: &str,
    password: &Secret,
) -> Result<SignIn, Fault> {
    let user = check_password(ctx, place, login, password).await?;
    // The proof is of the verified password, even if the password was changed meanwhile.
    let user = passwords::strengthen(ctx, user, password).await?;
    let id = user.id;
    let factors = ctx.store().read(move |read| read.factors_of(id)).await?;
    // The request may have waited for other passwords to be hashed.
    let ctx = &ctx.at_present();
    let proof = Proof::new(ctx, &user, PASSWORD);
    if factors.any() {
        return Ok(SignIn::SecondFactorRequired(proof.seal(ctx, place)?));
    }
    Ok(SignIn::Complete(Box::new(open_session(ctx, place, proof).await?)))
}

/// Returns the user with this login and password.
async fn check_password(
    ctx: &Ctx,
    place: BrowserContext<'_>,
    login: &str,
    password: &Secret,
) -> Result<User, Fault> {
    let typed = login.trim().to_owned();
    let user = ctx.store().read(move |read| find_user(read, &typed)).await?;
    let known = user.as_ref().and_then(|user| Known::find(ctx, place.known, user));
    let attempt = guessing::begin_password(ctx, login, user.as_ref(), known.as_ref()).await?;
    let who = if known.is_some() { Asking::Known } else { Asking::Stranger };
    let fits = match passwords::verify(ctx, who, user.as_ref(), password).await {
        Ok(fits) => fits,
        Err(fault) => {
            attempt.take_back(ctx).await?;
            return Err(fault);
        }
    };
    let user = user.ok_or(Fault::Unauthenticated(Reason::Unknown))?;
    if !user.user_type.can_sign_in() {
        return Err(Fault::Unauthenticated(Reason::UserInactive));
    }
    check_user(&user).map_err(Fault::Unauthenticated)?;
    if !fits {
        guessing::note_failure(ctx, user.id, &attempt).await?;
        return Err(Fault::Unauthenticated(Reason::Unknown));
    }
    attempt.take_back(ctx).await?;
    Ok(user)
}

/// Begins or renews the session of a user who has given a complete proof.
pub(crate) async fn open_session(
    ctx: &Ctx,
    place: BrowserContext<'_>,
    proof: Proof,
) -> Result<SignedIn, Fault> {
    let signed_in = new_session(ctx, place, &proof)?;
    let former = place.before.and_then(Caller::session).map(|former| (former.id, former.user_id));
    let row = signed_in.session.clone();
    ctx.transaction(move |ctx, tx| write_sign_in(ctx, tx, &row, former, &proof)).await?;
    Ok(signed_in)
}

/// Returns a new session, or the present one of the user under a new secret. It is not written yet.
pub(crate) fn new_session(ctx: &Ctx, place: BrowserContext<'_>, proof: &Proof) -> Result<SignedIn, Fault> {
    let secret = RandomId::generate(ctx.random())?;
    let own = place.before.and_then(Caller::session).filter(|before| before.user_id == proof.user);
    let session = SessionRow {
        id: own.map_or_else(|| ctx.new_id(), |own| Ok(own.id))?,
        secret_hash: secret.hash().to_string(),
        user_id: proof.user,
        address: ctx.address.to_string(),
        browser: Line::cleaned(place.browser, MAX_BROWSER).into(),
        created_at: own.map_or(ctx.now, |own| own.created_at),
        authenticated_at: proof.authenticated_at(),
        methods: proof.methods.clone(),
        provider: proof.provider.clone(),
        expires_at: proof.given_at().plus_seconds(ctx.settings().lifetimes.session_lifetime),
        last_seen_at: ctx.now,
    };
    let known = Known::add(ctx, place.known, proof.user, proof.password.clone())?;
    Ok(SignedIn { secret, session, known })
}

/// Writes the session of a sign-in, with the account that it links and its event.
pub(crate) fn write_sign_in(
    ctx: &Ctx,
    tx: &mut Tx<'_>,
    row: &SessionRow,
    former: Option<(Uuid, Uuid)>,
    proof: &Proof,
) -> Result<(), Fault> {
    write_session(ctx, tx, row, former, proof)?;
    if let Some(link) = &proof.link {
        let user: Option<User> = tx.find(row.user_id)?;
        link.write(ctx, tx, &user.ok_or(Fault::Unauthenticated(Reason::Unknown))?)?;
    }
    let event = Event::for_user(AuditEventType::SignedIn, row.user_id).by(Actor::user(row.user_id));
    event.with("methods", proof.methods.as_str()).note(ctx, tx)
}

/// Writes a session in place of the `former` one of the browser: the same session is renewed, that of another user ends.
fn write_session(
    ctx: &Ctx,
    tx: &mut Tx<'_>,
    row: &SessionRow,
    former: Option<(Uuid, Uuid)>,
    proof: &Proof,
) -> Result<(), Fault> {
    match former {
        Some((former, _)) if former == row.id => return renew_session(ctx, tx, row, proof),
        Some((former, _)) => drop(sign_out::end(ctx, tx, Some(Actor::user(row.user_id)), former)?),
        None => {}
    }
    // The row is locked: a change of the password finds the session, or the session finds the change.
    let user: Option<User> = tx.find_exclusive(row.user_id)?;
    check_proof(ctx, tx, user, proof)?;
    Ok(tx.insert_session(row)?)
}

/// Writes the new secret of a session. A session that has ended meanwhile is not restored.
///
/// # Errors
/// [`Fault::InteractionNeeded`] if it has ended; those of [`Proof::check`].
pub(crate) fn renew_session(
    ctx: &Ctx,
    tx: &mut Tx<'_>,
    row: &SessionRow,
    proof: &Proof,
) -> Result<(), Fault> {
    let user: Option<User> = tx.find(row.user_id)?;
    check_proof(ctx, tx, user, proof)?;
    if tx.renew_session(row)? { Ok(()) } else { Err(Fault::InteractionNeeded(Needed::Login)) }
}

/// Checks a proof against the user's current row, and resets the number of failed sign-ins.
fn check_proof(ctx: &Ctx, tx: &mut Tx<'_>, user: Option<User>, proof: &Proof) -> Result<(), Fault> {
    let user = user.ok_or(Fault::Unauthenticated(Reason::Unknown))?;
    proof.check(&user)?;
    if user.access_failed_count > 0 {
        tx.change(
            Change::new::<User>(user.id, ctx.now).set(User::AccessFailedCount, &0).without_invalidation(),
        )?;
    }
    Ok(())
}

/// Finds the caller of a session cookie.
///
/// # Errors
/// [`Fault::Unauthenticated`] if there is no such session, the user is disabled, or has to show a second factor first.
pub async fn find_session(ctx: &Ctx, cookie: &str) -> Result<Caller, Fault> {
    let caller = find_any_session(ctx, cookie).await?;
    if lacks_factor(ctx, &caller) {
        return Err(Fault::Unauthenticated(Reason::SecondFactorMissing));
    }
    Ok(caller)
}

/// Finds the caller of a session cookie, who may have to show a second factor first.
///
/// # Errors
/// [`Fault::Unauthenticated`] if there is no such session, or the user is disabled.
pub async fn find_any_session(ctx: &Ctx, cookie: &str) -> Result<Caller, Fault> {
    let unknown = || Fault::Unauthenticated(Reason::Unknown);
    let secret = RandomId::parse(cookie).map_err(|_| unknown())?;
    let (hash, now): (TokenHash, _) = (secret.hash(), ctx.now);
    let idle_since = ctx.settings().idle_since(now);
    let found = ctx.store().read(move |read| {
        let Some(session) = read.find_session(&hash.to_string(), now, idle_since)? else { return Ok(None) };
        let user: Option<User> = read.find(session.user_id)?;
        Ok::<_, StoreError>(user.map(|user| (session, user)))
    });
    let (session, user) = found.await?.ok_or_else(unknown)?;
    ctx.authority().last_seen.note(&session, now, ctx.settings().lifetimes.session_idle_timeout);
    Caller::from_session(session, user)
}

/// Returns whether the caller has to show a second factor, and has not.
pub fn lacks_factor(ctx: &Ctx, caller: &Caller) -> bool {
    let one = caller.session().is_some_and(|session| acr::reached(&session.methods) == acr::ONE_FACTOR);
    one && ctx.settings().sign_in.require_second_factor.applies_to(&caller.user)
}

#[cfg(test)]
mod tests;
