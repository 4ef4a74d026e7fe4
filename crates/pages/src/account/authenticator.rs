use authority::sign_in::authenticator::{self, Added, pending};
use authority::sign_in::recovery_codes::renew;
use authority::sign_in::second_factor::require_fresh;
use authority::{Caller, Fault};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use token::recovery_code::RecoveryCode;

use super::super::forms::{Body, Form};
use super::super::sentences::sentence;
use super::super::sign_in::{enter, local_path, with_session};
use super::super::views::my_sign_in::{AuthenticatorPage, QrCode, RecoveryCodesPage};
use super::super::views::shell::Section;
use super::super::visitor::{Visitor, see_other};
use super::{PAGE, qr};

const HERE: &str = "/account/authenticator";

/// Returns the user who may add an app, even before the sign-in is complete.
fn eligible_user(visitor: &Visitor) -> Result<&Caller, Response> {
    visitor.present().ok_or_else(|| see_other("/signin", &[("return_to", HERE)]))
}

/// Returns the page that follows.
fn next_step(asked: &str) -> String {
    if asked.is_empty() { PAGE.to_owned() } else { local_path(asked) }
}

/// The page to add an app.
pub(crate) async fn show(visitor: Visitor) -> Result<Response, Response> {
    let return_to = next_step(&visitor.parameter("return_to").unwrap_or_default());
    Ok(page(&visitor, eligible_user(&visitor)?, StatusCode::OK, return_to, None).await)
}

async fn page(
    visitor: &Visitor,
    caller: &Caller,
    status: StatusCode,
    return_to: String,
    error: Option<String>,
) -> Response {
    let secret = async {
        require_fresh(&visitor.ctx, caller).await?;
        pending(&visitor.ctx, caller).await
    };
    let secret = match secret.await {
        Ok(secret) => secret,
        Err(fault) => return visitor.sign_in_or_reject(&fault, HERE),
    };
    let url = &visitor.ctx.settings().public_url;
    let issuer = url.split_once("://").map_or(url.as_str(), |(_, host)| host);
    let code = secret.and_then(|secret| {
        let (path, size) = qr::path(&secret.to_uri(issuer, &caller.user.login))?;
        Some(QrCode { path, size, secret: secret.to_text().to_string() })
    });
    let (shell, required) = (visitor.shell(Section::SignIn), visitor.pending_mfa.is_some());
    visitor.show(status, &AuthenticatorPage { shell, required, code, return_to, error })
}

/// Reads a form of a user who may add an app.
fn sent(visitor: &Visitor, body: Body) -> Result<(&Caller, Form), Response> {
    let caller = eligible_user(visitor)?;
    Ok((caller, visitor.sent_as_shown(HERE, body)?))
}

/// Creates a secret for an app.
pub(crate) async fn begin(visitor: Visitor, body: Body) -> Result<Response, Response> {
    let (caller, form) = sent(&visitor, body)?;
    let begun = authenticator::begin(&visitor.ctx, caller).await;
    begun.map_err(|fault| visitor.sign_in_or_reject(&fault, HERE))?;
    Ok(see_other(HERE, &[("return_to", &next_step(form.get("return_to")))]))
}

/// Adds the app, once it shows the right code.
pub(crate) async fn confirm(visitor: Visitor, body: Body) -> Result<Response, Response> {
    let (caller, form) = sent(&visitor, body)?;
    let return_to = next_step(form.get("return_to"));
    match authenticator::confirm(&visitor.ctx, visitor.browser_context(), caller, &form.secret("code")).await
    {
        Ok(added) => Ok(show_added(&visitor, &added, return_to)),
        Err(Fault::BadField { message, .. }) => {
            Ok(page(&visitor, caller, StatusCode::BAD_REQUEST, return_to, Some(sentence(&message))).await)
        }
        Err(fault) => Err(visitor.sign_in_or_reject(&fault, HERE)),
    }
}

/// Redirects after an addition; new recovery codes are shown first.
pub(super) fn show_added(visitor: &Visitor, added: &Added, return_to: String) -> Response {
    let Added { signed_in, codes } = added;
    if codes.is_empty() {
        return enter(visitor, signed_in, &return_to);
    }
    with_session(visitor, signed_in, show_codes(visitor, codes, return_to))
}

/// Removes the app.
pub(crate) async fn remove(visitor: Visitor, body: Body) -> Result<Response, Response> {
    let (caller, _) = visitor.sent(PAGE, body)?;
    let removed = authenticator::remove(&visitor.ctx, caller).await;
    removed.map_err(|fault| visitor.sign_in_or_reject(&fault, PAGE))?;
    Ok(Redirect::to("/account?done=app-removed").into_response())
}

/// Creates new recovery codes.
pub(crate) async fn renew_codes(visitor: Visitor, body: Body) -> Result<Response, Response> {
    let (caller, _) = visitor.sent(PAGE, body)?;
    let codes = renew(&visitor.ctx, caller).await;
    let codes = codes.map_err(|fault| visitor.sign_in_or_reject(&fault, PAGE))?;
    Ok(show_codes(&visitor, &codes, PAGE.to_owned()))
}

fn show_codes(visitor: &Visitor, codes: &[RecoveryCode], go_on: String) -> Response {
    let shell = visitor.shell(Section::SignIn);
    let codes = codes.iter().map(|code| code.to_text().to_string()).collect();
    visitor.show(StatusCode::OK, &RecoveryCodesPage { shell, codes, go_on })
}
