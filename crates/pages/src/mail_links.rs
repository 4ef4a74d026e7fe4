//! The pages of mailed links. Opening a link changes nothing, because mail servers open links too.

use authority::users::{MIN_PASSWORD, email_address, reset_password};
use authority::{Fault, Secret};
use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use web::http::paths::mail as path;

use super::form_rejection::{check_repeated_password, form_rejection};
use super::forms::Body;
use super::views::error::ErrorPage;
use super::views::form_errors::FormErrors;
use super::views::mail::{ConfirmAddressPage, ResetPage};
use super::views::shell::Section;
use super::visitor::Visitor;

/// The secret of the address; none is valid that is not UTF-8.
fn secret(path: Result<Path<String>, PathRejection>) -> Secret {
    path.map(|Path(secret)| secret.into()).unwrap_or_default()
}

/// The page for a fault; most often the link no longer works.
fn reject(visitor: &Visitor, fault: &Fault) -> Response {
    match fault {
        Fault::NotFound(_) => visitor.show_error(&ErrorPage::dead_link(visitor.shell(Section::Other))),
        fault => visitor.reject(fault),
    }
}

/// The page to confirm an address.
pub(super) async fn show_confirm(visitor: Visitor, path: Result<Path<String>, PathRejection>) -> Response {
    let secret = secret(path);
    match email_address::find(&visitor.ctx, &secret).await {
        Ok(confirming) => confirm_page(&visitor, confirming, &secret, false),
        Err(fault) => reject(&visitor, &fault),
    }
}

/// Confirms it.
pub(super) async fn confirm(
    visitor: Visitor,
    path: Result<Path<String>, PathRejection>,
    body: Body,
) -> Result<Response, Response> {
    let secret = secret(path);
    visitor.entered(body, |_| format!("{}{}", path::CONFIRM, secret.expose()))?;
    let confirmed = email_address::confirm(&visitor.ctx, &secret).await;
    let confirmed = confirmed.map_err(|fault| reject(&visitor, &fault))?;
    Ok(confirm_page(&visitor, confirmed, &Secret::default(), true))
}

fn confirm_page(
    visitor: &Visitor,
    confirming: email_address::Confirming,
    secret: &Secret,
    done: bool,
) -> Response {
    let page = ConfirmAddressPage {
        shell: visitor.shell(Section::Other),
        action: format!("{}{}", path::CONFIRM, secret.expose()),
        login: confirming.login,
        address: confirming.address,
        done,
    };
    visitor.show(StatusCode::OK, &page)
}

/// The page to choose a new password.
pub(super) async fn show_reset(visitor: Visitor, path: Result<Path<String>, PathRejection>) -> Response {
    reset_page(&visitor, StatusCode::OK, &secret(path), FormErrors::default()).await
}

async fn reset_page(visitor: &Visitor, status: StatusCode, secret: &Secret, errors: FormErrors) -> Response {
    match reset_password::find(&visitor.ctx, secret).await {
        Ok(user) => {
            let page = ResetPage {
                shell: visitor.shell_without_user(Section::Other),
                action: format!("{}{}", path::RESET, secret.expose()),
                login: user.login,
                password_length: MIN_PASSWORD,
                errors,
            };
            visitor.show(status, &page)
        }
        Err(fault) => reject(visitor, &fault),
    }
}

/// Sets it.
pub(super) async fn reset(
    visitor: Visitor,
    path: Result<Path<String>, PathRejection>,
    body: Body,
) -> Result<Response, Response> {
    let secret = secret(path);
    let form = visitor.entered(body, |_| format!("{}{}", path::RESET, secret.expose()))?;
    if let Some(errors) = check_repeated_password(&form) {
        return Ok(reset_page(&visitor, StatusCode::BAD_REQUEST, &secret, errors).await);
    }
    let Err(fault) = reset_password::reset(&visitor.ctx, &secret, &form.secret("password")).await else {
        return Ok(Redirect::to("/signin?again=1&done=reset").into_response());
    };
    match form_rejection(&fault, &["password"]) {
        Some((status, errors)) => Ok(reset_page(&visitor, status, &secret, errors).await),
        None => Err(reject(&visitor, &fault)),
    }
}
