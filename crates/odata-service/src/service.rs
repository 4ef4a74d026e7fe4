use std::sync::Arc;

use authority::{Ctx, Fault};
use axum::extract::{Request, State};
use axum::http::Method;
use axum::response::Response;
use odata::Resource;
use odata::negotiate::{Version, check_isolation, version};
use web::App;
use web::http::paths::ODATA;
use web::http::{RequestCtx, token_or_password_caller};
use web::rate_limit::{Meter, label};

use super::answer::Refusal;
use super::batch::BATCH;
use super::headers::header_text;
use super::posted_query;
use super::read::Reading;
use super::respond;

/// Answers a request to the service within the rate limits, and tells what is left of them.
pub(super) async fn answer(
    State(app): State<Arc<App>>,
    RequestCtx(ctx): RequestCtx,
    request: Request,
) -> Response {
    match app.rate_limits.enter(&ctx) {
        Ok(meter) => label(within_limits(&ctx, &meter, request).await, &meter, ctx.now),
        Err(fault) => {
            let refused = respond::refusal(Version::default(), fault.into());
            label(refused, &app.rate_limits.meter(&ctx), ctx.now)
        }
    }
}

async fn within_limits(ctx: &Ctx, meter: &Meter, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let said = |name| header_text(&parts.headers, name);
    let version = match version(said("maxversion"), said("version")) {
        Ok(version) => version,
        Err(error) => return respond::refusal(Version::default(), error.into()),
    };
    if let Some(id) = parts.headers.get("transactionid") {
        let id = String::from_utf8_lossy(id.as_bytes());
        let unknown = Fault::InvalidRequest(format!("Invalid TransactionId {id}."));
        return respond::refusal(version, unknown.into());
    }
    let path = parts.uri.path().strip_prefix(ODATA).unwrap_or_default().trim_start_matches('/');
    let (target, body) = match posted_query::target(&parts, path, body).await {
        Ok(found) => found,
        Err(refusal) => return respond::refusal(version, refusal),
    };
    let reading = Reading {
        root: format!("{}{ODATA}/", ctx.settings().public_url),
        raw_path: &target.path,
        raw_query: &target.query,
        headers: &parts.headers,
        version,
        ctx,
        meter,
    };
    // The extensions have the limit of the body.
    let mut sent = Request::new(body);
    *sent.extensions_mut() = parts.extensions.clone();
    let outcome = match parts.method {
        _ if target.is_posted => read(&reading).await,
        Method::POST if reading.raw_path == BATCH => reading.batch(sent).await,
        Method::GET | Method::HEAD => read(&reading).await,
        ref method => reading.write(method, sent).await,
    };
    outcome.unwrap_or_else(|refusal| respond::refusal(version, refusal))
}

async fn read(reading: &Reading<'_>) -> Result<Response, Refusal> {
    let resource = Resource::parse(reading.raw_path)?;
    check_isolation(header_text(reading.headers, "isolation"))?;
    // What the service offers is no secret; what is in it is.
    match resource {
        Resource::Metadata => return reading.metadata(),
        Resource::ServiceDocument => return reading.service_document(),
        _ => {}
    }
    let caller = token_or_password_caller(reading.ctx, reading.headers).await?;
    reading.meter.charge(&caller, 1, reading.ctx.now)?;
    reading.resource(&caller, resource).await
}
