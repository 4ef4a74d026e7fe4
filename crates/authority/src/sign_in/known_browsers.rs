//! Browsers in which somebody signed in before ("device cookies" of the OWASP Authentication Cheat Sheet). Each has a
//! counter of its own for wrong passwords and codes, so guesses of strangers do not keep its owner out.
//!
//! A browser keeps a sealed cookie that names the user; here, only the counter is kept. The cookie opens nothing. It is
//! worth nothing once the password is another one: whoever knew the former password must not keep a place of their own.

use model::entities::User;
use model::{Timestamp, Uuid};
use serde::{Deserialize, Serialize};

use super::passwords::password_mark;
use crate::{Ctx, Fault};

/// For how long a browser is known after the last sign-in, in seconds.
pub const LIFETIME: i64 = 180 * 24 * 3600;
/// How many users one browser may be known for; the one who signed in last comes first.
const MOST: usize = 4;
const PLACE: &[u8] = b"users known in a browser";

/// One user who signed in, in one browser.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Known {
    user: Uuid,
    /// Names the counter.
    pub(crate) id: Uuid,
    /// The mark of the password with which the browser is known.
    password: Option<String>,
    /// When they signed in last, in microseconds.
    at: i64,
}

/// Reads a cookie: those who are known by it. One that cannot be opened is worth as much as none: its browser is a
/// stranger.
fn open(ctx: &Ctx, cookie: Option<&str>) -> Vec<Known> {
    let opened = cookie.and_then(|cookie| ctx.authority().keyring.open(cookie, PLACE).ok());
    let known: Option<Vec<Known>> = opened.and_then(|text| serde_json::from_slice(&text).ok());
    let mut known = known.unwrap_or_default();
    known.retain(|known| Timestamp::from_micros(known.at).plus_seconds(LIFETIME) > ctx.now);
    known
}

impl Known {
    /// What a browser is known by, where this user signed in there with the password that they have now.
    pub(crate) fn find(ctx: &Ctx, cookie: Option<&str>, user: &User) -> Option<Self> {
        let mark = password_mark(user);
        open(ctx, cookie).into_iter().find(|known| known.user == user.id && known.password == mark)
    }

    /// The cookie of a browser in which somebody has just signed in. A browser that is known already keeps its counter.
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
        known.truncate(MOST);
        let text = serde_json::to_vec(&known)?;
        Ok(ctx.authority().keyring.seal(&text, PLACE, ctx.random())?)
    }
}
