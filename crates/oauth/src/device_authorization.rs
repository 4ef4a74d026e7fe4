use authority::device;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use web::http::RequestCtx;

use super::answer::{Refused, uncached};
use super::client::ClientRequest;

/// RFC 8628, section 3.2.
#[derive(Serialize)]
struct DeviceAnswer<'a> {
    device_code: &'a str,
    user_code: String,
    verification_uri: String,
    verification_uri_complete: String,
    expires_in: i64,
    interval: i64,
}

/// The device authorization endpoint (RFC 8628), with the extension parameter `description`.
pub(super) async fn device_authorization(
    RequestCtx(ctx): RequestCtx,
    request: ClientRequest,
) -> Result<Response, Refused> {
    let started = device::start(&ctx, &request.credentials, &request.params).await?;
    let verification_uri = format!("{}/device", ctx.settings().public_url);
    let answer = DeviceAnswer {
        device_code: started.device_code.expose(),
        user_code: started.user_code.to_string(),
        verification_uri_complete: format!("{verification_uri}?user_code={}", started.user_code),
        verification_uri,
        expires_in: started.expires_in,
        interval: started.interval,
    };
    Ok(uncached(StatusCode::OK, &answer))
}
