use authority::Fault;
use authority::actions::create_user::{CreateUser, MIN_PASSWORD};
use authority::actions::set_up::{create_administrator, link_is_valid};
use axum::body::Bytes;
use axum::extract::Path;
use axum::extract::rejection::{BytesRejection, PathRejection};
use axum::http::StatusCode;
use axum::response::Response;
use model::entities::UserType;

use super::sign_in::enter;
use super::views::{Section, SetUpErrors, SetUpPage, SetUpUsedPage};
use super::visitor::{Form, Visitor};
use super::words::sentence;

/// The page to make the first administrator.
pub(super) async fn show(visitor: Visitor, path: Result<Path<String>, PathRejection>) -> Response {
    let secret = one_time_secret(path);
    match link_is_valid(&visitor.ctx, &secret).await {
        Ok(true) => {
            visitor.show(StatusCode::OK, &page(&visitor, &secret, &Form::default(), SetUpErrors::default()))
        }
        Ok(false) => used(&visitor),
        Err(fault) => visitor.refuse(&fault),
    }
}

/// Makes the first administrator.
pub(super) async fn submit(
    visitor: Visitor,
    path: Result<Path<String>, PathRejection>,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    match visitor.form(body) {
        Ok(form) => create(&visitor, &one_time_secret(path), &form).await,
        Err(refusal) => refusal,
    }
}

/// The secret of the address; none is valid that is not UTF-8.
fn one_time_secret(path: Result<Path<String>, PathRejection>) -> String {
    path.map(|Path(secret)| secret).unwrap_or_default()
}

async fn create(visitor: &Visitor, secret: &str, form: &Form) -> Response {
    if form.get("password") != form.get("password_again") {
        let errors = SetUpErrors {
            password_again: Some("The passwords differ.".to_owned()),
            ..SetUpErrors::default()
        };
        return visitor.show(StatusCode::BAD_REQUEST, &page(visitor, secret, form, errors));
    }
    let asked = CreateUser {
        login: form.get("login").trim().to_owned(),
        name: form.get("name").trim().to_owned(),
        email: Some(form.get("email").trim().to_owned()).filter(|email| !email.is_empty()),
        password: Some(form.get("password").to_owned()),
        is_admin: true,
        user_type: UserType::InternalUser,
    };
    match create_administrator(&visitor.ctx, visitor.place(), secret, asked).await {
        Ok(signed_in) => enter(visitor, &signed_in, "/tokens"),
        Err(Fault::NotFound(_)) => used(visitor),
        Err(Fault::BadField { field, message }) => {
            visitor.show(StatusCode::BAD_REQUEST, &page(visitor, secret, form, errors(field, &message)))
        }
        Err(Fault::Conflict(message)) => {
            visitor.show(StatusCode::CONFLICT, &page(visitor, secret, form, errors("login", &message)))
        }
        Err(fault) => visitor.refuse(&fault),
    }
}

fn errors(field: &str, message: &str) -> SetUpErrors {
    let mut errors = SetUpErrors::default();
    let place = match field.to_ascii_lowercase().as_str() {
        "login" => &mut errors.login,
        "name" => &mut errors.name,
        "email" => &mut errors.email,
        "password" => &mut errors.password,
        _ => &mut errors.form,
    };
    *place = Some(sentence(message));
    errors
}

fn page(visitor: &Visitor, secret: &str, form: &Form, errors: SetUpErrors) -> SetUpPage {
    SetUpPage {
        shell: visitor.shell(Section::Other),
        action: format!("/setup/{secret}"),
        login: form.get("login").to_owned(),
        name: form.get("name").to_owned(),
        email: form.get("email").to_owned(),
        password_length: u8::try_from(MIN_PASSWORD).unwrap_or(u8::MAX),
        errors,
    }
}

fn used(visitor: &Visitor) -> Response {
    visitor.show(StatusCode::NOT_FOUND, &SetUpUsedPage { shell: visitor.shell(Section::Other) })
}
