//! Forms for one token: of the pages that revoke, narrow and hand over.

use authority::registry::query;
use authority::{Caller, Fault};
use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::response::Response;
use model::entities::AccessToken;
use model::query::{Expand, Query};
use model::{Record as _, Uuid};
use web::http::encode_form;

use super::forms::{Body, Form};
use super::tokens::{PAGE, row, shown};
use super::users::ONE;
use super::views::tokens::TokenRow;
use super::visitor::Visitor;

/// A form for a token, and its sender.
pub(super) struct TokenForm<'a> {
    pub(super) caller: &'a Caller,
    pub(super) form: Form,
    pub(super) id: Uuid,
    pub(super) token: TokenRow,
}

/// Reads a form for the token in its address.
///
/// # Errors
/// A redirect to the sign-in page; or an error page, for example if the user can see no such token.
pub(super) async fn read_token_form(
    visitor: &Visitor,
    path: Result<Path<String>, PathRejection>,
    body: Body,
) -> Result<TokenForm<'_>, Response> {
    let (caller, form) = visitor.sent(PAGE, body)?;
    let found = named(visitor, caller, path).await;
    let (id, token) = found.map_err(|fault| visitor.sign_in_or_reject(&fault, PAGE))?;
    Ok(TokenForm { caller, form, id, token })
}

async fn named(
    visitor: &Visitor,
    caller: &Caller,
    path: Result<Path<String>, PathRejection>,
) -> Result<(Uuid, TokenRow), Fault> {
    let unknown = || Fault::NotFound("there is no such token".to_owned());
    // An address that is not UTF-8 names no token.
    let id = path.ok().and_then(|Path(id)| Uuid::parse_str(&id).ok()).ok_or_else(unknown)?;
    let application = Query { select: vec!["Name".into()], ..Query::default() };
    let maker = Query { select: vec!["Login".into()], ..Query::default() };
    let expand = vec![Expand::rows("TrustedApplication", application), Expand::rows("CreatedBy", maker)];
    let query = Query { select: shown(), expand, ..Query::default() };
    let object = query::find(&visitor.ctx, caller, AccessToken::entity(), id, &query).await?;
    let row = object.and_then(|object| row(&object));
    Ok((id, row.ok_or_else(unknown)?))
}

/// Returns the path of the page that lists a token: of the user who created it for a service, otherwise of the caller. `done`
/// is a parameter that names what was done.
pub(super) fn page_of(caller: &Caller, token: &TokenRow, done: Option<(&str, &str)>) -> String {
    let creator = token.made_by.as_deref().filter(|_| token.owner != Some(caller.user.id));
    let creator = creator.filter(|login| *login != caller.user.login);
    let page = if creator.is_some() { ONE } else { PAGE };
    let fields: Vec<_> = creator.map(|login| ("login", login)).into_iter().chain(done).collect();
    if fields.is_empty() { page.to_owned() } else { format!("{page}?{}", encode_form(fields)) }
}
