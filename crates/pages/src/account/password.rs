use authority::Caller;
use authority::sign_in::second_factor::require_fresh;
use authority::users::{MIN_PASSWORD, change_password};
use axum::http::StatusCode;
use axum::response::Response;
use web::http::advise;

use super::super::form_rejection::{check_repeated_password, form_rejection};
use super::super::forms::Body;
use super::super::sign_in::enter;
use super::super::views::form_errors::FormErrors;
use super::super::views::my_sign_in::PasswordPage;
use super::super::views::shell::Section;
use super::super::visitor::Visitor;

const HERE: &str = "/account/password";

/// The page to change the password, or to set the first one.
pub(crate) async fn show(visitor: Visitor) -> Result<Response, Response> {
    let caller = visitor.signed_in()?;
    require_fresh(&visitor.ctx, caller).await.map_err(|fault| visitor.sign_in_or_reject(&fault, HERE))?;
    Ok(page(&visitor, caller, StatusCode::OK, FormErrors::default()))
}

/// Changes it.
pub(crate) async fn submit(visitor: Visitor, body: Body) -> Result<Response, Response> {
    let (caller, form) = visitor.sent(HERE, body)?;
    if let Some(errors) = check_repeated_password(&form) {
        return Ok(page(&visitor, caller, StatusCode::BAD_REQUEST, errors));
    }
    let (current, new) = (&form.secret("current"), &form.secret("password"));
    let fault = match change_password(&visitor.ctx, visitor.browser_context(), caller, current, new).await {
        Ok(signed_in) => return Ok(enter(&visitor, &signed_in, "/account?done=password")),
        Err(fault) => fault,
    };
    match form_rejection(&fault, &["current", "password"]) {
        Some((status, errors)) => Ok(advise(page(&visitor, caller, status, errors), &fault)),
        None => Err(visitor.sign_in_or_reject(&fault, HERE)),
    }
}

fn page(visitor: &Visitor, caller: &Caller, status: StatusCode, errors: FormErrors) -> Response {
    let page = PasswordPage {
        shell: visitor.shell(Section::SignIn),
        login: caller.user.login.clone(),
        has_password: caller.user.password.is_some(),
        password_length: MIN_PASSWORD,
        errors,
    };
    visitor.show(status, &page)
}
