use authority::tokens::revoke_presented;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use reference::http::{Access, Answer, Endpoint, Field, Kind, Method, Tag};
use web::http::RequestCtx;
use web::http::answers::OAUTH_ERROR;

use super::answer::OAuthRejection;
use super::client::ClientRequest;
use super::declaration::{BAD_CLIENT, BAD_REQUEST, TOO_LONG, TOO_SLOW, client_form};

pub(super) const ENDPOINT: Endpoint = Endpoint {
    description: "RFC 7009. A refresh token revokes everything issued from the same sign-in. An unknown token is no error.",
    access: Access::Client,
    body: client_form![Field::required("token", Kind::Text, "The token.")],
    answers: &[
        Answer::empty(200, "The token is no longer valid."),
        BAD_REQUEST,
        BAD_CLIENT,
        TOO_SLOW,
        TOO_LONG,
        Answer::new(503, "The token was not revoked; retry.", OAUTH_ERROR),
    ],
    ..Endpoint::new(Method::Post, "/id/connect/revocation", Tag::Tokens, "revoke", "Revokes a token")
};

/// The revocation endpoint (RFC 7009). A `token_type_hint` changes nothing: every kind of token is searched.
pub(super) async fn revocation(
    RequestCtx(ctx): RequestCtx,
    request: ClientRequest,
) -> Result<Response, OAuthRejection> {
    revoke_presented(&ctx, &request.credentials, request.params.required("token")?).await?;
    Ok((StatusCode::OK, [(header::CACHE_CONTROL, "no-store")]).into_response())
}
