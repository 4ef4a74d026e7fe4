//! Limits on guessing passwords and second factors.
//!
//! They apply to passwords and codes only, never to tokens, sessions, passkeys and sign-ins at providers. A known browser has
//! its own counters. Unknown browsers are counted by network, by user and network, and by user; each counter allows the next
//! password within a minute.

use input::text::Login;
use model::Uuid;
use model::entities::{AuditEventType, User};
use store::{Change, Counter, Tx};
use token::TokenHash;

use super::attempts::{Attempt, Limit, begin, check};
use super::known_browsers::Known;
use crate::registry::audit::Event;
use crate::{Ctx, Fault};

/// Guesses of a network, for all users.
const NETWORK: Limit = Limit::new("guess/network", 100, 600);
/// Passwords of a user that a network tries.
const PASSWORD_NETWORK: Limit = Limit::new("password/network", 10, 300);
/// Passwords of a user that all unknown browsers try.
const PASSWORD_STRANGERS: Limit = Limit::new("password/strangers", 30, 300);
/// Passwords of a user that a known browser tries.
const PASSWORD_BROWSER: Limit = Limit::new("password/browser", 10, 300);
/// Present passwords that are entered to change the password.
const PASSWORD_SESSION: Limit = Limit::new("password/session", 10, 300);
/// Codes of an authenticator app, of six digits: few attempts, because an attacker with the password could guess one.
/// Recovery codes are too long to guess, and not counted here.
const CODE_NETWORK: Limit = Limit::new("code/network", 10, 9000);
const CODE_STRANGERS: Limit = Limit::new("code/strangers", 30, 9000);
const CODE_BROWSER: Limit = Limit::new("code/browser", 10, 9000);
/// Codes that are entered after one password; then the password is needed again.
const CODE_SIGN_IN: Limit = Limit::new("code/sign-in", 5, 600);

/// The limits whose counters are named by a login, whether it exists or not.
const OF_LOGIN: [Limit; 2] = [PASSWORD_NETWORK, PASSWORD_STRANGERS];
/// The limits whose counters are named by a user.
const OF_USER: [Limit; 5] = [PASSWORD_BROWSER, PASSWORD_SESSION, CODE_NETWORK, CODE_STRANGERS, CODE_BROWSER];
/// The limits for which a user counts as locked: those of unknown browsers.
const LOCKS: [Limit; 4] = [PASSWORD_NETWORK, PASSWORD_STRANGERS, CODE_NETWORK, CODE_STRANGERS];

/// The minimum time between two events that a user is locked, in seconds.
const LOCK_EVENT_INTERVAL: i64 = 600;

/// The kind of a code.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum CodeKind {
    /// Six digits of an authenticator app.
    OneTime,
    /// A recovery code.
    Recovery,
}

/// Counts a password, before it is verified. Unknown logins are counted like existing ones, so a refusal does not disclose
/// whether a login exists.
///
/// # Errors
/// [`Fault::TooManyAttempts`].
pub(crate) async fn begin_password(
    ctx: &Ctx,
    login: &str,
    user: Option<&User>,
    known: Option<&Known>,
) -> Result<Attempt, Fault> {
    if let (Some(user), Some(known)) = (user, known) {
        return begin(ctx, vec![browser_counter(PASSWORD_BROWSER, user.id, known)]).await;
    }
    let whose = named(login);
    let counters = vec![
        NETWORK.network_counter(ctx),
        network_counter(ctx, PASSWORD_NETWORK, &whose),
        PASSWORD_STRANGERS.counter(whose),
    ];
    begin(ctx, counters).await
}

/// Counts the present password that a signed-in user enters.
///
/// # Errors
/// [`Fault::TooManyAttempts`].
pub(crate) async fn begin_present_password(ctx: &Ctx, user: Uuid) -> Result<Attempt, Fault> {
    begin(ctx, vec![PASSWORD_SESSION.counter(user)]).await
}

/// Counts a code that is entered after the first factor that `sign_in` names.
///
/// # Errors
/// [`Fault::TooManyAttempts`].
pub(crate) async fn begin_code(
    ctx: &Ctx,
    user: Uuid,
    sign_in: &str,
    kind: CodeKind,
    known: Option<&Known>,
) -> Result<Attempt, Fault> {
    let mut counters = match (known, kind) {
        (Some(_), CodeKind::Recovery) => Vec::new(),
        (Some(known), CodeKind::OneTime) => vec![browser_counter(CODE_BROWSER, user, known)],
        (None, CodeKind::Recovery) => vec![NETWORK.network_counter(ctx)],
        (None, CodeKind::OneTime) => vec![
            NETWORK.network_counter(ctx),
            network_counter(ctx, CODE_NETWORK, &user.to_string()),
            CODE_STRANGERS.counter(user),
        ],
    };
    counters.push(CODE_SIGN_IN.counter(TokenHash::new(sign_in)));
    begin(ctx, counters).await
}

/// Returns whether another code may be entered after the first factor that `sign_in` names.
pub(crate) async fn may_enter_code(ctx: &Ctx, sign_in: &str) -> Result<bool, Fault> {
    match check(ctx, &[CODE_SIGN_IN.counter(TokenHash::new(sign_in))]).await {
        Ok(()) => Ok(true),
        Err(Fault::TooManyAttempts(_)) => Ok(false),
        Err(fault) => Err(fault),
    }
}

fn network_counter(ctx: &Ctx, limit: Limit, whose: &str) -> Counter {
    limit.counter(format!("{whose}/{}", ctx.address.network()))
}

fn browser_counter(limit: Limit, user: Uuid, known: &Known) -> Counter {
    limit.counter(format!("{user}/{}", known.id))
}

/// Returns the name of a login's counters. All spellings of a login have the same counters, whether the login exists or not.
fn named(login: &str) -> String {
    let login = login.trim();
    let canonical = Login::canonical(login).map_or_else(|| login.to_lowercase(), String::from);
    TokenHash::new(&canonical).to_string()
}

/// Records a wrong password or code of a user in `AccessFailedCount` and `LockoutEndUtc`, for administrators. These values
/// have no effect on sign-ins.
pub(crate) async fn note_failure(ctx: &Ctx, id: Uuid, attempt: &Attempt) -> Result<(), Fault> {
    let until = attempt.refused_until(ctx, &LOCKS);
    ctx.transaction(move |ctx, tx| {
        tx.change(
            Change::new::<User>(id, ctx.now).increment(User::AccessFailedCount).without_invalidation(),
        )?;
        Event::for_user(AuditEventType::SignInFailed, id).note(ctx, tx)?;
        let Some(until) = until else { return Ok(()) };
        let before = tx.find::<User>(id)?.and_then(|user| user.lockout_end_utc);
        tx.change(
            Change::new::<User>(id, ctx.now).set(User::LockoutEndUtc, &Some(until)).without_invalidation(),
        )?;
        if before.is_some_and(|before| before.plus_seconds(LOCK_EVENT_INTERVAL) > ctx.now) {
            return Ok(());
        }
        Event::for_user(AuditEventType::SignInLocked, id).with("until", until.to_string()).note(ctx, tx)
    })
    .await
}

/// Removes all counters of the password and codes of a user.
pub(crate) fn forget(tx: &mut Tx<'_>, user: &User) -> Result<(), Fault> {
    let of_login = OF_LOGIN.map(|limit| limit.counter(named(&user.login)));
    for counter in of_login.into_iter().chain(OF_USER.map(|limit| limit.counter(user.id))) {
        tx.remove_attempts(&counter.name)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// After an attack, the next password is allowed within a minute; codes are limited more.
    #[test]
    fn passwords_are_allowed_again_within_a_minute() {
        for limit in [NETWORK, PASSWORD_NETWORK, PASSWORD_STRANGERS, PASSWORD_BROWSER, PASSWORD_SESSION] {
            assert!(limit.counter("user").interval <= 60_000_000, "{limit:?}");
        }
        for limit in [CODE_NETWORK, CODE_STRANGERS, CODE_BROWSER] {
            let interval = limit.counter("user").interval;
            assert!((300_000_000..=900_000_000).contains(&interval), "{limit:?}");
        }
    }

    /// Guesses at all spellings of a login are counted together.
    #[test]
    fn a_login_has_one_name_in_every_spelling() {
        for (typed, login) in
            [("\u{ff42}\u{ff45}\u{ff4e}", "ben"), ("BEN", "ben"), (" ben ", "ben"), ("e\u{301}", "\u{e9}")]
        {
            assert_eq!(named(typed), named(login), "{typed}");
        }
        // One that no new user can have.
        assert_eq!(named("A B"), named("a b"));
        assert_ne!(named("ben"), named("zed"));
    }

    /// One network alone cannot exhaust the limits of all unknown browsers.
    #[test]
    fn one_network_leaves_others_their_share() {
        for (one, all) in [(PASSWORD_NETWORK, PASSWORD_STRANGERS), (CODE_NETWORK, CODE_STRANGERS)] {
            let (one, all) = (one.counter("user"), all.counter("user"));
            assert!(one.most < all.most && one.interval > all.interval, "{one:?} {all:?}");
        }
    }
}
