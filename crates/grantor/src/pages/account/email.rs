use authority::Fault;
use authority::actions::email_address::{change, send_link};
use authority::actions::second_factor::require_fresh;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use super::super::views::{EmailErrors, EmailPage, Section};
use super::super::visitor::Visitor;
use super::super::words::sentence;
use super::PAGE;

const HERE: &str = "/account/email";

/// The page to change the address; there is none where no mail is sent.
pub(in crate::pages) async fn show(visitor: Visitor) -> Response {
    let caller = match visitor.signed_in() {
        Ok(caller) => caller,
        Err(sign_in) => return sign_in,
    };
    if !visitor.ctx.settings().sends_mail {
        return visitor.refuse(&Fault::NotFound("no mail is sent from here".to_owned()));
    }
    match require_fresh(&visitor.ctx, caller).await {
        Ok(_) => page(&visitor, StatusCode::OK, "", EmailErrors::default()),
        Err(fault) => visitor.lead_or_refuse(&fault, HERE),
    }
}

/// Changes it.
pub(in crate::pages) async fn submit(visitor: Visitor, body: Result<Bytes, BytesRejection>) -> Response {
    let caller = match visitor.signed_in_or(HERE) {
        Ok(caller) => caller,
        Err(sign_in) => return sign_in,
    };
    let form = match visitor.form(body) {
        Ok(form) => form,
        Err(refusal) => return refusal,
    };
    let address = form.get("email");
    match change(&visitor.ctx, caller, address).await {
        Ok(()) => Redirect::to("/account?done=email").into_response(),
        Err(Fault::BadField { message, .. }) => {
            let errors = EmailErrors { email: Some(sentence(&message)), ..EmailErrors::default() };
            page(&visitor, StatusCode::BAD_REQUEST, address, errors)
        }
        Err(fault @ Fault::TooManyAttempts(_)) => {
            let errors = EmailErrors { form: Some(sentence(&fault.to_string())), ..EmailErrors::default() };
            page(&visitor, StatusCode::TOO_MANY_REQUESTS, address, errors)
        }
        Err(fault) => visitor.lead_or_refuse(&fault, HERE),
    }
}

/// Sends the link once more.
pub(in crate::pages) async fn send(visitor: Visitor, body: Result<Bytes, BytesRejection>) -> Response {
    let caller = match visitor.signed_in_or(PAGE) {
        Ok(caller) => caller,
        Err(sign_in) => return sign_in,
    };
    if let Err(refusal) = visitor.form(body) {
        return refusal;
    }
    match send_link(&visitor.ctx, caller).await {
        Ok(()) => Redirect::to("/account?done=email").into_response(),
        Err(fault) => visitor.lead_or_refuse(&fault, PAGE),
    }
}

fn page(visitor: &Visitor, status: StatusCode, address: &str, errors: EmailErrors) -> Response {
    let (shell, address) = (visitor.shell(Section::SignIn), address.to_owned());
    visitor.show(status, &EmailPage { shell, address, errors })
}
