//! Handing over a service token to another administrator.

use authority::tokens::{find_recipient, hand_over};
use authority::{Caller, Fault};
use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use model::Uuid;

use super::form_rejection::form_rejection;
use super::forms::{Body, Form};
use super::token_forms::{TokenForm, page_of, read_token_form};
use super::tokens::PAGE;
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
    let sent = read_token_form(&visitor, path, body).await?;
    visitor.administrator(PAGE)?;
    let Some(login) = sent.form.all("login").next().map(str::to_owned) else {
        return Ok(show(&visitor, sent, StatusCode::OK, Next::Login(String::new(), FormErrors::default())));
    };
    let login = login.trim().to_owned();
    let fault = match step(&visitor, sent.caller, sent.id, &sent.form, &login).await {
        Ok(None) => return Ok(handed_over(&sent)),
        Ok(Some(to)) => return Ok(show(&visitor, sent, StatusCode::OK, Next::Confirmation(to))),
        Err(fault) => fault,
    };
    match form_rejection(&fault, &["login"]) {
        Some((status, errors)) => Ok(show(&visitor, sent, status, Next::Login(login, errors))),
        None => Err(visitor.sign_in_or_reject(&fault, PAGE)),
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

fn show(visitor: &Visitor, sent: TokenForm<'_>, status: StatusCode, next: Next) -> Response {
    let (login, errors, to) = match next {
        Next::Login(login, errors) => (login, errors, None),
        Next::Confirmation(to) => (String::new(), FormErrors::default(), Some(to)),
    };
    let shell = visitor.shell(Section::Users);
    let back = page_of(sent.caller, &sent.token, None);
    visitor.show(status, &HandOverPage { shell, token: sent.token, login, to, errors, back })
}

fn handed_over(sent: &TokenForm<'_>) -> Response {
    Redirect::to(&page_of(sent.caller, &sent.token, Some(("handed-over", "yes")))).into_response()
}
