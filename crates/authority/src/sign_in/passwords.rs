//! Passwords: verifying them, the rules for new ones, and rehashing.

use input::Secret;
use input::text::password::prepared;
use model::entities::User;
use store::Change;
use token::TokenHash;
use token::password::PasswordHash;
use zeroize::Zeroizing;

use super::password_slots::Asking;
use crate::{Ctx, Fault};

/// Minimum length of a password, in characters (NIST SP 800-63B, section 5.1.1.2).
pub const MIN_PASSWORD: usize = 8;
/// Maximum length of a password that is hashed, in bytes.
pub(crate) const MAX_PASSWORD: usize = 1024;
/// Minimum score of zxcvbn: more than 10^8 guesses.
const ENOUGH: zxcvbn::Score = zxcvbn::Score::Three;
/// Length of the part of a password that zxcvbn estimates, in characters: its time grows quadratically.
const ESTIMATED: usize = 100;

/// Returns whether a password is that of a user. Without a user, or for a user without a password, it takes the same time.
/// Old hashes are of the password as it was sent, not in its normal form.
///
/// # Errors
/// [`Fault::Unavailable`] if too many passwords wait.
pub(crate) async fn verify(
    ctx: &Ctx,
    who: Asking,
    user: Option<&User>,
    password: &Secret,
) -> Result<bool, Fault> {
    let stored = user.and_then(|user| user.password.as_deref());
    let stored = stored.and_then(|stored| PasswordHash::parse(stored).ok());
    let hash = stored.unwrap_or_else(|| ctx.authority().decoy_password.clone());
    if password.expose().len() > MAX_PASSWORD {
        return Ok(false);
    }
    let sent = password.clone();
    tracing::debug!("a password is verified");
    apart(ctx, who, move || Ok(fits(&hash, &sent) || (is_other(&sent) && hash.verify(sent.expose())))).await
}

/// Returns whether a hash is that of a password in its normal form.
fn fits(hash: &PasswordHash, sent: &Secret) -> bool {
    hash.verify(&normalized(sent))
}

/// Returns whether a password was not sent in its normal form.
fn is_other(sent: &Secret) -> bool {
    *prepared(sent.expose()) != *sent.expose()
}

/// Returns a password in its normal form.
fn normalized(sent: &Secret) -> Zeroizing<String> {
    Zeroizing::new(prepared(sent.expose()).into_owned())
}

/// Returns why a new password is refused, if it is. `about` has words that others know about the user.
///
/// # Errors
/// If the list of breached passwords cannot be read.
pub(crate) async fn fault(ctx: &Ctx, password: &Secret, about: &[&str]) -> Result<Option<Fault>, Fault> {
    let bad = |message: String| Ok(Some(Fault::BadField { field: "password", message }));
    let password = &*normalized(password);
    if password.chars().count() < MIN_PASSWORD || password.len() > MAX_PASSWORD {
        return bad(format!("a password has {MIN_PASSWORD} to {MAX_PASSWORD} characters"));
    }
    if let Some(weakness) = weakness(password, about) {
        return bad(weakness);
    }
    if is_breached(ctx, password).await? {
        return bad("this password was found in a breach; choose another one".to_owned());
    }
    Ok(None)
}

/// Checks and hashes a new password.
///
/// # Errors
/// [`Fault::BadField`] if it is refused.
pub(crate) async fn hash_new(ctx: &Ctx, password: &Secret, about: &[&str]) -> Result<String, Fault> {
    match fault(ctx, password, about).await? {
        None => hash(ctx, password).await,
        Some(fault) => Err(fault),
    }
}

/// Hashes a password in its normal form, at the configured cost.
pub(crate) async fn hash(ctx: &Ctx, password: &Secret) -> Result<String, Fault> {
    let password = normalized(password);
    let (params, random) = (ctx.settings().password_params, ctx.authority().random.clone());
    let hashed =
        apart(ctx, Asking::Known, move || Ok(PasswordHash::hash(&password, params, random.as_ref())?))
            .await?;
    Ok(hashed.to_phc().to_string())
}

/// Hashes a verified password again if its hash has another cost than configured, or is not of the normal form. Returns the
/// user with the present hash.
pub(crate) async fn strengthen(ctx: &Ctx, user: User, password: &Secret) -> Result<User, Fault> {
    let stored = user.password.as_deref().and_then(|stored| PasswordHash::parse(stored).ok());
    let Some(stored) = stored else { return Ok(user) };
    let sent = password.clone();
    let is_of_other_form = is_other(&sent) && {
        let stored = stored.clone();
        !apart(ctx, Asking::Known, move || Ok(fits(&stored, &sent))).await?
    };
    if !is_of_other_form && !stored.needs_rehash(ctx.settings().password_params) {
        return Ok(user);
    }
    let (id, was, new) = (user.id, user.password.clone(), Some(hash(ctx, password).await?));
    let written = new.clone();
    // Unless the user changed the password meanwhile.
    let is_written = ctx.transaction(move |_, tx| {
        let change = Change::silent::<User>(id).set(User::Password, &written);
        Ok(tx.change(change.if_equal(User::Password, &was))?)
    });
    let password = if is_written.await? { new } else { user.password };
    Ok(User { password, ..user })
}

/// Returns why a password is easy to guess, if it is.
fn weakness(password: &str, about: &[&str]) -> Option<String> {
    let beginning: Zeroizing<String> = Zeroizing::new(password.chars().take(ESTIMATED).collect());
    let estimate = zxcvbn::zxcvbn(&beginning, about);
    if estimate.score() >= ENOUGH {
        return None;
    }
    let warning = estimate.feedback().and_then(|feedback| feedback.warning());
    let why =
        warning.map(|warning| format!(": {}", warning.to_string().trim_end_matches('.').to_lowercase()));
    Some(format!(
        "this password is too easy to guess{}; a few unrelated words are better",
        why.unwrap_or_default()
    ))
}

async fn is_breached(ctx: &Ctx, password: &str) -> Result<bool, Fault> {
    if ctx.authority().breach_list.is_none() {
        return Ok(false);
    }
    let (hash, ctx) = (token::digest::sha1(password.as_bytes()), ctx.clone());
    let found = tokio::task::spawn_blocking(move || {
        ctx.authority().breach_list.as_ref().map_or(Ok(false), |list| list.contains(&hash))
    });
    let found = found.await.map_err(|error| Fault::Internal(error.to_string()))?;
    found.map_err(|error| Fault::Internal(format!("reading the list of breached passwords: {error}")))
}

/// Runs costly work on a blocking thread, one at a time.
async fn apart<T: Send + 'static>(
    ctx: &Ctx,
    who: Asking,
    work: impl FnOnce() -> Result<T, Fault> + Send + 'static,
) -> Result<T, Fault> {
    ctx.authority().password_slots.slot_for(who).run(work).await
}

/// Returns the mark of the present password: a hash of its hash.
pub(crate) fn password_mark(user: &User) -> Option<String> {
    user.password.as_ref().map(|hash| TokenHash::new(hash).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_guess_is_refused() {
        let about = ["winter.ada", "Ada Winter", "ada@example.org"];
        for weak in ["password1", "qwertyuiop", "winter.ada", "ada winter 1", "aaaaaaaaaaaaaaaa", "19840101"]
        {
            assert!(weakness(weak, &about).is_some(), "{weak}");
        }
        for good in ["four plain words here", "kX8#mw2!Qz", &"long words ".repeat(80)] {
            assert_eq!(weakness(good, &about), None, "{good}");
        }
        assert!(weakness("password1", &[]).unwrap().contains("too easy to guess: "));
    }
}
