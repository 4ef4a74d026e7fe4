//! Revoking a token.

use authority::Fault;
use authority::tokens;
use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};

use super::forms::Body;
use super::token_forms::{TokenForm, page_of, read_token_form};
use super::tokens::{PAGE, made_row};
use super::views::revoke::RevokePage;
use super::views::shell::Section;
use super::visitor::Visitor;

/// Asks for a confirmation, and then revokes a token.
pub(super) async fn revoke(
    visitor: Visitor,
    path: Result<Path<String>, PathRejection>,
    body: Body,
) -> Result<Response, Response> {
    let sent = read_token_form(&visitor, path, body).await?;
    confirm_or_revoke(&visitor, sent).await.map_err(|fault| visitor.sign_in_or_reject(&fault, PAGE))
}

async fn confirm_or_revoke(visitor: &Visitor, sent: TokenForm<'_>) -> Result<Response, Fault> {
    if sent.form.get("confirm") == "yes" {
        let revoked = tokens::revoke(&visitor.ctx, sent.caller, sent.id).await?.len();
        let done = page_of(sent.caller, &sent.token, Some(("revoked", &revoked.to_string())));
        return Ok(Redirect::to(&done).into_response());
    }
    let descendants = tokens::count_descendants(&visitor.ctx, sent.id).await?;
    let descendants = u64::try_from(descendants).unwrap_or(u64::MAX);
    let made = match sent.token.owner {
        Some(owner) => tokens::made_by(&visitor.ctx, owner).await?,
        None => Vec::new(),
    };
    let made = made.iter().filter(|made| made.with == Some(sent.id)).map(made_row).collect();
    let back = page_of(sent.caller, &sent.token, None);
    let shell = visitor.shell(Section::Tokens);
    let view = RevokePage { shell, token: sent.token, descendants, made, back };
    Ok(visitor.show(StatusCode::OK, &view))
}
