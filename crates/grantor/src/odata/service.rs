use axum::extract::Request;
use axum::http::{Method, header};
use axum::response::Response;
use odata::Resource;

use super::answer::Refusal;
use super::read::Reading;
use super::{ROOT, respond};
use crate::http::{RequestCtx, token_caller};

/// Answers a request to the service.
pub(super) async fn answer(RequestCtx(ctx): RequestCtx, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let reading = Reading {
        root: format!("{}{ROOT}/", ctx.settings().public_url),
        raw_path: parts.uri.path().strip_prefix(ROOT).unwrap_or_default().trim_start_matches('/'),
        raw_query: parts.uri.query().unwrap_or_default(),
        headers: &parts.headers,
        ctx: &ctx,
    };
    let outcome = match parts.method {
        Method::GET | Method::HEAD => read(&reading).await,
        _ => Err(Refusal::method_not_allowed()),
    };
    outcome.unwrap_or_else(respond::refusal)
}

async fn read(reading: &Reading<'_>) -> Result<Response, Refusal> {
    let version = reading.headers.get("odata-maxversion").and_then(|value| value.to_str().ok());
    odata::negotiate::check_max_version(version)?;
    let resource = Resource::parse(reading.raw_path)?;
    // What the service offers is no secret; what is in it is.
    match resource {
        Resource::Metadata => return reading.metadata(),
        Resource::ServiceDocument => return reading.service_document(),
        _ => {}
    }
    let caller = token_caller(reading.ctx, reading.headers).await?;
    reading.resource(&caller, resource).await
}

/// The media types that a request accepts.
pub(super) fn accept(headers: &axum::http::HeaderMap) -> Option<&str> {
    headers.get(header::ACCEPT).and_then(|value| value.to_str().ok())
}
