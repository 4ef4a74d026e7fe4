//! The value that protects a form against forgery: it authenticates the cookie of the browser together with the user to whom the
//! page was shown. GraphQL requires it as well if the cookie of the pages is the only credential.

use authority::Ctx;
use axum::http::HeaderMap;
use model::Uuid;
use token::digest::{base64url, from_base64url};

use super::cookies::{browser_cookie_name, cookie};
use crate::state::App;

/// The user to whom a form was shown, if there was one.
pub struct ShownTo(pub Option<Uuid>);

const PURPOSE: &str = "form of a page";

/// Returns the value for forms in the browser with this secret, for a user or without one.
pub fn value(ctx: &Ctx, secret: &str, person: Option<Uuid>) -> String {
    let person = person.unwrap_or_default();
    base64url(
        &[person.as_bytes().as_slice(), &ctx.authenticate(PURPOSE, &authenticated(secret, person))].concat(),
    )
}

/// Returns the user to whom the form of a value was shown, if it was shown in the browser with this secret.
pub fn shown_to(ctx: &Ctx, secret: &str, value: &str) -> Option<ShownTo> {
    let bytes = from_base64url(value)?;
    let (person, code) = bytes.split_first_chunk::<16>()?;
    let person = Uuid::from_bytes(*person);
    let good = !secret.is_empty() && ctx.is_authentic(PURPOSE, &authenticated(secret, person), code);
    good.then(|| ShownTo(Some(person).filter(|person| !person.is_nil())))
}

/// The secret comes last: it is the part of variable length.
fn authenticated(secret: &str, person: Uuid) -> Vec<u8> {
    [person.as_bytes().as_slice(), secret.as_bytes()].concat()
}

/// Returns whether a value belongs to a form that the browser with these cookies showed to `person`.
pub fn is_value_of(app: &App, ctx: &Ctx, headers: &HeaderMap, person: Uuid, value: &str) -> bool {
    let secret = cookie(headers, browser_cookie_name(app)).unwrap_or_default();
    shown_to(ctx, secret, value).is_some_and(|ShownTo(shown)| shown == Some(person))
}
