use std::sync::Arc;

use authority::Ctx;
use axum::Extension;
use axum::extract::{Request, State};
use axum::http::Method;
use axum::response::Response;
use odata::Resource;
use odata::negotiate::{Version, check_isolation, version};
use web::App;
use web::http::paths::ODATA;
use web::http::{RequestCtx, token_or_password_caller};
use web::rate_limit::{Meter, label};

use super::about::About;
use super::answer::Refusal;
use super::batch::BATCH;
use super::headers::header_text;
use super::import::is_import;
use super::posted_query;
use super::read::Reading;
use super::respond;
use super::transactions::{self, Call, Transactions};

/// Answers a request to the service within the rate limits, and tells what is left of them.
pub(super) async fn answer(
    State(app): State<Arc<App>>,
    Extension(transactions): Extension<Arc<Transactions>>,
    RequestCtx(ctx): RequestCtx,
    request: Request,
) -> Response {
    match app.rate_limits.enter(&ctx) {
        Ok(meter) => label(within_limits(&ctx, &transactions, &meter, request).await, &meter, ctx.now),
        Err(fault) => {
            let refused = respond::refusal(Version::default(), fault.into());
            label(refused, &app.rate_limits.meter(&ctx), ctx.now)
        }
    }
}

async fn within_limits(ctx: &Ctx, transactions: &Transactions, meter: &Meter, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let said = |name| header_text(&parts.headers, name);
    let version = match version(said("maxversion"), said("version")) {
        Ok(version) => version,
        Err(error) => return respond::refusal(Version::default(), error.into()),
    };
    let transaction = transactions::header(&parts.headers).map(|id| transactions.find(ctx, &id)).transpose();
    let transaction = match transaction {
        Ok(found) => found,
        Err(fault) => return respond::refusal(version, fault.into()),
    };
    let own = transaction.as_ref().map(|open| open.seen_by(ctx));
    let ctx = own.as_ref().unwrap_or(ctx);
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
        transaction: transaction.as_ref(),
    };
    // The extensions have the limit of the body.
    let mut sent = Request::new(body);
    *sent.extensions_mut() = parts.extensions.clone();
    let call = Call::of(reading.raw_path).filter(|_| !target.is_posted);
    if let Some(call) = call {
        let outcome = reading.transaction_call(call, transactions, &parts.method, sent).await;
        return outcome.unwrap_or_else(|refusal| respond::refusal(version, refusal));
    }
    if let Some(about) = About::of(reading.raw_path).filter(|_| !target.is_posted) {
        let outcome = reading.about(about, &parts.method);
        return outcome.unwrap_or_else(|refusal| respond::refusal(version, refusal));
    }
    if !target.is_posted && is_import(reading.raw_path) {
        let outcome = reading.import(&parts.method, sent).await;
        return outcome.unwrap_or_else(|refusal| respond::refusal(version, refusal));
    }
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
    reading.enter(&caller)?;
    reading.meter.charge(&caller, 1, reading.ctx.now)?;
    reading.resource(&caller, resource).await
}
