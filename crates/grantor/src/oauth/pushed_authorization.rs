use authority::authorization::push;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Serialize;

use super::answer::{answer, uncached};
use super::client::ClientRequest;
use crate::http::RequestCtx;

/// RFC 9126, section 2.2.
#[derive(Serialize)]
struct PushedAnswer {
    request_uri: String,
    expires_in: i64,
}

/// The pushed authorization request endpoint (RFC 9126).
pub(super) async fn pushed_authorization(
    RequestCtx(ctx): RequestCtx,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    answer(body, async |body| {
        let request = ClientRequest::parse(&headers, &body)?;
        let pushed = push(&ctx, &request.credentials, &request.params).await?;
        let answer = PushedAnswer { request_uri: pushed.request_uri, expires_in: pushed.expires_in };
        Ok(uncached(StatusCode::CREATED, &answer))
    })
    .await
}
