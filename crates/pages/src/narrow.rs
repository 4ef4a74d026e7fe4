use authority::tokens::narrow::{narrow, used};
use authority::{Fault, Scopes};
use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};

use super::forms::Body;
use super::token_forms::{TokenForm, read_token_form};
use super::tokens::PAGE;
use super::views::narrow::{NarrowChoice, NarrowPage};
use super::views::scope::Scope;
use super::views::shell::Section;
use super::visitor::Visitor;

/// Asks which scopes a token keeps, and removes the others after a confirmation.
pub(super) async fn narrow_token(
    visitor: Visitor,
    path: Result<Path<String>, PathRejection>,
    body: Body,
) -> Result<Response, Response> {
    let sent = read_token_form(&visitor, path, body).await?;
    choose_or_narrow(&visitor, sent).await.map_err(|fault| visitor.sign_in_or_reject(&fault, PAGE))
}

async fn choose_or_narrow(visitor: &Visitor, sent: TokenForm<'_>) -> Result<Response, Fault> {
    let TokenForm { caller, form, id, token } = sent;
    let is_sent = form.get("confirm") == "yes";
    let keep = Scopes::from_names(form.all("scope"))?;
    if is_sent && !keep.is_empty() {
        narrow(&visitor.ctx, caller, id, Some(keep)).await?;
        return Ok(Redirect::to("/tokens?narrowed=yes").into_response());
    }
    let catalogue = authority::catalogue::current(&visitor.ctx).await?;
    let choices = used(&visitor.ctx, id).await?.into_iter().map(|used| NarrowChoice {
        scope: Scope { meaning: catalogue.explain(&used.scope), name: used.scope },
        // After a form without scopes, no scope is checked.
        keeps: !is_sent && used.last_used_timestamp.is_some(),
        used: used.last_used_timestamp,
    });
    let error =
        is_sent.then(|| "Choose at least one. A token that is not needed is revoked instead.".to_owned());
    let status = if is_sent { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    let view = NarrowPage { shell: visitor.shell(Section::Tokens), token, choices: choices.collect(), error };
    Ok(visitor.show(status, &view))
}
