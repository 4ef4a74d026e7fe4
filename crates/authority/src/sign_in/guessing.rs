//! How often passwords and second factors may be guessed, by whom.
//!
//! These limits close the one way by which somebody guesses, and nothing else: tokens, sessions, passkeys and sign-ins at
//! providers never ask them. A browser that signed in before has counters of its own. A stranger is counted by network,
//! by user and network, and by user; after the last wrong guess, each allows the next within a minute.

use input::text::Login;
use model::Uuid;
use model::entities::{AuditEventType, User};
use store::{Change, Counter, Tx};
use token::TokenHash;

use super::attempts::{Attempt, Limit, begin, check};
use super::known_browsers::Known;
use crate::registry::audit::Event;
use crate::{Ctx, Fault};

/// Guesses of one network, whosever password or code it is.
const NETWORK: Limit = Limit::new("guess/network", 100, 600);
/// Passwords of one user that one network tries.
const PASSWORD_NETWORK: Limit = Limit::new("password/network", 10, 300);
/// Passwords of one user that all strangers try together.
const PASSWORD_STRANGERS: Limit = Limit::new("password/strangers", 30, 300);
/// Passwords of one user that a browser tries in which they signed in before.
const PASSWORD_BROWSER: Limit = Limit::new("password/browser", 10, 300);
/// The present password, which a session has to enter to change it.
const PASSWORD_SESSION: Limit = Limit::new("password/session", 10, 300);
/// Six digits are soon guessed by whoever has the password, so strangers get few. Recovery codes, which nobody guesses,
/// are not counted here.
const CODE_NETWORK: Limit = Limit::new("code/network", 10, 9000);
const CODE_STRANGERS: Limit = Limit::new("code/strangers", 30, 9000);
const CODE_BROWSER: Limit = Limit::new("code/browser", 10, 9000);
/// Codes that are entered after one password; then the password is asked for again.
const CODE_SIGN_IN: Limit = Limit::new("code/sign-in", 5, 600);

/// The limits whose counters are named by a login, whether somebody has it or not.
const OF_LOGIN: [Limit; 2] = [PASSWORD_NETWORK, PASSWORD_STRANGERS];
/// The limits whose counters are named by a user.
const OF_USER: [Limit; 5] = [PASSWORD_BROWSER, PASSWORD_SESSION, CODE_NETWORK, CODE_STRANGERS, CODE_BROWSER];
/// The limits for which a user counts as locked: those of new browsers.
const LOCKS: [Limit; 4] = [PASSWORD_NETWORK, PASSWORD_STRANGERS, CODE_NETWORK, CODE_STRANGERS];

/// For how long an event says that a user is locked, before another one is written, in seconds.
const SAID: i64 = 600;

/// What a code is guessed at with.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum CodeKind {
    /// Six digits of an authenticator app.
    OneTime,
    /// A recovery code.
    Recovery,
}

/// Counts a password that somebody enters with a login, before it is looked at. A login that nobody has is counted as if
/// somebody had it, so a refusal tells nothing.
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

/// Counts the present password that somebody enters who is signed in.
///
/// # Errors
/// [`Fault::TooManyAttempts`].
pub(crate) async fn begin_present_password(ctx: &Ctx, user: Uuid) -> Result<Attempt, Fault> {
    begin(ctx, vec![PASSWORD_SESSION.counter(user)]).await
}

/// Counts a code that somebody enters whose first factor was shown by `sign_in`.
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

/// Whether another code may be entered after the first factor that `sign_in` shows.
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

/// Returns the name of a login's counters. Every spelling by which a user is found has the same counters, whether there is
/// such a user or not; so the counters tell nothing.
fn named(login: &str) -> String {
    let login = login.trim();
    let canonical = Login::canonical(login).map_or_else(|| login.to_lowercase(), String::from);
    TokenHash::new(&canonical).to_string()
}

/// Notes a wrong password or code of a user. Nothing here decides: `AccessFailedCount` and `LockoutEndUtc` tell
/// administrators what happens.
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
        if before.is_some_and(|before| before.plus_seconds(SAID) > ctx.now) {
            return Ok(());
        }
        Event::for_user(AuditEventType::SignInLocked, id).with("until", until.to_string()).note(ctx, tx)
    })
    .await
}

/// Forgets all guesses at the password and the codes of a user.
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

    /// After an attack on a password, nobody waits longer than a minute; codes are scarcer.
    #[test]
    fn passwords_are_allowed_again_within_a_minute() {
        for limit in [NETWORK, PASSWORD_NETWORK, PASSWORD_STRANGERS, PASSWORD_BROWSER, PASSWORD_SESSION] {
            assert!(limit.counter("somebody").interval <= 60_000_000, "{limit:?}");
        }
        for limit in [CODE_NETWORK, CODE_STRANGERS, CODE_BROWSER] {
            let interval = limit.counter("somebody").interval;
            assert!((300_000_000..=900_000_000).contains(&interval), "{limit:?}");
        }
    }

    /// Guesses at every spelling of a login are counted together, whether there is such a user or not.
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

    /// One network alone uses up neither what others have at the password nor what they have at the codes.
    #[test]
    fn one_network_leaves_others_their_share() {
        for (one, all) in [(PASSWORD_NETWORK, PASSWORD_STRANGERS), (CODE_NETWORK, CODE_STRANGERS)] {
            let (one, all) = (one.counter("somebody"), all.counter("somebody"));
            assert!(one.most < all.most && one.interval > all.interval, "{one:?} {all:?}");
        }
    }
}
