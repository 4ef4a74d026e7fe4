//! Browsers in which a user signed in before ("device cookies" of the OWASP Authentication Cheat Sheet). Each has its own
//! counters for wrong passwords and codes, so guesses of others do not lock its user out.
//!
//! The browser has a sealed cookie that names its users; the store has only the counters. The cookie authenticates nothing. It
//! is void once the password was changed: an attacker who knew the former password must not keep separate counters.

use model::entities::User;
use model::{Timestamp, Uuid};
use serde::{Deserialize, Serialize};

use super::passwords::password_mark;
use crate::{Ctx, Fault};

/// How long a browser is known after the last sign-in, in seconds.
pub const LIFETIME: i64 = 180 * 24 * 3600;
/// Maximum number of users of a browser; the user who signed in last comes first.
const MAX_USERS: usize = 4;
const PLACE: &[u8] = b"users known in a browser";

/// A user of a browser.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Known {
    user: Uuid,
    /// Names the counter.
    pub(crate) id: Uuid,
    /// The mark of the password with which the browser is known.
    password: Option<String>,
    /// The time of the last sign-in, in microseconds.
    at: i64,
}

/// Returns the users of a cookie. A browser whose cookie cannot be decrypted is unknown.
fn open(ctx: &Ctx, cookie: Option<&str>) -> Vec<Known> {
    let opened = cookie.and_then(|cookie| ctx.authority().keyring.open(cookie, PLACE).ok());
    let known: Option<Vec<Known>> = opened.and_then(|text| serde_json::from_slice(&text).ok());
    let mut known = known.unwrap_or_default();
    known.retain(|known| Timestamp::from_micros(known.at).plus_seconds(LIFETIME) > ctx.now);
    known
}

impl Known {
    /// Finds a user in the cookie, if the browser is known with the present password.
    pub(crate) fn find(ctx: &Ctx, cookie: Option<&str>, user: &User) -> Option<Self> {
        let mark = password_mark(user);
        open(ctx, cookie).into_iter().find(|known| known.user == user.id && known.password == mark)
    }

    /// Returns the cookie after a sign-in. A browser that is known already keeps its counters.
    pub(crate) fn add(
        ctx: &Ctx,
        cookie: Option<&str>,
        user: Uuid,
        password: Option<String>,
    ) -> Result<String, Fault> {
        let mut known = open(ctx, cookie);
        let own = known.iter().position(|known| known.user == user).map(|place| known.remove(place));
        let own = own.filter(|own| own.password == password);
        let id = own.map_or_else(|| ctx.new_id(), |own| Ok(own.id))?;
        known.insert(0, Self { user, id, password, at: ctx.now.micros() });
        known.truncate(MAX_USERS);
        let text = serde_json::to_vec(&known)?;
        Ok(ctx.authority().keyring.seal(&text, PLACE, ctx.random())?)
    }
}
