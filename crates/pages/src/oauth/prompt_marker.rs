//! The mark in the address of an authorization request: the times at which the request arrived and a page was shown for it.
//!
//! It is authenticated together with its request, so the server stores nothing. With it, `prompt=login` and
//! `prompt=select_account` end after one page, and the user has time: a request that expires soon (RFC 9101, RFC 9126) must be
//! valid on arrival, not when the user decides.

use authority::Ctx;
use data_encoding::BASE64URL_NOPAD;
use flows::authorization::INTERACTION;
use model::Timestamp;

use crate::redirects::is_mark;

/// The parameter.
const MARK: &str = "grantor_shown";
const PURPOSE: &str = "authorization request shown";

/// The content of a mark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Mark {
    /// When the request arrived.
    pub(super) arrived: Option<Timestamp>,
    /// When a page to sign in or to choose an account was shown for this request.
    pub(super) shown: Option<Timestamp>,
}

impl Mark {
    /// Reads the mark of a query. A mark that is forged, of another request, or too old is ignored.
    pub(super) fn read(ctx: &Ctx, query: &str) -> Self {
        read(ctx, query).unwrap_or_default()
    }

    /// Returns the query of the request with a mark of its arrival.
    pub(super) fn kept(self, ctx: &Ctx, query: &str) -> String {
        let query = without(query);
        let arrived = self.arrived.unwrap_or(ctx.now).micros();
        let shown = self.shown.map_or_else(String::new, |shown| shown.micros().to_string());
        let times = format!("{arrived}.{shown}");
        let code = BASE64URL_NOPAD.encode(&ctx.authenticate(PURPOSE, &marked(&times, &query)));
        format!("{query}&{MARK}={times}.{code}")
    }

    /// Returns the query with a mark that a page is shown for the request now.
    pub(super) fn shown(self, ctx: &Ctx, query: &str) -> String {
        Self { shown: Some(ctx.now), ..self }.kept(ctx, query)
    }
}

fn read(ctx: &Ctx, query: &str) -> Option<Mark> {
    let value = query.split('&').find_map(|pair| pair.strip_prefix(MARK)?.strip_prefix('='))?;
    let (times, code) = value.rsplit_once('.')?;
    let expected = BASE64URL_NOPAD.encode(&ctx.authenticate(PURPOSE, &marked(times, &without(query))));
    if !token::digest::same(expected.as_bytes(), code.as_bytes()) {
        return None;
    }
    let (arrived, shown) = times.split_once('.')?;
    let time = |text: &str| text.parse().ok().map(Timestamp::from_micros);
    let (arrived, shown) = (time(arrived)?, time(shown));
    let counts = arrived <= ctx.now && arrived.plus_seconds(INTERACTION) > ctx.now;
    counts.then_some(Mark { arrived: Some(arrived), shown })
}

/// The query as the application sent it.
fn without(query: &str) -> String {
    let own = |pair: &&str| !pair.starts_with(MARK) && !is_mark(pair);
    query.split('&').filter(own).collect::<Vec<_>>().join("&")
}

fn marked(times: &str, query: &str) -> Vec<u8> {
    [times.as_bytes(), b"\n", query.as_bytes()].concat()
}
