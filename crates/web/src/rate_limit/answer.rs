//! The rate limits in the headers of responses (draft-ietf-httpapi-ratelimit-headers, sections 3 and 4).

use std::sync::Arc;

use authority::Fault;
use axum::Json;
use axum::extract::{FromRequestParts as _, Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use model::Timestamp;
use serde_json::json;

use super::Meter;
use super::bucket::{Left, WINDOW};
use crate::http::{self, RequestCtx, api_code, paths};
use crate::state::App;

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const LIMIT: HeaderName = HeaderName::from_static("ratelimit");

/// Tells in an answer which limits there are, and what is left of them.
pub fn label(mut response: Response, meter: &Meter, now: Timestamp) -> Response {
    let named = [("caller", meter.left(now)), ("network", meter.left_of_network(now))];
    let named: Vec<(&str, Left)> = named.into_iter().filter_map(|(name, left)| Some((name, left?))).collect();
    let list = |item: fn(&str, &Left) -> String| {
        let items: Vec<String> = named.iter().map(|(name, left)| item(name, left)).collect();
        HeaderValue::from_str(&items.join(", ")).ok().filter(|_| !items.is_empty())
    };
    let policy = list(|name, left| format!("\"{name}\";q={};w={WINDOW}", left.limit));
    let limit = list(|name, left| format!("\"{name}\";r={};t={}", left.remaining, left.reset_seconds));
    for (name, value) in [(POLICY, policy), (LIMIT, limit)] {
        if let Some(value) = value {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// Limits the requests of a network to the domain API outside OData, which counts its own.
pub async fn limit_models(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if !path.starts_with(paths::DOMAIN) || path.starts_with(paths::ODATA) {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    let Ok(RequestCtx(ctx)) = RequestCtx::from_request_parts(&mut parts, &app).await;
    let response = match app.rate_limits.enter(&ctx) {
        Ok(_) => next.run(Request::from_parts(parts, body)).await,
        Err(fault) => refused(&fault),
    };
    label(response, &app.rate_limits.meter(&ctx), clock::now())
}

fn refused(fault: &Fault) -> Response {
    let (status, code) = api_code(fault);
    let body = json!({ "error": { "code": code, "message": fault.to_string() } });
    let response = (status, [(header::CACHE_CONTROL, "no-store")], Json(body)).into_response();
    http::refused(response, fault, code)
}
