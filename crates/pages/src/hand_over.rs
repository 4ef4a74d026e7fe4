//! Handing over a service token to another administrator.

use authority::tokens::{find_recipient, hand_over};
use authority::{Caller, Fault};
use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use model::Uuid;

use super::forms::{Body, Form};
use super::refusals::refusal;
use super::tokens::{Asked, PAGE, asked, page_of};
use super::views::form_errors::FormErrors;
use super::views::hand_over::{HandOverPage, Recipient};
use super::views::shell::Section;
use super::visitor::Visitor;

/// Asks for the administrator who takes over a token, then for a confirmation, then hands it over.
pub(super) async fn hand_over_token(
    visitor: Visitor,
    path: Result<Path<String>, PathRejection>,
    body: Body,
) -> Result<Response, Response> {
    let asked = asked(&visitor, path, body).await?;
    visitor.administrator(PAGE)?;
    let Some(login) = asked.form.all("login").next().map(str::to_owned) else {
        return Ok(show(&visitor, asked, StatusCode::OK, Next::Login(String::new(), FormErrors::default())));
    };
    let login = login.trim().to_owned();
    let fault = match step(&visitor, asked.caller, asked.id, &asked.form, &login).await {
        Ok(None) => return Ok(handed_over(&asked)),
        Ok(Some(to)) => return Ok(show(&visitor, asked, StatusCode::OK, Next::Confirmation(to))),
        Err(fault) => fault,
    };
    match refusal(&fault, &["login"]) {
        Some((status, errors)) => Ok(show(&visitor, asked, status, Next::Login(login, errors))),
        None => Err(visitor.lead_or_refuse(&fault, PAGE)),
    }
}

/// Hands the token over if the form confirms it; otherwise returns the user who would take it over.
async fn step(
    visitor: &Visitor,
    caller: &Caller,
    id: Uuid,
    form: &Form,
    login: &str,
) -> Result<Option<Recipient>, Fault> {
    if form.get("confirm") == "yes" {
        hand_over(&visitor.ctx, caller, id, login).await?;
        return Ok(None);
    }
    let user = find_recipient(&visitor.ctx, caller, login).await?;
    Ok(Some(Recipient { login: user.login, name: user.name }))
}

/// What the page asks for.
enum Next {
    /// The login of the recipient; the entered login, and its errors.
    Login(String, FormErrors),
    /// The confirmation.
    Confirmation(Recipient),
}

fn show(visitor: &Visitor, asked: Asked<'_>, status: StatusCode, next: Next) -> Response {
    let (login, errors, to) = match next {
        Next::Login(login, errors) => (login, errors, None),
        Next::Confirmation(to) => (String::new(), FormErrors::default(), Some(to)),
    };
    let shell = visitor.shell(Section::Users);
    let back = page_of(asked.caller, &asked.token, None);
    visitor.show(status, &HandOverPage { shell, token: asked.token, login, to, errors, back })
}

fn handed_over(asked: &Asked<'_>) -> Response {
    Redirect::to(&page_of(asked.caller, &asked.token, Some(("handed-over", "yes")))).into_response()
}
