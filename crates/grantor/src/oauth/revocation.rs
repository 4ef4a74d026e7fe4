use authority::actions::revoke::revoke_presented;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::answer::answer;
use super::client::ClientRequest;
use crate::http::RequestCtx;

/// The revocation endpoint (RFC 7009). Any `token_type_hint` is only a hint: every kind is looked for.
pub(super) async fn revocation(
    RequestCtx(ctx): RequestCtx,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    answer(body, async |body| {
        let request = ClientRequest::parse(&headers, &body)?;
        let token = request.params.required("token")?;
        revoke_presented(&ctx, &request.credentials, token).await?;
        Ok((StatusCode::OK, [(header::CACHE_CONTROL, "no-store")]).into_response())
    })
    .await
}
