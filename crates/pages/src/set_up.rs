use authority::users::set_up::{create_administrator, link_is_valid};
use authority::users::{CreateUser, MIN_PASSWORD, faults};
use authority::{Fault, Secret};
use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::http::StatusCode;
use axum::response::Response;
use model::entities::UserType;

use super::form_rejection::{check_repeated_password, form_rejection};
use super::forms::{Body, Form};
use super::sentences::sentence;
use super::sign_in::enter;
use super::views::form_errors::FormErrors;
use super::views::set_up::{SetUpPage, SetUpUsedPage};
use super::views::shell::Section;
use super::visitor::Visitor;

const FIELDS: [&str; 4] = ["login", "name", "email", "password"];

/// Shows the form for the first administrator.
pub(super) async fn show(
    visitor: Visitor,
    path: Result<Path<String>, PathRejection>,
) -> Result<Response, Response> {
    let secret = path.map(|Path(secret)| Secret::from(secret)).unwrap_or_default();
    check_link(&visitor, &secret).await?;
    Ok(page(&visitor, StatusCode::OK, &secret, &Form::default(), FormErrors::default()))
}

/// Creates the first administrator.
pub(super) async fn submit(
    visitor: Visitor,
    path: Result<Path<String>, PathRejection>,
    body: Body,
) -> Result<Response, Response> {
    let secret = path.map(|Path(secret)| Secret::from(secret)).unwrap_or_default();
    let form = visitor.entered(body, |_| at(&secret))?;
    check_link(&visitor, &secret).await?;
    create(&visitor, &secret, &form).await.map_err(|fault| visitor.reject(&fault))
}

/// The address of the page; no secret is valid that is not UTF-8 or holds other characters.
fn at(secret: &Secret) -> String {
    let secret = secret.expose();
    let plain = secret.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    format!("/setup/{}", if plain { secret } else { "" })
}

/// Checks that a secret is the one that waits to be used.
async fn check_link(visitor: &Visitor, secret: &Secret) -> Result<(), Response> {
    match link_is_valid(&visitor.ctx, secret).await {
        Ok(true) => Ok(()),
        Ok(false) => Err(used(visitor)),
        Err(fault) => Err(visitor.reject(&fault)),
    }
}

async fn create(visitor: &Visitor, secret: &Secret, form: &Form) -> Result<Response, Fault> {
    let asked = CreateUser {
        login: form.get("login").trim().to_owned(),
        name: form.get("name").trim().to_owned(),
        email: Some(form.get("email").trim().to_owned()).filter(|email| !email.is_empty()),
        password: Some(form.secret("password")),
        is_admin: true,
        user_type: UserType::InternalUser,
    };
    let errors = all_errors(visitor, form, &asked).await?;
    if !errors.is_empty() {
        return Ok(page(visitor, StatusCode::BAD_REQUEST, secret, form, errors));
    }
    match create_administrator(&visitor.ctx, visitor.browser_context(), secret, asked).await {
        Ok(signed_in) => Ok(enter(visitor, &signed_in, "/tokens")),
        Err(Fault::NotFound(_)) => Ok(used(visitor)),
        Err(Fault::Conflict(message)) => {
            let errors = FormErrors::for_field("login", sentence(&message));
            Ok(page(visitor, StatusCode::CONFLICT, secret, form, errors))
        }
        Err(fault) => Err(fault),
    }
}

/// Everything that is wrong with the form, so that it can be corrected at once.
async fn all_errors(visitor: &Visitor, form: &Form, asked: &CreateUser) -> Result<FormErrors, Fault> {
    let mut errors = FormErrors::default();
    for fault in faults(&visitor.ctx, asked).await? {
        match form_rejection(&fault, &FIELDS) {
            Some((_, more)) => errors.join(more),
            None => return Err(fault),
        }
    }
    errors.join(check_repeated_password(form).unwrap_or_default());
    Ok(errors)
}

fn page(visitor: &Visitor, status: StatusCode, secret: &Secret, form: &Form, errors: FormErrors) -> Response {
    let page = SetUpPage {
        shell: visitor.shell(Section::Other),
        action: at(secret),
        login: form.get("login").to_owned(),
        name: form.get("name").to_owned(),
        email: form.get("email").to_owned(),
        password_length: MIN_PASSWORD,
        errors,
    };
    visitor.show(status, &page)
}

fn used(visitor: &Visitor) -> Response {
    visitor.show(StatusCode::NOT_FOUND, &SetUpUsedPage { shell: visitor.shell(Section::Other) })
}
