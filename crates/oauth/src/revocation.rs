use authority::tokens::revoke_presented;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use web::http::RequestCtx;

use super::answer::Refused;
use super::client::ClientRequest;

/// The revocation endpoint (RFC 7009). Any `token_type_hint` is only a hint: every kind is looked for.
pub(super) async fn revocation(
    RequestCtx(ctx): RequestCtx,
    request: ClientRequest,
) -> Result<Response, Refused> {
    revoke_presented(&ctx, &request.credentials, request.params.required("token")?).await?;
    Ok((StatusCode::OK, [(header::CACHE_CONTROL, "no-store")]).into_response())
}
