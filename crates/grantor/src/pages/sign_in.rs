use authority::Fault;
use authority::actions::session;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};

use super::session::{cookie_name, remove_cookie, set_cookie};
use super::views::{Section, SignInPage};
use super::visitor::{Form, Visitor};
use super::words::sentence;

/// Where somebody goes who signed in without coming from anywhere.
const HOME: &str = "/tokens";

/// The page to sign in.
pub(super) async fn show(visitor: Visitor) -> Response {
    let return_to = local_path(&visitor.parameter("return_to").unwrap_or_default());
    if visitor.caller.is_some() {
        return Redirect::to(&return_to).into_response();
    }
    page(&visitor, StatusCode::OK, return_to, String::new(), None)
}

fn page(
    visitor: &Visitor,
    status: StatusCode,
    return_to: String,
    login: String,
    error: Option<String>,
) -> Response {
    visitor.show(status, &SignInPage { shell: visitor.shell(Section::Other), return_to, login, error })
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
    match session::sign_in(&visitor.ctx, form.get("login"), form.get("password")).await {
        Ok(signed_in) => enter(visitor, &signed_in, &return_to),
        Err(Fault::Unauthenticated(reason)) => {
            tracing::info!(?reason, "a sign-in was refused");
            let error = "This name and password do not fit, or signing in is locked for a while.".to_owned();
            page(visitor, StatusCode::UNAUTHORIZED, return_to, form.get("login").to_owned(), Some(error))
        }
        Err(Fault::TooManyAttempts(seconds)) => {
            let error = sentence(&Fault::TooManyAttempts(seconds).to_string());
            page(visitor, StatusCode::TOO_MANY_REQUESTS, return_to, form.get("login").to_owned(), Some(error))
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
        && let Err(fault) = session::sign_out(&visitor.ctx, caller).await
    {
        return visitor.refuse(&fault);
    }
    let mut response = Redirect::to("/").into_response();
    if let Some(cookie) = remove_cookie(&visitor.app, cookie_name(&visitor.app)) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
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
