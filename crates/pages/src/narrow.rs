use authority::tokens::narrow::{narrow, used};
use authority::{Fault, Scopes};
use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};

use super::forms::Body;
use super::tokens::{Asked, PAGE, asked};
use super::views::narrow::{NarrowChoice, NarrowPage};
use super::views::scope::Scope;
use super::views::shell::Section;
use super::visitor::Visitor;

/// Asks what a token needs, and when the person says so takes the rest away.
pub(super) async fn narrow_token(
    visitor: Visitor,
    path: Result<Path<String>, PathRejection>,
    body: Body,
) -> Result<Response, Response> {
    let asked = asked(&visitor, path, body).await?;
    narrowed_or_asked(&visitor, asked).await.map_err(|fault| visitor.lead_or_refuse(&fault, PAGE))
}

async fn narrowed_or_asked(visitor: &Visitor, asked: Asked<'_>) -> Result<Response, Fault> {
    let Asked { caller, form, id, token } = asked;
    let is_sent = form.get("confirm") == "yes";
    let keep = Scopes::from_names(form.all("scope"))?;
    if is_sent && !keep.is_empty() {
        narrow(&visitor.ctx, caller, id, Some(keep)).await?;
        return Ok(Redirect::to("/tokens?narrowed=yes").into_response());
    }
    let catalogue = authority::catalogue::current(&visitor.ctx).await?;
    let choices = used(&visitor.ctx, id).await?.into_iter().map(|used| NarrowChoice {
        scope: Scope { meaning: catalogue.explain(&used.scope), name: used.scope },
        // Of a form that was sent with nothing, nothing is ticked.
        keeps: !is_sent && used.last_used_timestamp.is_some(),
        used: used.last_used_timestamp,
    });
    let error =
        is_sent.then(|| "Choose at least one. A token that is not needed is revoked instead.".to_owned());
    let status = if is_sent { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    let view = NarrowPage { shell: visitor.shell(Section::Tokens), token, choices: choices.collect(), error };
    Ok(visitor.show(status, &view))
}
