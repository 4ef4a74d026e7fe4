use authority::ciba;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use web::http::RequestCtx;

use super::answer::{Refused, uncached};
use super::client::ClientRequest;

/// OpenID CIBA, section 7.3.
#[derive(Serialize)]
struct Acknowledgement<'a> {
    auth_req_id: &'a str,
    expires_in: i64,
    interval: i64,
}

/// The backchannel authentication endpoint (OpenID CIBA, section 7).
pub(super) async fn backchannel_authentication(
    RequestCtx(ctx): RequestCtx,
    request: ClientRequest,
) -> Result<Response, Refused> {
    let started = ciba::start(&ctx, &request.credentials, &request.params).await?;
    let answer = Acknowledgement {
        auth_req_id: started.auth_req_id.expose(),
        expires_in: started.expires_in,
        interval: started.interval,
    };
    Ok(uncached(StatusCode::OK, &answer))
}
