//! GraphQL over HTTP.

use std::sync::Arc;

use async_graphql::parser::types::OperationType;
use async_graphql::{Response, ServerError, Value};
use authority::{Ctx, Fault, Reason};
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{Extension, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use serde_json::json;

use super::caller::{Asking, authenticate};
use super::execute::{Allowed, Asked, Executed, Refused, prepare, prepare_open};
use super::media::{MediaType, accepts_html};
use super::reading::{Requests, read_address, read_body};
use super::refusal::Refusal;
use super::{sdl, sse, streams, web_socket};
use crate::app::App;
use crate::connections::Held;
use crate::http::{self, RequestCtx};
use crate::pages::Visitor;
use crate::pages::views::{GraphqlPage, Section};

type HttpResponse = axum::response::Response;

/// Runs the document in the body.
pub(super) async fn post(
    State(app): State<Arc<App>>,
    RequestCtx(ctx): RequestCtx,
    held: Option<Extension<Held>>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> HttpResponse {
    let request = Received { app: &app, ctx, held, headers: &headers };
    answer(request, Allowed::Once, || read_body(&app.graphql, &headers, body)).await
}

/// Runs the query in the address; without one, tells a browser what this address is for.
pub(super) async fn get(
    State(app): State<Arc<App>>,
    RawQuery(query): RawQuery,
    held: Option<Extension<Held>>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
    visitor: Visitor,
) -> HttpResponse {
    if let Ok(upgrade) = upgrade {
        let held = held.map(|Extension(held)| held);
        return web_socket::open(app, visitor.ctx, held, headers, upgrade);
    }
    if query.is_none() && accepts_html(&headers) {
        let base_url = visitor.ctx.settings().public_url.clone();
        let page = GraphqlPage { shell: visitor.shell(Section::Other), base_url };
        let mut response = visitor.show(StatusCode::OK, &page);
        response.headers_mut().insert(header::VARY, HeaderValue::from_static("Accept"));
        return response;
    }
    let query = query.unwrap_or_default();
    let request = Received { app: &app, ctx: visitor.ctx, held, headers: &headers };
    answer(request, Allowed::Queries, || read_address(&app.graphql, &query)).await
}

/// The schema in the schema definition language.
pub(super) async fn schema() -> HttpResponse {
    let headers = [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")];
    (headers, sdl()).into_response()
}

/// A request, but for what it asks.
struct Received<'a> {
    app: &'a App,
    ctx: Ctx,
    held: Option<Extension<Held>>,
    headers: &'a HeaderMap,
}

async fn answer(
    request: Received<'_>,
    allowed: Allowed,
    read: impl FnOnce() -> Result<Requests, Refusal>,
) -> HttpResponse {
    if sse::is_accepted(request.headers) {
        return follow(request, allowed, read).await;
    }
    let Received { app, ctx, headers, .. } = request;
    let Some(media_type) = MediaType::accepted(headers) else {
        let message = "the answer is application/graphql-response+json or application/json";
        let refusal = Refusal::new(StatusCode::NOT_ACCEPTABLE, "NOT_ACCEPTABLE", message);
        return refused(refusal, MediaType::Json);
    };
    let open_ctx = ctx.clone();
    let asking = match authenticate(app, ctx, headers).await {
        Ok(asking) => asking,
        Err(fault @ Fault::Unauthenticated(Reason::Missing)) if allowed != Allowed::Queries => {
            let open = match read() {
                Ok(Requests::One(asked)) => prepare_open(&app.graphql.limits, &open_ctx, asked),
                _ => None,
            };
            return match open {
                Some(ready) => {
                    let service = &app.graphql;
                    told(media_type, &super::execute::run(&service.schema, &service.limits, ready).await)
                }
                None => refused(fault.into(), media_type),
            };
        }
        Err(fault) => return refused(fault.into(), media_type),
    };
    match read() {
        Ok(Requests::One(asked)) => match run(app, &asking, asked, allowed).await {
            Ok(executed) => told(media_type, &executed),
            Err(refusal) => refused(refusal, media_type),
        },
        Ok(Requests::Several(several)) => {
            let mut answers = Vec::with_capacity(several.len());
            for asked in several {
                let outcome = match asked {
                    Ok(asked) => run(app, &asking, asked, allowed).await,
                    Err(refusal) => Err(refusal),
                };
                answers.push(match outcome {
                    Ok(executed) => body_of(&executed.response),
                    Err(refusal) => json!({ "errors": [refusal.error] }),
                });
            }
            respond(StatusCode::OK, media_type, &answers)
        }
        Err(refusal) => refused(refusal, media_type),
    }
}

/// Answers as long as the operation lasts.
async fn follow(
    Received { app, ctx, held, headers }: Received<'_>,
    allowed: Allowed,
    read: impl FnOnce() -> Result<Requests, Refusal>,
) -> HttpResponse {
    let allowed = if allowed == Allowed::Queries { Allowed::Unchanging } else { Allowed::All };
    let begun = async {
        let asking = authenticate(app, ctx, headers).await?;
        let Requests::One(asked) = read()? else {
            return Err(Refusal::bad("one operation at a time as server-sent events"));
        };
        streams::begin(&app.graphql, &asking, asked, allowed).map_err(|refused| match refused {
            Refused::Document(error) => Refusal::from(*error),
            Refused::Fault(fault) => fault.into(),
            Refused::Method(operation) => wrong_method(operation),
        })
    };
    match begun.await {
        Ok(responses) => sse::answer(responses, held.map(|Extension(held)| held)),
        Err(refusal) => refused(refusal, MediaType::Json),
    }
}

async fn run(app: &App, asking: &Asking, asked: Asked, allowed: Allowed) -> Result<Executed, Refusal> {
    let limits = &app.graphql.limits;
    match prepare(limits, asking, asked, allowed) {
        Ok(ready) => Ok(super::execute::run(&app.graphql.schema, limits, ready).await),
        Err(Refused::Document(error)) => Ok(Executed::refusing(*error)),
        Err(Refused::Fault(fault)) => Err(fault.into()),
        Err(Refused::Method(operation)) => Err(wrong_method(operation)),
    }
}

/// The answer to a document that ran, or was refused for a sign-in that does not suffice.
fn told(media_type: MediaType, executed: &Executed) -> HttpResponse {
    let response = match executed.refused() {
        Some(challenge) => challenged(media_type, &executed.response, challenge),
        None => answered(media_type, &executed.response),
    };
    counted(response, executed.response.errors.first())
}

fn refused(refusal: Refusal, media_type: MediaType) -> HttpResponse {
    let mut response = respond(refusal.status, media_type, &json!({ "errors": [refusal.error] }));
    if let Some((name, value)) = refusal.header {
        response.headers_mut().insert(name, value);
    }
    counted(response, Some(&refusal.error))
}

/// Notes the code of the error that stands first.
fn counted(response: HttpResponse, error: Option<&ServerError>) -> HttpResponse {
    let code = error.and_then(|error| error.extensions.as_ref()?.get("code"));
    match code {
        Some(Value::String(code)) => http::refused_for(response, code.clone()),
        _ => response,
    }
}

fn wrong_method(operation: OperationType) -> Refusal {
    let status = StatusCode::METHOD_NOT_ALLOWED;
    if operation == OperationType::Subscription {
        return Refusal::bad("subscriptions are answered over a WebSocket or as server-sent events");
    }
    let message = "GET is for queries; send everything else with POST";
    let allow = Some((header::ALLOW, HeaderValue::from_static("POST")));
    Refusal { header: allow, ..Refusal::new(status, "METHOD_NOT_ALLOWED", message) }
}

/// The answer to a document. Every field of the root is nullable, so data is missing only where the document was
/// not executed; the newer media type says so by its status too.
fn answered(media_type: MediaType, response: &Response) -> HttpResponse {
    let was_executed = response.data != Value::Null;
    if was_executed {
        return respond(StatusCode::OK, media_type, response);
    }
    let status = match media_type {
        MediaType::Json => StatusCode::OK,
        MediaType::GraphqlResponse => StatusCode::BAD_REQUEST,
    };
    respond(status, media_type, &body_of(response))
}

/// What is told of an execution; without data where there was none.
fn body_of(response: &Response) -> serde_json::Value {
    if response.data == Value::Null {
        return json!({ "errors": response.errors });
    }
    serde_json::to_value(response).unwrap_or_default()
}

/// The answer to a document that was refused as a whole, because its sender has to sign in anew (RFC 9470, section 3).
fn challenged(media_type: MediaType, response: &Response, challenge: &HeaderValue) -> HttpResponse {
    let errors = json!({ "errors": response.errors });
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
