use authority::Fault;
use authority::actions::change_password::change_password;
use authority::actions::create_user::MIN_PASSWORD;
use authority::actions::second_factor::require_fresh;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;
use axum::response::Response;

use super::super::sign_in::enter;
use super::super::views::{PasswordErrors, PasswordPage, Section};
use super::super::visitor::{Form, Visitor};
use super::super::words::sentence;

const HERE: &str = "/account/password";

/// The page to change the password.
pub(in crate::pages) async fn show(visitor: Visitor) -> Response {
    let caller = match visitor.signed_in() {
        Ok(caller) => caller,
        Err(sign_in) => return sign_in,
    };
    match require_fresh(&visitor.ctx, caller).await {
        Ok(_) => page(&visitor, StatusCode::OK, PasswordErrors::default()),
        Err(fault) => visitor.lead_or_refuse(&fault, HERE),
    }
}

/// Changes it.
pub(in crate::pages) async fn submit(visitor: Visitor, body: Result<Bytes, BytesRejection>) -> Response {
    if let Err(sign_in) = visitor.signed_in_or(HERE) {
        return sign_in;
    }
    match visitor.form(body) {
        Ok(form) => change(&visitor, &form).await,
        Err(refusal) => refusal,
    }
}

async fn change(visitor: &Visitor, form: &Form) -> Response {
    let caller = match visitor.signed_in_or(HERE) {
        Ok(caller) => caller,
        Err(sign_in) => return sign_in,
    };
    let (current, new) = (form.get("current"), form.get("password"));
    if new != form.get("password_again") {
        let password_again = Some("The passwords differ.".to_owned());
        return page(
            visitor,
            StatusCode::BAD_REQUEST,
            PasswordErrors { password_again, ..Default::default() },
        );
    }
    match change_password(&visitor.ctx, visitor.place(), caller, current, new).await {
        Ok(signed_in) => enter(visitor, &signed_in, "/account?done=password"),
        Err(Fault::BadField { field, message }) => {
            let message = Some(sentence(&message));
            let errors = match field {
                "current" => PasswordErrors { current: message, ..Default::default() },
                _ => PasswordErrors { password: message, ..Default::default() },
            };
            page(visitor, StatusCode::BAD_REQUEST, errors)
        }
        Err(fault @ Fault::TooManyAttempts(_)) => {
            let form = Some(sentence(&fault.to_string()));
            page(visitor, StatusCode::TOO_MANY_REQUESTS, PasswordErrors { form, ..Default::default() })
        }
        Err(fault) => visitor.lead_or_refuse(&fault, HERE),
    }
}

fn page(visitor: &Visitor, status: StatusCode, errors: PasswordErrors) -> Response {
    let login = visitor.caller.as_ref().map(|caller| caller.user.login.clone()).unwrap_or_default();
    let shell = visitor.shell(Section::SignIn);
    let has_password = visitor.caller.as_ref().is_none_or(|caller| caller.user.password.is_some());
    let page = PasswordPage { shell, login, has_password, password_length: MIN_PASSWORD, errors };
    visitor.show(status, &page)
}
