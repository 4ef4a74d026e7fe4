use authority::authorization::push;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use web::http::RequestCtx;

use super::answer::{Refused, uncached};
use super::client::ClientRequest;

/// RFC 9126, section 2.2.
#[derive(Serialize)]
struct PushedAnswer {
    request_uri: String,
    expires_in: i64,
}

/// The pushed authorization request endpoint (RFC 9126).
pub(super) async fn pushed_authorization(
    RequestCtx(ctx): RequestCtx,
    request: ClientRequest,
) -> Result<Response, Refused> {
    let pushed = push(&ctx, &request.credentials, &request.params).await?;
    let answer = PushedAnswer { request_uri: pushed.request_uri, expires_in: pushed.expires_in };
    Ok(uncached(StatusCode::CREATED, &answer))
}
