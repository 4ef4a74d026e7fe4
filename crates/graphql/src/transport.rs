//! GraphQL over HTTP.

use std::sync::Arc;

use async_graphql::parser::types::OperationType;
use async_graphql::{ServerError, Value};
use authority::Ctx;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{Extension, RawQuery, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use serde_json::json;
use web::App;
use web::connections::ConnectionGuard;
use web::http::{self, RequestCtx};
use web::rate_limit::{Meter, label};

use super::answer::Answer;
use super::execute::{Allowed, Asked, Ready, Refused};
use super::media::{Accepted, MediaType, accepts_html};
use super::reading::{Requests, read_address, read_body};
use super::refusal::Refusal;
use super::run::{Executed, run_through};
use super::schema::sdl;
use super::sender::Sender;
use super::service::Service;
use super::streams::{begin, subscribe};
use super::{sse, web_socket};

type HttpResponse = axum::response::Response;

/// Runs the document in the body.
pub(super) async fn post(
    State(app): State<Arc<App>>,
    Extension(service): Extension<Arc<Service>>,
    RequestCtx(ctx): RequestCtx,
    held: Option<Extension<ConnectionGuard>>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> HttpResponse {
    let request = Received {
        app: &app,
        service: &service,
        ctx,
        held: held.map(|Extension(held)| held),
        headers: &headers,
    };
    limited(request, Allowed::Once, || read_body(&service, &headers, body)).await
}

/// Returns whether a browser opened the address without a query: it is shown a page.
pub(super) fn is_for_page(request: &Request) -> bool {
    let headers = request.headers();
    request.uri().query().is_none() && accepts_html(headers) && !headers.contains_key(header::UPGRADE)
}

/// Runs the query in the address, or opens a WebSocket.
pub(super) async fn get(
    State(app): State<Arc<App>>,
    Extension(service): Extension<Arc<Service>>,
    RequestCtx(ctx): RequestCtx,
    RawQuery(query): RawQuery,
    held: Option<Extension<ConnectionGuard>>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> HttpResponse {
    let held = held.map(|Extension(held)| held);
    if let Ok(upgrade) = upgrade {
        return match app.rate_limits.enter(&ctx) {
            Ok(meter) => web_socket::open((app, service), ctx, (meter, held), headers, upgrade),
            Err(fault) => {
                let meter = app.rate_limits.meter(&ctx);
                label(refused(fault.into(), MediaType::Json), &meter, ctx.now)
            }
        };
    }
    let query = query.unwrap_or_default();
    let request = Received { app: &app, service: &service, ctx, held, headers: &headers };
    limited(request, Allowed::Queries, || read_address(&service, &query)).await
}

/// The schema in the schema definition language.
pub(super) async fn schema() -> HttpResponse {
    let headers = [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")];
    (headers, sdl()).into_response()
}

/// A request, but for what it asks.
struct Received<'a> {
    app: &'a Arc<App>,
    service: &'a Arc<Service>,
    ctx: Ctx,
    held: Option<ConnectionGuard>,
    headers: &'a HeaderMap,
}

/// Answers a request within the rate limits, and tells what is left of them.
async fn limited(
    request: Received<'_>,
    allowed: Allowed,
    read: impl FnOnce() -> Result<Requests, Refusal>,
) -> HttpResponse {
    let (limits, ctx) = (&request.app.rate_limits, request.ctx.clone());
    match limits.enter(&ctx) {
        Ok(meter) => {
            let response = answer(request, &meter, allowed, read).await;
            label(
                response.unwrap_or_else(|(refusal, media_type)| refused(refusal, media_type)),
                &meter,
                ctx.now,
            )
        }
        Err(fault) => label(refused(fault.into(), MediaType::Json), &limits.meter(&ctx), ctx.now),
    }
}

async fn answer(
    Received { app, service, ctx, held, headers }: Received<'_>,
    meter: &Meter,
    allowed: Allowed,
    read: impl FnOnce() -> Result<Requests, Refusal>,
) -> Result<HttpResponse, (Refusal, MediaType)> {
    let Some(accepted) = Accepted::of(headers) else {
        let message = "the answer is application/graphql-response+json or application/json";
        let refusal = Refusal::new(StatusCode::NOT_ACCEPTABLE, "NOT_ACCEPTABLE", message);
        return Err((refusal, MediaType::Json));
    };
    let media_type = accepted.media_type();
    let typed = |refusal: Refusal| (refusal, media_type);
    let sender = Sender::of(app, ctx, headers).await.map_err(|fault| typed(fault.into()))?;
    let requests = sender.admit(read()).map_err(typed)?;
    let once = Once { service, sender: &sender, meter };
    match (requests, accepted) {
        (Requests::One(asked), Accepted::Once(_)) => {
            once.told(asked, allowed, held, media_type).await.map_err(typed)
        }
        (Requests::One(asked), Accepted::Events) => {
            let answers = begin(service, &sender, (meter, held.clone()), asked, allowed.lasting());
            let answers = answers.map_err(|refused| typed(refused.into()))?;
            Ok(sse::answer(answers, held))
        }
        (Requests::One(asked), Accepted::Either(_)) => {
            once.either(asked, allowed, held, media_type).await.map_err(typed)
        }
        (Requests::Several(_), Accepted::Events) => {
            Err(typed(Refusal::bad("one operation at a time as server-sent events")))
        }
        (Requests::Several(several), _) => Ok(once.each(several, allowed, held.as_ref(), media_type).await),
    }
}

/// What is answered once.
struct Once<'a> {
    service: &'a Arc<Service>,
    sender: &'a Sender,
    meter: &'a Meter,
}

impl Once<'_> {
    async fn told(
        &self,
        asked: Asked,
        allowed: Allowed,
        held: Option<ConnectionGuard>,
        media_type: MediaType,
    ) -> Result<HttpResponse, Refusal> {
        Ok(told(media_type, &self.run(asked, allowed, held).await?))
    }

    /// Answers once, but a subscription as events.
    async fn either(
        &self,
        asked: Asked,
        allowed: Allowed,
        held: Option<ConnectionGuard>,
        media_type: MediaType,
    ) -> Result<HttpResponse, Refusal> {
        let service = self.service;
        match self.sender.prepare(&service.limits, self.meter, asked, allowed.lasting()) {
            Ok(ready) if ready.operation == OperationType::Subscription => {
                Ok(sse::answer(subscribe(service, self.sender, ready)?, held))
            }
            prepared => Ok(told(media_type, &self.carried_out(prepared, held).await?)),
        }
    }

    async fn each(
        &self,
        several: Vec<Result<Asked, Refusal>>,
        allowed: Allowed,
        held: Option<&ConnectionGuard>,
        media_type: MediaType,
    ) -> HttpResponse {
        let mut answers = Vec::with_capacity(several.len());
        for asked in several {
            let outcome = match asked {
                Ok(asked) => self.run(asked, allowed, held.cloned()).await,
                Err(refusal) => Err(refusal),
            };
            answers.push(match outcome {
                Ok(executed) => executed.answer,
                Err(refusal) => Answer::refusing(refusal.errors),
            });
        }
        respond(StatusCode::OK, media_type, &answers)
    }

    async fn run(
        &self,
        asked: Asked,
        allowed: Allowed,
        held: Option<ConnectionGuard>,
    ) -> Result<Executed, Refusal> {
        let prepared = self.sender.prepare(&self.service.limits, self.meter, asked, allowed);
        self.carried_out(prepared, held).await
    }

    async fn carried_out(
        &self,
        prepared: Result<Ready, Refused>,
        held: Option<ConnectionGuard>,
    ) -> Result<Executed, Refusal> {
        match prepared {
            Ok(ready) => {
                let cost = self.sender.cost(self.meter, ready.cost);
                let mut executed = run_through(self.service, held, ready).await;
                executed.answer.cost = Some(cost);
                Ok(executed)
            }
            // The status of a document that cannot run depends on the media type.
            Err(Refused::Document(errors)) => Ok(Executed::refusing(errors)),
            Err(refused) => Err(refused.into()),
        }
    }
}

/// The answer to a document that ran, or was refused for a sign-in that does not suffice.
fn told(media_type: MediaType, executed: &Executed) -> HttpResponse {
    let response = match executed.refused() {
        Some(challenge) => challenged(media_type, &executed.answer, challenge),
        None => answered(media_type, &executed.answer),
    };
    counted(response, executed.answer.errors.first())
}

fn refused(refusal: Refusal, media_type: MediaType) -> HttpResponse {
    let mut response = respond(refusal.status, media_type, &json!({ "errors": refusal.errors }));
    if let Some((name, value)) = refusal.header {
        response.headers_mut().insert(name, value);
    }
    counted(response, refusal.errors.first())
}

/// Notes the code of the error that stands first.
fn counted(response: HttpResponse, error: Option<&ServerError>) -> HttpResponse {
    let code = error.and_then(|error| error.extensions.as_ref()?.get("code"));
    match code {
        Some(Value::String(code)) => http::refused_for(response, code.clone()),
        _ => response,
    }
}

/// The answer to a document. The newer media type says by its status whether it was executed.
fn answered(media_type: MediaType, answer: &Answer) -> HttpResponse {
    let status = match media_type {
        MediaType::GraphqlResponse if answer.data.is_none() => StatusCode::BAD_REQUEST,
        MediaType::GraphqlResponse | MediaType::Json => StatusCode::OK,
    };
    respond(status, media_type, answer)
}

/// The answer to a document that was refused as a whole, because its sender has to sign in anew (RFC 9470, section 3).
fn challenged(media_type: MediaType, answer: &Answer, challenge: &HeaderValue) -> HttpResponse {
    let errors = json!({ "errors": answer.errors });
    let mut response = respond(StatusCode::UNAUTHORIZED, media_type, &errors);
    response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge.clone());
    response
}

/// An answer that nobody on the way may keep: it can hold a secret.
fn respond(status: StatusCode, media_type: MediaType, body: &impl serde::Serialize) -> HttpResponse {
    let Ok(body) = serde_json::to_vec(body) else {
        tracing::error!("a GraphQL answer could not be written");
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, media_type.content_type()),
        (header::CACHE_CONTROL, "no-store"),
        (header::VARY, "Accept"),
    ];
    (status, headers, body).into_response()
}
