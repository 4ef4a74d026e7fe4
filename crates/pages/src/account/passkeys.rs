use authority::sign_in::passkeys;
use authority::{Caller, Fault};
use axum::response::{IntoResponse as _, Redirect, Response};
use model::Uuid;
use store::PasskeyRow;

use super::super::forms::Body;
use super::super::sign_in::answer;
use super::super::views::error::ErrorPage;
use super::super::views::my_sign_in::{NewPasskey, PasskeyLine};
use super::super::views::shell::Section;
use super::super::visitor::Visitor;
use super::PAGE;
use super::authenticator::show_added;

/// A passkey as the page shows it.
pub(super) fn line(passkey: PasskeyRow) -> PasskeyLine {
    PasskeyLine {
        id: passkey.id.to_string(),
        name: passkey.name,
        added: passkey.created_at,
        used: passkey.last_used_at,
    }
}

/// Returns the options for a new passkey, or nothing if passkeys are not available.
pub(super) fn new(
    visitor: &Visitor,
    caller: &Caller,
    known: &[PasskeyRow],
) -> Result<Option<NewPasskey>, Fault> {
    let Some(rp_id) = passkeys::rp_id(visitor.ctx.settings()) else { return Ok(None) };
    let known: Vec<&str> = known.iter().map(|passkey| passkey.credential_id.as_str()).collect();
    Ok(Some(NewPasskey {
        challenge: passkeys::challenge(&visitor.ctx, visitor.browser_context())?,
        rp_id: rp_id.to_owned(),
        user: token::digest::base64url(caller.user.id.as_bytes()),
        login: caller.user.login.clone(),
        known: known.join(" "),
    }))
}

/// Adds a passkey.
pub(crate) async fn add(visitor: Visitor, body: Body) -> Result<Response, Response> {
    let (caller, form) = visitor.sent(PAGE, body)?;
    let (place, name) = (visitor.browser_context(), form.get("name"));
    match passkeys::add(&visitor.ctx, place, caller, name, &answer(&form)).await {
        Ok(added) => Ok(show_added(&visitor, &added, format!("{PAGE}?done=passkey"))),
        Err(Fault::Unauthenticated(reason)) => {
            tracing::info!(?reason, "a passkey was not added");
            Err(visitor.show_error(&ErrorPage::passkey_not_added(visitor.shell(Section::SignIn), PAGE)))
        }
        Err(fault) => Err(visitor.sign_in_or_reject(&fault, PAGE)),
    }
}

/// Removes one.
pub(crate) async fn remove(visitor: Visitor, body: Body) -> Result<Response, Response> {
    let (caller, form) = visitor.sent(PAGE, body)?;
    let removed = match Uuid::parse_str(form.get("passkey")) {
        Ok(id) => passkeys::remove(&visitor.ctx, caller, id).await,
        Err(_) => Err(Fault::NotFound("there is no such passkey".to_owned())),
    };
    removed.map_err(|fault| visitor.sign_in_or_reject(&fault, PAGE))?;
    Ok(Redirect::to("/account?done=passkey-removed").into_response())
}
