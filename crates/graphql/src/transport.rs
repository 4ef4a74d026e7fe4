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

use super::execute::{AllowedOperations, PreparedOperation};
use super::media::{Accepted, MediaType, accepts_html};
use super::rejection::{GraphqlRejection, PrepareError};
use super::request::{GraphqlRequest, Requests, read_address, read_body};
use super::requester::Requester;
use super::response::GraphqlResponse;
use super::run::{Executed, run_to_completion};
use super::schema::sdl;
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
    limited(request, AllowedOperations::QueriesAndMutations, || read_body(&service, &headers, body)).await
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
            Ok(_) => web_socket::open((app, service), ctx, held, headers, upgrade),
            Err(fault) => {
                let meter = app.rate_limits.meter(&ctx);
                label(rejected(fault.into(), MediaType::Json), &meter, ctx.now)
            }
        };
    }
    let query = query.unwrap_or_default();
    let request = Received { app: &app, service: &service, ctx, held, headers: &headers };
    limited(request, AllowedOperations::Queries, || read_address(&service, &query)).await
}

/// The schema in the schema definition language.
pub(super) async fn schema() -> HttpResponse {
    let headers = [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")];
    (headers, sdl()).into_response()
}

/// A request without its content.
struct Received<'a> {
    app: &'a Arc<App>,
    service: &'a Arc<Service>,
    ctx: Ctx,
    held: Option<ConnectionGuard>,
    headers: &'a HeaderMap,
}

/// Answers a request within the rate limits, and reports the rest of them.
async fn limited(
    request: Received<'_>,
    allowed: AllowedOperations,
    read: impl FnOnce() -> Result<Requests, GraphqlRejection>,
) -> HttpResponse {
    let (limits, ctx) = (&request.app.rate_limits, request.ctx.clone());
    match limits.enter(&ctx) {
        Ok(meter) => {
            let response = answer(request, &meter, allowed, read).await;
            label(
                response.unwrap_or_else(|(rejection, media_type)| rejected(rejection, media_type)),
                &meter,
                ctx.now,
            )
        }
        Err(fault) => label(rejected(fault.into(), MediaType::Json), &limits.meter(&ctx), ctx.now),
    }
}

async fn answer(
    Received { app, service, ctx, held, headers }: Received<'_>,
    meter: &Meter,
    allowed: AllowedOperations,
    read: impl FnOnce() -> Result<Requests, GraphqlRejection>,
) -> Result<HttpResponse, (GraphqlRejection, MediaType)> {
    let Some(accepted) = Accepted::from_headers(headers) else {
        let message = "the answer is application/graphql-response+json or application/json";
        let rejection = GraphqlRejection::new(StatusCode::NOT_ACCEPTABLE, "NOT_ACCEPTABLE", message);
        return Err((rejection, MediaType::Json));
    };
    let media_type = accepted.media_type();
    let typed = |rejection: GraphqlRejection| (rejection, media_type);
    let requester = Requester::authenticate(app, ctx, headers).await.map_err(|fault| typed(fault.into()))?;
    let requests = requester.admit(read()).map_err(typed)?;
    let responder = Responder { service, requester: &requester, meter };
    match (requests, accepted) {
        (Requests::One(request), Accepted::Single(_)) => {
            responder.single(request, allowed, held, media_type).await.map_err(typed)
        }
        (Requests::One(request), Accepted::Events) => {
            let answers =
                begin(service, &requester, (meter, held.clone()), request, allowed.with_subscriptions());
            let answers = answers.map_err(|refused| typed(refused.into()))?;
            Ok(sse::answer(answers, held))
        }
        (Requests::One(request), Accepted::SingleOrEvents(_)) => {
            responder.single_or_events(request, allowed, held, media_type).await.map_err(typed)
        }
        (Requests::Several(_), Accepted::Events) => {
            Err(typed(GraphqlRejection::bad("one operation at a time as server-sent events")))
        }
        (Requests::Several(several), _) => {
            Ok(responder.batch(several, allowed, held.as_ref(), media_type).await)
        }
    }
}

/// Answers requests with one response each.
struct Responder<'a> {
    service: &'a Arc<Service>,
    requester: &'a Requester,
    meter: &'a Meter,
}

impl Responder<'_> {
    async fn single(
        &self,
        request: GraphqlRequest,
        allowed: AllowedOperations,
        held: Option<ConnectionGuard>,
        media_type: MediaType,
    ) -> Result<HttpResponse, GraphqlRejection> {
        Ok(executed_response(media_type, &self.run(request, allowed, held).await?))
    }

    /// Answers with one response, but a subscription with events.
    async fn single_or_events(
        &self,
        request: GraphqlRequest,
        allowed: AllowedOperations,
        held: Option<ConnectionGuard>,
        media_type: MediaType,
    ) -> Result<HttpResponse, GraphqlRejection> {
        let service = self.service;
        match self.requester.prepare(&service.limits, self.meter, request, allowed.with_subscriptions()) {
            Ok(operation) if operation.kind == OperationType::Subscription => {
                Ok(sse::answer(subscribe(service, self.requester, operation)?, held))
            }
            prepared => Ok(executed_response(media_type, &self.execute(prepared, held).await?)),
        }
    }

    async fn batch(
        &self,
        several: Vec<Result<GraphqlRequest, GraphqlRejection>>,
        allowed: AllowedOperations,
        held: Option<&ConnectionGuard>,
        media_type: MediaType,
    ) -> HttpResponse {
        let mut answers = Vec::with_capacity(several.len());
        for request in several {
            let outcome = match request {
                Ok(request) => self.run(request, allowed, held.cloned()).await,
                Err(rejection) => Err(rejection),
            };
            answers.push(match outcome {
                Ok(executed) => executed.response,
                Err(rejection) => GraphqlResponse::refusing(rejection.errors),
            });
        }
        respond(StatusCode::OK, media_type, &answers)
    }

    async fn run(
        &self,
        request: GraphqlRequest,
        allowed: AllowedOperations,
        held: Option<ConnectionGuard>,
    ) -> Result<Executed, GraphqlRejection> {
        let prepared = self.requester.prepare(&self.service.limits, self.meter, request, allowed);
        self.execute(prepared, held).await
    }

    async fn execute(
        &self,
        prepared: Result<PreparedOperation, PrepareError>,
        held: Option<ConnectionGuard>,
    ) -> Result<Executed, GraphqlRejection> {
        match prepared {
            Ok(operation) => {
                let cost = self.requester.cost(self.meter, operation.cost);
                let mut executed = run_to_completion(self.service, held, operation).await;
                executed.response.cost = Some(cost);
                Ok(executed)
            }
            // The status of a document that cannot run depends on the media type.
            Err(PrepareError::Document(errors)) => Ok(Executed::refusing(errors)),
            Err(refused) => Err(refused.into()),
        }
    }
}

/// The answer to a document that ran, or was refused for a sign-in that does not suffice.
fn executed_response(media_type: MediaType, executed: &Executed) -> HttpResponse {
    let response = match executed.refused() {
        Some(challenge) => challenged(media_type, &executed.response, challenge),
        None => answered(media_type, &executed.response),
    };
    counted(response, executed.response.errors.first())
}

fn rejected(rejection: GraphqlRejection, media_type: MediaType) -> HttpResponse {
    let mut response = respond(rejection.status, media_type, &json!({ "errors": rejection.errors }));
    if let Some((name, value)) = rejection.header {
        response.headers_mut().insert(name, value);
    }
    counted(response, rejection.errors.first())
}

/// Records the code of the first error.
fn counted(response: HttpResponse, error: Option<&ServerError>) -> HttpResponse {
    let code = error.and_then(|error| error.extensions.as_ref()?.get("code"));
    match code {
        Some(Value::String(code)) => http::refused_for(response, code.clone()),
        _ => response,
    }
}

/// The response to a document. With the newer media type, the status depends on whether it was executed.
fn answered(media_type: MediaType, answer: &GraphqlResponse) -> HttpResponse {
    let status = match media_type {
        MediaType::GraphqlResponse if answer.data.is_none() => StatusCode::BAD_REQUEST,
        MediaType::GraphqlResponse | MediaType::Json => StatusCode::OK,
    };
    respond(status, media_type, answer)
}

/// The response to a document that was refused as a whole, because another sign-in is required (RFC 9470, section 3).
fn challenged(media_type: MediaType, answer: &GraphqlResponse, challenge: &HeaderValue) -> HttpResponse {
    let errors = json!({ "errors": answer.errors });
    let mut response = respond(StatusCode::UNAUTHORIZED, media_type, &errors);
    response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge.clone());
    response
}

/// A response that no cache may store: it can contain a secret.
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
