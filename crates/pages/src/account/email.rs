use authority::Fault;
use authority::sign_in::second_factor::require_fresh;
use authority::users::email_address::{change, send_link};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use web::http::advise;

use super::super::form_rejection::form_rejection;
use super::super::forms::Body;
use super::super::views::form_errors::FormErrors;
use super::super::views::mail::EmailPage;
use super::super::views::shell::Section;
use super::super::visitor::Visitor;
use super::PAGE;

const HERE: &str = "/account/email";

/// The page to change the address; there is none where no mail is sent.
pub(crate) async fn show(visitor: Visitor) -> Result<Response, Response> {
    let caller = visitor.signed_in()?;
    if !visitor.ctx.settings().sends_mail {
        return Err(visitor.reject(&Fault::NotFound("no mail is sent from here".to_owned())));
    }
    require_fresh(&visitor.ctx, caller).await.map_err(|fault| visitor.sign_in_or_reject(&fault, HERE))?;
    let address = caller.user.email.as_deref().unwrap_or_default();
    Ok(page(&visitor, StatusCode::OK, address, FormErrors::default()))
}

/// Changes it.
pub(crate) async fn submit(visitor: Visitor, body: Body) -> Result<Response, Response> {
    let (caller, form) = visitor.sent(HERE, body)?;
    let address = form.get("email");
    let Err(fault) = change(&visitor.ctx, caller, address).await else {
        return Ok(Redirect::to("/account?done=email").into_response());
    };
    match form_rejection(&fault, &["email"]) {
        Some((status, errors)) => Ok(advise(page(&visitor, status, address, errors), &fault)),
        None => Err(visitor.sign_in_or_reject(&fault, HERE)),
    }
}

/// Sends the link once more.
pub(crate) async fn send(visitor: Visitor, body: Body) -> Result<Response, Response> {
    let (caller, _) = visitor.sent(PAGE, body)?;
    send_link(&visitor.ctx, caller).await.map_err(|fault| visitor.sign_in_or_reject(&fault, PAGE))?;
    Ok(Redirect::to("/account?done=email").into_response())
}

fn page(visitor: &Visitor, status: StatusCode, address: &str, errors: FormErrors) -> Response {
    let (shell, address) = (visitor.shell(Section::SignIn), address.to_owned());
    visitor.show(status, &EmailPage { shell, address, errors })
}
