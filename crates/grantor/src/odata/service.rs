use axum::extract::Request;
use axum::http::{HeaderMap, Method, header};
use axum::response::Response;
use odata::negotiate::{Version, version};
use odata::{OdataError, Resource};

use super::answer::Refusal;
use super::read::Reading;
use super::{ROOT, respond};
use crate::http::{RequestCtx, token_caller};

/// Answers a request to the service.
pub(super) async fn answer(RequestCtx(ctx): RequestCtx, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let said = |name| header_text(&parts.headers, name);
    let version = match version(said("odata-maxversion"), said("odata-version")) {
        Ok(version) => version,
        Err(error) => return respond::refusal(Version::default(), error.into()),
    };
    let reading = Reading {
        root: format!("{}{ROOT}/", ctx.settings().public_url),
        raw_path: parts.uri.path().strip_prefix(ROOT).unwrap_or_default().trim_start_matches('/'),
        raw_query: parts.uri.query().unwrap_or_default(),
        headers: &parts.headers,
        version,
        ctx: &ctx,
    };
    let outcome = match parts.method {
        Method::GET | Method::HEAD => read(&reading).await,
        _ => Err(Refusal::method_not_allowed()),
    };
    outcome.unwrap_or_else(|refusal| respond::refusal(version, refusal))
}

async fn read(reading: &Reading<'_>) -> Result<Response, Refusal> {
    let (resource, only_ids) = resource(reading.raw_path)?;
    // What the service offers is no secret; what is in it is.
    match resource {
        Resource::Metadata => return reading.metadata(),
        Resource::ServiceDocument => return reading.service_document(),
        _ => {}
    }
    let caller = token_caller(reading.ctx, reading.headers).await?;
    reading.resource(&caller, resource, only_ids).await
}

/// What a path names, and whether only the identifiers of its rows are asked for (`/$ref` behind one row of a set,
/// or several).
fn resource(raw_path: &str) -> Result<(Resource, bool), OdataError> {
    if let Some((rows, last)) = raw_path.rsplit_once('/')
        && odata::decode("path", last).is_ok_and(|last| last == "$ref")
        && let Ok(rows @ (Resource::Set(_) | Resource::Collection { count: false, .. })) =
            Resource::parse(rows)
    {
        return Ok((rows, true));
    }
    Ok((Resource::parse(raw_path)?, false))
}

/// The media types that a request accepts.
pub(super) fn accept(headers: &HeaderMap) -> Option<&str> {
    header_text(headers, header::ACCEPT.as_str())
}

fn header_text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
