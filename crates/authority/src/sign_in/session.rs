//! Signing in to the pages, and out.

use grant_state::state::check_user;
use input::text::Line;
use model::entities::{AuditEventType, User};
use model::{Timestamp, Uuid};
use serde::{Deserialize, Serialize};
use store::{Change, SessionRow, StoreError, Tx};
use token::TokenHash;
use token::random_id::RandomId;

use super::guessing;
use super::known_browsers::Known;
use super::password_slots::Asking;
use super::passwords::{self, password_mark};
use super::pending_link::PendingLink;
use crate::oidc::acr;
use crate::registry::audit::{Actor, Event};
use crate::registry::names::find_user;
use crate::{Caller, Ctx, Fault, Needed, Reason, sign_out};

/// Somebody who just signed in: the secret of their cookie, and the session.
pub struct SignedIn {
    /// The secret that the cookie holds.
    pub secret: RandomId,
    /// The session.
    pub session: SessionRow,
    /// The cookie by which the browser is known from now on (see [`known_browsers`](super::known_browsers)).
    pub known: String,
}

/// Where somebody signs in.
#[derive(Clone, Copy)]
pub struct BrowserContext<'a> {
    /// Who is signed in there already.
    pub before: Option<&'a Caller>,
    /// What the browser calls itself.
    pub browser: &'a str,
    /// The secret of the browser's cookie. A sign-in that was begun in one browser is finished only there.
    pub cookie: &'a str,
    /// The cookie by which the browser shows who signed in there before.
    pub known: Option<&'a str>,
}

/// Outcome of a password or provider sign-in.
pub enum SignIn {
    /// The user is signed in.
    Complete(Box<SignedIn>),
    /// A second factor is required. Holds the sealed state that the browser returns with it.
    SecondFactorRequired(String),
}

/// What somebody has shown of who they are.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Proof {
    pub(crate) user: Uuid,
    /// How, separated by spaces (RFC 8176).
    pub(crate) methods: String,
    /// When, in microseconds.
    at: i64,
    /// Whose password it was: one that is changed proves nothing any more.
    password: Option<String>,
    /// The provider that vouches for it, by its name.
    provider: Option<String>,
    /// When the person proved it, where that was earlier than it was shown here; in microseconds.
    earlier: Option<i64>,
    /// The account that is linked to the user once they have signed in.
    link: Option<PendingLink>,
}

/// The method of whoever enters a password (RFC 8176, section 2).
pub const PASSWORD: &str = "pwd";
/// How long a second factor may take after the password, in seconds.
const PENDING_LIFETIME: i64 = 600;
const PENDING_PLACE: &str = "half of a sign-in at ";
/// The most that is kept of what a browser calls itself, in characters.
const MAX_BROWSER: usize = 256;

/// Signs somebody in with name and password. Whoever was signed in before and proves it once more stays in the same
/// session, under a new secret; somebody else begins another. An unknown name costs as much time as a wrong password, and is told the same.
///
/// # Errors
/// [`Fault::Unauthenticated`] where they do not fit, or the user cannot sign in; [`Fault::TooManyAttempts`] where too
/// many passwords were wrong; [`Fault::Unavailable`] where too many are checked at the moment.
pub async fn sign_in(
    ctx: &Ctx,
    place: BrowserContext<'_>,
    login: &str,
    password: &str,
) -> Result<SignIn, Fault> {
    let user = check_password(ctx, place, login, password).await?;
    // The proof is of the password that was verified, whatever the user's password is by now.
    let user = passwords::strengthen(ctx, user, password).await?;
    let id = user.id;
    let factors = ctx.store().read(move |read| read.factors_of(id)).await?;
    // Passwords are hashed a few at a time, so the request may have waited.
    let ctx = &ctx.at_present();
    let proof = Proof::new(ctx, &user, PASSWORD);
    if factors.any() {
        return Ok(SignIn::SecondFactorRequired(proof.seal(ctx, place)?));
    }
    Ok(SignIn::Complete(Box::new(open_session(ctx, place, proof).await?)))
}

/// The user with this name and password.
async fn check_password(
    ctx: &Ctx,
    place: BrowserContext<'_>,
    login: &str,
    password: &str,
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

impl Proof {
    pub(crate) fn new(ctx: &Ctx, user: &User, methods: &str) -> Self {
        Self {
            user: user.id,
            methods: methods.to_owned(),
            at: ctx.now.micros(),
            password: password_mark(user),
            provider: None,
            earlier: None,
            link: None,
        }
    }

    /// The same, and the account is linked to the user once they have signed in.
    pub(crate) fn linking(mut self, link: PendingLink) -> Self {
        self.link = Some(link);
        self
    }

    /// The same; what the sign-in began with `half`, where it is of the same user, is finished with it.
    pub(crate) fn after(mut self, half: Option<Self>) -> Self {
        self.link = half.filter(|half| half.user == self.user).and_then(|half| half.link);
        self
    }

    /// The same, where a provider vouches for it.
    pub(crate) fn by_provider(mut self, name: &str, authenticated_at: Timestamp) -> Self {
        self.provider = Some(name.to_owned());
        self.earlier = Some(authenticated_at.micros()).filter(|at| *at < self.at);
        self
    }

    /// What the session of somebody who is signed in proves.
    pub(crate) fn from_session(ctx: &Ctx, session: &SessionRow, user: &User) -> Self {
        // It was shown here when the session was given its end.
        let shown = session.expires_at.plus_seconds(-ctx.settings().lifetimes.session_lifetime);
        let shown = shown.max(session.authenticated_at).min(ctx.now);
        let proof = Self {
            user: session.user_id,
            methods: session.methods.clone(),
            at: shown.micros(),
            password: password_mark(user),
            provider: None,
            earlier: None,
            link: None,
        };
        match &session.provider {
            Some(provider) => proof.by_provider(provider, session.authenticated_at),
            None => Self { at: session.authenticated_at.micros(), ..proof },
        }
    }

    /// The same with further methods.
    pub(crate) fn with(mut self, methods: &str) -> Self {
        for method in methods.split(' ') {
            if !self.methods.split(' ').any(|own| own == method) {
                self.methods = format!("{} {method}", self.methods);
            }
        }
        self
    }

    pub(crate) fn seal(&self, ctx: &Ctx, place: BrowserContext<'_>) -> Result<String, Fault> {
        let text = serde_json::to_vec(self)?;
        Ok(ctx.authority().keyring.seal(&text, pending_place(place).as_bytes(), ctx.random())?)
    }

    /// Reads what the browser brought back; nothing where it is another browser's, or too old.
    pub(crate) fn open(ctx: &Ctx, place: BrowserContext<'_>, sealed: &str) -> Option<Self> {
        let text = ctx.authority().keyring.open(sealed, pending_place(place).as_bytes()).ok()?;
        let proof: Self = serde_json::from_slice(&text).ok()?;
        (Timestamp::from_micros(proof.at).plus_seconds(PENDING_LIFETIME) > ctx.now).then_some(proof)
    }

    /// Checks that what was proved still holds of the user as they are now.
    pub(crate) fn check(&self, user: &User) -> Result<(), Fault> {
        check_user(user).map_err(Fault::Unauthenticated)?;
        if password_mark(user) == self.password {
            Ok(())
        } else {
            Err(Fault::Unauthenticated(Reason::WrongProof))
        }
    }
}

fn pending_place(place: BrowserContext<'_>) -> String {
    format!("{PENDING_PLACE}{}", place.cookie)
}

pub(crate) async fn open_session(
    ctx: &Ctx,
    place: BrowserContext<'_>,
    proof: Proof,
) -> Result<SignedIn, Fault> {
    let signed_in = new_session(ctx, place, &proof)?;
    let former = place.before.and_then(Caller::session).map(|former| (former.id, former.user_id));
    let row = signed_in.session.clone();
    ctx.transaction(move |ctx, tx| enter(ctx, tx, &row, former, &proof)).await?;
    Ok(signed_in)
}

/// A session that is about to begin, or to go on under a new secret.
pub(crate) fn new_session(ctx: &Ctx, place: BrowserContext<'_>, proof: &Proof) -> Result<SignedIn, Fault> {
    let secret = RandomId::generate(ctx.random())?;
    let own = place.before.and_then(Caller::session).filter(|before| before.user_id == proof.user);
    let shown_at = Timestamp::from_micros(proof.at);
    let authenticated_at = proof.earlier.map_or(shown_at, Timestamp::from_micros);
    let session = SessionRow {
        id: own.map_or_else(|| ctx.new_id(), |own| Ok(own.id))?,
        secret_hash: secret.hash().to_string(),
        user_id: proof.user,
        address: ctx.address.to_string(),
        browser: Line::cleaned(place.browser, MAX_BROWSER).into(),
        created_at: own.map_or(ctx.now, |own| own.created_at),
        authenticated_at,
        methods: proof.methods.clone(),
        provider: proof.provider.clone(),
        expires_at: shown_at.plus_seconds(ctx.settings().lifetimes.session_lifetime),
        last_seen_at: ctx.now,
    };
    let known = Known::add(ctx, place.known, proof.user, proof.password.clone())?;
    Ok(SignedIn { secret, session, known })
}

/// Writes the session of somebody who signs in.
pub(crate) fn enter(
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

/// Writes the session of a sign-in in the place of a `former` one: the same is renewed, somebody else's ends.
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
    // The row is held: a change of the password finds the session, or the session finds the change.
    let user: Option<User> = tx.find_exclusive(row.user_id)?;
    still_proved(ctx, tx, user, proof)?;
    Ok(tx.insert_session(row)?)
}

/// Writes a session that goes on under a new secret. One that has ended meanwhile does not come back.
///
/// # Errors
/// [`Fault::InteractionNeeded`] where it has ended; as [`Proof::check`].
pub(crate) fn renew_session(
    ctx: &Ctx,
    tx: &mut Tx<'_>,
    row: &SessionRow,
    proof: &Proof,
) -> Result<(), Fault> {
    let user: Option<User> = tx.find(row.user_id)?;
    still_proved(ctx, tx, user, proof)?;
    if tx.renew_session(row)? { Ok(()) } else { Err(Fault::InteractionNeeded(Needed::Login)) }
}

/// Checks a proof against the user as they are now: they may have been disabled meanwhile, or the password changed.
fn still_proved(ctx: &Ctx, tx: &mut Tx<'_>, user: Option<User>, proof: &Proof) -> Result<(), Fault> {
    let user = user.ok_or(Fault::Unauthenticated(Reason::Unknown))?;
    proof.check(&user)?;
    if user.access_failed_count > 0 {
        tx.change(
            Change::new::<User>(user.id, ctx.now).set(User::AccessFailedCount, &0).without_invalidation(),
        )?;
    }
    Ok(())
}

/// Finds the caller behind a cookie.
///
/// # Errors
/// [`Fault::Unauthenticated`] where nobody is signed in with it, or the user may do nothing any more, or has to
/// show a second factor first.
pub async fn find_session(ctx: &Ctx, cookie: &str) -> Result<Caller, Fault> {
    let caller = find_any_session(ctx, cookie).await?;
    if lacks_factor(ctx, &caller) {
        return Err(Fault::Unauthenticated(Reason::SecondFactorMissing));
    }
    Ok(caller)
}

/// Finds the person behind a cookie, who may have to show a second factor before they may do anything else.
///
/// # Errors
/// [`Fault::Unauthenticated`] where nobody is signed in with it, or the user may do nothing any more.
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

/// Whether somebody has to show a second factor, and has not.
pub fn lacks_factor(ctx: &Ctx, caller: &Caller) -> bool {
    let one = caller.session().is_some_and(|session| acr::reached(&session.methods) == acr::ONE_FACTOR);
    one && ctx.settings().sign_in.require_second_factor.applies_to(&caller.user)
}

#[cfg(test)]
mod tests;
