//! Signing in to the pages, and out.

use model::entities::User;
use model::{Uuid, Value};
use store::{Change, SessionRow, StoreError};
use token::TokenHash;
use token::password::PasswordHash;
use token::random_id::RandomId;

use crate::live::check_user;
use crate::{Caller, Ctx, Fault, Reason};

/// Somebody who just signed in: the secret of their cookie, and the session.
pub struct SignedIn {
    /// The secret that the cookie holds.
    pub secret: RandomId,
    /// The session.
    pub session: SessionRow,
}

/// The method of whoever enters a password (RFC 8176, section 2).
pub const PASSWORD: &str = "pwd";
/// The longest password that is looked at, in bytes: hashing has its price.
pub const MAX_PASSWORD: usize = 1024;

/// Signs somebody in with name and password. Whoever was signed in `before` and proves it once more stays in the same
/// session, under a new secret; somebody else begins another. An unknown name costs as much time as a wrong password, and is told the same.
///
/// # Errors
/// [`Fault::Unauthenticated`] where they do not fit, or the user cannot sign in or is locked;
/// [`Fault::TooManyAttempts`] where too many sign-ins failed from the same network.
pub async fn sign_in(
    ctx: &Ctx,
    before: Option<&Caller>,
    login: &str,
    password: &str,
) -> Result<SignedIn, Fault> {
    let attempts = &ctx.authority().sign_in_attempts;
    attempts.begin(ctx.address, ctx.now)?;
    let signed_in = sign_in_unlimited(ctx, before, login, password).await;
    if signed_in.is_ok() {
        attempts.succeed(ctx.address);
    }
    signed_in
}

async fn sign_in_unlimited(
    ctx: &Ctx,
    before: Option<&Caller>,
    login: &str,
    password: &str,
) -> Result<SignedIn, Fault> {
    let key = Value::Text(login.trim().to_owned());
    let user: Option<User> = ctx.store().read(move |read| read.find_by(User::Login, &key)).await?;
    let stored = user.as_ref().and_then(|user| user.password.as_deref());
    let fits = verify(ctx, stored, password).await?;
    let user = user.ok_or(Fault::Unauthenticated(Reason::Unknown))?;
    if !user.user_type.can_sign_in() {
        return Err(Fault::Unauthenticated(Reason::UserInactive));
    }
    check_user(&user, ctx.now).map_err(Fault::Unauthenticated)?;
    if !fits {
        note_failure(ctx, user.id).await?;
        return Err(Fault::Unauthenticated(Reason::Unknown));
    }
    open_session(ctx, before.and_then(Caller::session), user.id, PASSWORD).await
}

async fn verify(ctx: &Ctx, stored: Option<&str>, password: &str) -> Result<bool, Fault> {
    let stored = stored.and_then(|stored| PasswordHash::parse(stored).ok());
    let hash = stored.unwrap_or_else(|| ctx.authority().decoy_password.clone());
    let password = zeroize::Zeroizing::new(password.to_owned());
    if password.len() > MAX_PASSWORD {
        return Ok(false);
    }
    let slots = &ctx.authority().password_slots;
    let _slot = slots.acquire().await.map_err(|error| Fault::Unavailable(error.to_string()))?;
    let verified = tokio::task::spawn_blocking(move || hash.verify(&password)).await;
    verified.map_err(|error| Fault::Internal(error.to_string()))
}

/// Counts a wrong password; too many in a row lock the user for a while. Many at once count as many.
async fn note_failure(ctx: &Ctx, id: Uuid) -> Result<(), Fault> {
    ctx.transaction(move |ctx, tx| {
        let settings = ctx.settings();
        tx.change(Change::of::<User>(id, ctx.now).increment(User::AccessFailedCount).unnoticed())?;
        let failed = tx.find::<User>(id)?.map_or(0, |user| user.access_failed_count);
        if failed > 0 && failed % settings.lockout_threshold == 0 {
            let end = ctx.now.plus_seconds(settings.lockout_duration);
            tx.change(Change::of::<User>(id, ctx.now).set(User::LockoutEndUtc, &Some(end)))?;
        }
        Ok(())
    })
    .await
}

pub(crate) async fn open_session(
    ctx: &Ctx,
    before: Option<&SessionRow>,
    user: Uuid,
    methods: &str,
) -> Result<SignedIn, Fault> {
    let secret = RandomId::generate(ctx.random())?;
    let own = before.filter(|before| before.user_id == user);
    let session = SessionRow {
        id: own.map_or_else(|| ctx.new_id(), |own| Ok(own.id))?,
        secret_hash: secret.hash().to_string(),
        csrf: RandomId::generate(ctx.random())?.expose().to_owned(),
        user_id: user,
        address: ctx.address.to_string(),
        created_at: own.map_or(ctx.now, |own| own.created_at),
        authenticated_at: ctx.now,
        methods: methods.to_owned(),
        expires_at: ctx.now.plus_seconds(ctx.settings().session_lifetime),
    };
    let row = session.clone();
    let former = before.filter(|before| before.user_id != user).map(|before| before.id);
    ctx.transaction(move |ctx, tx| {
        if let Some(former) = former {
            tx.remove_session(former)?;
        }
        // Others may have guessed meanwhile, and locked the user.
        let user: Option<User> = tx.find(row.user_id)?;
        let user = user.ok_or(Fault::Unauthenticated(Reason::Unknown))?;
        check_user(&user, ctx.now).map_err(Fault::Unauthenticated)?;
        if user.access_failed_count > 0 {
            tx.change(Change::of::<User>(user.id, ctx.now).set(User::AccessFailedCount, &0).unnoticed())?;
        }
        if !tx.renew_session(&row)? {
            tx.insert_session(&row)?;
        }
        Ok(())
    })
    .await?;
    Ok(SignedIn { secret, session })
}

/// Finds the caller behind a cookie.
///
/// # Errors
/// [`Fault::Unauthenticated`] where nobody is signed in with it, or the user may do nothing any more.
pub async fn find_session(ctx: &Ctx, cookie: &str) -> Result<Caller, Fault> {
    let unknown = || Fault::Unauthenticated(Reason::Unknown);
    let secret = RandomId::parse(cookie).map_err(|_| unknown())?;
    let (hash, now): (TokenHash, _) = (secret.hash(), ctx.now);
    let found = ctx.store().read(move |read| {
        let Some(session) = read.find_session(&hash.to_string(), now)? else { return Ok(None) };
        let user: Option<User> = read.find(session.user_id)?;
        Ok::<_, StoreError>(user.map(|user| (session, user)))
    });
    let (session, user) = found.await?.ok_or_else(unknown)?;
    Caller::from_session(ctx, session, user)
}
