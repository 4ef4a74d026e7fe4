//! Forms: their fields, and the browser and user to which a form was shown.
//!
//! Every browser has a random, lasting cookie. The value in a form authenticates this cookie and the user to whom the page was
//! shown. It does not depend on the session, so it remains valid when the user signs in again in another tab.

use std::collections::HashSet;

use authority::{Ctx, Fault, Secret};
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, HeaderValue, header};
use model::Uuid;
use token::SystemRandom;
use token::random_id::RandomId;
use web::App;
use web::http::cookies::{LASTING, browser_cookie_name, cookie, set_lasting_cookie};
use web::http::csrf::{self, ShownTo};

/// The body of a form, as far as it could be read.
pub(crate) type Body = Result<Bytes, BytesRejection>;

/// The fields of a form. Each is there once, but for lists of boxes that are checked.
#[derive(Default)]
pub(crate) struct Form(Vec<(String, Secret)>);

/// The fields that may be there more than once.
const REPEATABLE: [&str; 3] = ["scope", "claim", "resource"];

impl Form {
    /// The name of the field with the value against forged forms.
    const VALUE: &str = "csrf";

    /// Takes fields in the order in which they came.
    ///
    /// # Errors
    /// [`Fault::InvalidRequest`] where one is there twice that no page sends twice.
    pub(super) fn new(fields: Vec<(String, String)>) -> Result<Self, Fault> {
        let mut seen = HashSet::new();
        let once = |name: &str| !REPEATABLE.contains(&name);
        if fields.iter().any(|(name, _)| once(name) && !seen.insert(name.as_str())) {
            return Err(Fault::InvalidRequest("a field of the form is there more than once".to_owned()));
        }
        Ok(Self(fields.into_iter().map(|(name, value)| (name, value.into())).collect()))
    }

    /// A field's value; empty where it is missing.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value.expose()).unwrap_or_default()
    }

    /// Returns the secret in a field; empty if it is missing.
    pub(crate) fn secret(&self, name: &str) -> Secret {
        self.get(name).into()
    }

    /// All values of a field.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(own, _)| own == name).map(|(_, value)| value.expose())
    }
}

/// The origin of a form. Every handler of a form covers each case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A page that this browser showed to the signed-in user, or a page without a user while no user is signed in.
    Current,
    /// A page that this browser showed to a user; no user is signed in now.
    SignedOut,
    /// A page that this browser showed to another user, or before the sign-in.
    OtherPerson,
    /// A page of this site according to the browser, but the browser lost its cookie or has another one.
    LostCookie,
    /// Another site, another browser, or no page at all.
    Foreign,
}

/// The cookie of a browser.
pub(super) struct BrowserCookie {
    secret: String,
    /// The header that sets it, where the browser had none.
    pub(super) new: Option<HeaderValue>,
}

impl BrowserCookie {
    /// Returns the cookie that a request carries, or a new one.
    pub(super) fn from_headers(app: &App, headers: &HeaderMap) -> Self {
        let name = browser_cookie_name(app);
        if let Some(known) = cookie(headers, name).filter(|value| RandomId::parse(value).is_ok()) {
            return Self { secret: known.to_owned(), new: None };
        }
        // Without randomness the cookie is empty, and no form is accepted.
        let secret = RandomId::generate(&SystemRandom).map(|id| id.expose().to_owned()).unwrap_or_default();
        let new = set_lasting_cookie(app, name, &secret, LASTING);
        Self { secret, new }
    }

    /// The cookie's secret.
    pub(super) fn secret(&self) -> &str {
        &self.secret
    }

    /// Returns the anti-forgery value of forms that this browser shows to a user, or without a user.
    pub(crate) fn value(&self, ctx: &Ctx, user: Option<Uuid>) -> String {
        csrf::value(ctx, &self.secret, user)
    }

    /// Returns where a form comes from that was sent by this browser while `user` uses it.
    pub(super) fn origin(&self, ctx: &Ctx, form: &Form, user: Option<Uuid>, sender: Sender) -> Origin {
        match (sender, csrf::shown_to(ctx, &self.secret, form.get(Form::VALUE))) {
            (Sender::OtherSite, _) | (Sender::Unnamed, None) => Origin::Foreign,
            (Sender::ThisSite, None) => Origin::LostCookie,
            (Sender::ThisSite | Sender::Unnamed, Some(ShownTo(shown))) => match (shown, user) {
                (shown, now) if shown == now => Origin::Current,
                (Some(_), None) => Origin::SignedOut,
                (_, _) => Origin::OtherPerson,
            },
        }
    }
}

/// The site that sent a form, according to the browser.
#[derive(Clone, Copy)]
pub(super) enum Sender {
    /// This one.
    ThisSite,
    /// Another one.
    OtherSite,
    /// Unknown: old browsers and programs send no such header.
    Unnamed,
}

impl Sender {
    /// Reads `Sec-Fetch-Site` and `Origin`; both have to agree that it was this site.
    pub(super) fn from_headers(ctx: &Ctx, headers: &HeaderMap) -> Self {
        let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
        let origin = headers.get(header::ORIGIN).map(HeaderValue::as_bytes);
        let is_same = |site: &[u8]| matches!(site, b"same-origin" | b"none");
        if site.is_some_and(|site| !is_same(site))
            || origin.is_some_and(|origin| !is_own(ctx, headers, origin))
        {
            return Self::OtherSite;
        }
        // `none` is a navigation outside of pages, for example from a bookmark: it names no site.
        if site == Some(b"same-origin") || origin.is_some() { Self::ThisSite } else { Self::Unnamed }
    }
}

/// Returns whether an origin is this site: by the public address, or by the name under which the browser reached the program.
fn is_own(ctx: &Ctx, headers: &HeaderMap, origin: &[u8]) -> bool {
    let public = ctx.settings().public_url.as_bytes();
    let host = headers.get(header::HOST).map(HeaderValue::as_bytes);
    let named = [&b"http://"[..], b"https://"].iter().find_map(|scheme| origin.strip_prefix(*scheme));
    origin.eq_ignore_ascii_case(public) || (named.is_some() && named == host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_there_once() {
        let form = |names: &[&str]| {
            Form::new(names.iter().map(|name| ((*name).to_owned(), "x".to_owned())).collect())
        };
        for good in
            [&["csrf", "login"][..], &["scope", "scope", "claim", "claim", "resource", "resource"], &[]]
        {
            assert!(form(good).is_ok(), "{good:?}");
        }
        for bad in
            [&["login", "password", "login"][..], &["csrf", "csrf"], &["scope", "decision", "decision"]]
        {
            assert!(form(bad).is_err(), "{bad:?}");
        }
    }
}
