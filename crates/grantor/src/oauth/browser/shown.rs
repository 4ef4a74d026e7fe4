//! The mark in the address of an authorization request that says when the person was shown something for it.
//!
//! It makes `prompt=login` and `prompt=select_account` come to an end without anything being kept here: the mark is
//! authenticated together with the request that it belongs to.

use authority::Ctx;
use data_encoding::BASE64URL_NOPAD;
use model::Timestamp;

use crate::pages::is_mark;

/// The parameter.
const SHOWN: &str = "grantor_shown";
const PURPOSE: &str = "authorization request shown";
/// For how long a mark counts, in seconds.
const LIFETIME: i64 = 3600;

/// A request's query with a mark of this moment.
pub(super) fn mark(ctx: &Ctx, query: &str) -> String {
    let query = without(query);
    let time = ctx.now.micros();
    let code = BASE64URL_NOPAD.encode(&ctx.authenticate(PURPOSE, &marked(time, &query)));
    format!("{query}&{SHOWN}={time}.{code}")
}

/// When the person was shown something for this request, if its query says so.
pub(super) fn shown_at(ctx: &Ctx, query: &str) -> Option<Timestamp> {
    let value = query.split('&').find_map(|pair| pair.strip_prefix(SHOWN)?.strip_prefix('='))?;
    let (time, code) = value.split_once('.')?;
    let time = time.parse().ok()?;
    let expected = BASE64URL_NOPAD.encode(&ctx.authenticate(PURPOSE, &marked(time, &without(query))));
    let shown = Timestamp::from_micros(time);
    let counts = shown <= ctx.now && shown.plus_seconds(LIFETIME) > ctx.now;
    (counts && token::digest::same(expected.as_bytes(), code.as_bytes())).then_some(shown)
}

/// The query as the application sent it.
fn without(query: &str) -> String {
    let own = |pair: &&str| !pair.starts_with(SHOWN) && !is_mark(pair);
    query.split('&').filter(own).collect::<Vec<_>>().join("&")
}

fn marked(time: i64, query: &str) -> Vec<u8> {
    [&time.to_be_bytes(), query.as_bytes()].concat()
}
