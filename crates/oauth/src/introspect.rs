use std::sync::Arc;

use authority::tokens::introspect;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use web::App;
use web::http::RequestCtx;
use web::metrics::{ACTIVE, INACTIVE, Name};

use super::answer::{Refused, uncached};
use super::client::ClientRequest;

/// The media type of signed answers (RFC 9701, section 10.2.1).
const SIGNED: &str = "application/token-introspection+jwt";

/// The introspection endpoint (RFC 7662), with answers that are signed for whoever wants them so (RFC 9701).
pub(super) async fn introspect(
    State(app): State<Arc<App>>,
    RequestCtx(ctx): RequestCtx,
    headers: HeaderMap,
    request: ClientRequest,
) -> Result<Response, Refused> {
    let token = request.params.required("token")?;
    let told = introspect::introspect(&ctx, &request.credentials, token).await?;
    app.metrics.count(Name::Introspections, &[if told.is_some() { ACTIVE } else { INACTIVE }]);
    if wants_signed(&headers) {
        let signed = introspect::sign(&ctx, &request.credentials.client_id, told.as_ref()).await?;
        let headers = [(header::CONTENT_TYPE, SIGNED), (header::CACHE_CONTROL, "no-store")];
        return Ok((headers, signed).into_response());
    }
    Ok(match told {
        Some(told) => uncached(StatusCode::OK, &told),
        None => uncached(StatusCode::OK, &json!({ "active": false })),
    })
}

fn wants_signed(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT).iter().filter_map(|line| line.to_str().ok());
    let mut types = accepted.flat_map(|line| line.split(','));
    types.any(|range| range.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(SIGNED))
}
