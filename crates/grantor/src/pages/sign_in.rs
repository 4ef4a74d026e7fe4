use authority::actions::end_session::end_session;
use authority::actions::session;
use authority::authorization::redirect_uris;
use authority::{Fault, RedirectUri};
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};

use super::session::{cookie_name, forget_cookie, set_cookie};
use super::views::{Section, SignInPage};
use super::visitor::{Form, Visitor, lead_to};
use super::words::sentence;
use crate::http::form_pairs;

/// Where somebody goes who signed in without coming from anywhere.
const HOME: &str = "/tokens";

/// The page to sign in.
pub(super) async fn show(visitor: Visitor) -> Response {
    let return_to = local_path(&visitor.parameter("return_to").unwrap_or_default());
    // An application may want that somebody who is signed in proves once more who they are.
    if visitor.caller.is_some() && visitor.parameter("again").is_none() {
        return Redirect::to(&return_to).into_response();
    }
    let known = visitor.caller.as_ref().map(|caller| caller.user.login.clone());
    let login = visitor.parameter("login").or(known).unwrap_or_default();
    page(&visitor, StatusCode::OK, return_to, login.chars().take(MAX_LOGIN).collect(), None).await
}

/// The longest login that is entered for somebody, in characters (`Login` of the model).
const MAX_LOGIN: usize = 64;

async fn page(
    visitor: &Visitor,
    status: StatusCode,
    return_to: String,
    login: String,
    error: Option<String>,
) -> Response {
    let addresses = return_addresses(visitor, &return_to).await;
    let shell = visitor.shell_without_user(Section::Other);
    lead_to(
        visitor.show(status, &SignInPage { shell, return_to, login, error }),
        addresses.iter().map(RedirectUri::as_str),
    )
}

/// Where the browser may be sent on to after the sign-in, where it is for an application.
async fn return_addresses(visitor: &Visitor, return_to: &str) -> Vec<RedirectUri> {
    let query = return_to.split_once('?').map(|(_, query)| query).unwrap_or_default();
    let pairs = form_pairs(query.as_bytes()).unwrap_or_default();
    match pairs.into_iter().find(|(name, _)| name == "client_id") {
        Some((_, client_id)) => redirect_uris(&visitor.ctx, &client_id).await.unwrap_or_default(),
        None => Vec::new(),
    }
}

/// Signs somebody in.
pub(super) async fn submit(visitor: Visitor, body: Result<Bytes, BytesRejection>) -> Response {
    match visitor.form(body) {
        Ok(form) => sign_in(&visitor, &form).await,
        Err(refusal) => refusal,
    }
}

async fn sign_in(visitor: &Visitor, form: &Form) -> Response {
    let return_to = local_path(form.get("return_to"));
    let (login, password) = (form.get("login"), form.get("password"));
    match session::sign_in(&visitor.ctx, visitor.caller.as_ref(), login, password).await {
        Ok(signed_in) => enter(visitor, &signed_in, &return_to),
        Err(Fault::Unauthenticated(reason)) => {
            tracing::info!(?reason, "a sign-in was refused");
            let error = "This name and password do not fit, or signing in is locked for a while.".to_owned();
            page(visitor, StatusCode::UNAUTHORIZED, return_to, form.get("login").to_owned(), Some(error))
                .await
        }
        Err(Fault::TooManyAttempts(seconds)) => {
            let error = sentence(&Fault::TooManyAttempts(seconds).to_string());
            page(visitor, StatusCode::TOO_MANY_REQUESTS, return_to, form.get("login").to_owned(), Some(error))
                .await
        }
        Err(fault) => visitor.refuse(&fault),
    }
}

/// Gives somebody their cookie and sends them on. Always with 303, so that no form with a password is sent again (RFC 9700, section 4.12).
pub(super) fn enter(visitor: &Visitor, signed_in: &session::SignedIn, to: &str) -> Response {
    let mut response = Redirect::to(to).into_response();
    if let Some(cookie) = set_cookie(&visitor.app, cookie_name(&visitor.app), signed_in.secret.expose()) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// Signs somebody out.
pub(super) async fn sign_out(visitor: Visitor, body: Result<Bytes, BytesRejection>) -> Response {
    if let Err(refusal) = visitor.form(body) {
        return refusal;
    }
    if let Some(caller) = &visitor.caller
        && let Err(fault) = end_session(&visitor.ctx, caller).await
    {
        return visitor.refuse(&fault);
    }
    forget_cookie(&visitor, Redirect::to("/").into_response())
}

/// A path on this very site: nobody is sent elsewhere.
fn local_path(path: &str) -> String {
    let inside = path.starts_with('/') && !path.starts_with("//") && !path.contains('\\');
    let plain = path.bytes().all(|byte| byte.is_ascii_graphic());
    if inside && plain { path.to_owned() } else { HOME.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_elsewhere() {
        assert_eq!(local_path("/device?user_code=AB"), "/device?user_code=AB");
        for bad in
            ["", "//evil.example", "https://evil.example", "/\\evil.example", "/a\nb", "evil", "/\u{2215}x"]
        {
            assert_eq!(local_path(bad), HOME, "{bad}");
        }
    }
}
