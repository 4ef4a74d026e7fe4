use authority::actions::narrow::{narrow, used};
use authority::{Caller, Fault, Scopes};
use axum::body::Bytes;
use axum::extract::Path;
use axum::extract::rejection::{BytesRejection, PathRejection};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use model::Uuid;

use super::tokens::{find, row, unknown};
use super::views::{NarrowPage, Scope, Section};
use super::visitor::{Form, Visitor};

/// Asks what a token needs, and when the person says so takes the rest away.
pub(super) async fn narrow_token(
    visitor: Visitor,
    path: Result<Path<String>, PathRejection>,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let caller = match visitor.signed_in_or("/tokens") {
        Ok(caller) => caller,
        Err(sign_in) => return sign_in,
    };
    let form = match visitor.form(body) {
        Ok(form) => form,
        Err(refusal) => return refusal,
    };
    let id = path.map(|Path(id)| id).unwrap_or_default();
    match narrowed_or_asked(&visitor, caller, &id, &form).await {
        Ok(response) => response,
        Err(fault) => visitor.refuse(&fault),
    }
}

async fn narrowed_or_asked(
    visitor: &Visitor,
    caller: &Caller,
    id: &str,
    form: &Form,
) -> Result<Response, Fault> {
    let id = Uuid::parse_str(id).map_err(|_| unknown())?;
    if form.get("confirm") == "yes" {
        narrow(&visitor.ctx, caller, id, Some(Scopes::of(form.all("scope"))?)).await?;
        return Ok(Redirect::to("/tokens?narrowed=yes").into_response());
    }
    let object = find(&visitor.ctx, caller, id).await?.ok_or_else(unknown)?;
    let token = row(&object, visitor.ctx.now).ok_or_else(unknown)?;
    let catalogue = authority::catalogue::current(&visitor.ctx).await?;
    let scopes = used(&visitor.ctx, id).await?.into_iter().map(|used| {
        let scope = Scope { meaning: catalogue.explain(&used.scope), name: used.scope };
        (scope, used.last_used_timestamp)
    });
    let view = NarrowPage { shell: visitor.shell(Section::Tokens), token, scopes: scopes.collect() };
    Ok(visitor.show(StatusCode::OK, &view))
}
