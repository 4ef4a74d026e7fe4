use authority::actions::introspect;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde_json::json;

use super::answer::{answer, uncached};
use super::client::ClientRequest;
use crate::http::RequestCtx;

/// The introspection endpoint (RFC 7662).
pub(super) async fn introspect(
    RequestCtx(ctx): RequestCtx,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    answer(body, async |body| {
        let request = ClientRequest::parse(&headers, &body)?;
        let token = request.params.required("token")?;
        Ok(match introspect::introspect(&ctx, &request.credentials, token).await? {
            Some(introspection) => uncached(StatusCode::OK, &introspection),
            None => uncached(StatusCode::OK, &json!({ "active": false })),
        })
    })
    .await
}
