//! GraphQL over HTTP.

use std::sync::Arc;

use async_graphql::{Response, ServerError, Variables};
use authority::{Ctx, Fault};
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use serde::Deserialize;
use serde_json::json;

use super::caller::authenticate;
use super::execute::{Allowed, Asked, Executed, execute};
use super::media::{MediaType, accepts_html, is_json};
use super::{error, sdl};
use crate::app::App;
use crate::http::{self, RequestCtx};
use crate::pages::Visitor;
use crate::pages::views::{GraphqlPage, Section};

type HttpResponse = axum::response::Response;

/// Runs the document in the body.
pub(super) async fn post(
    State(app): State<Arc<App>>,
    RequestCtx(ctx): RequestCtx,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> HttpResponse {
    answer(&app, ctx, &headers, Allowed::All, || read_body(&headers, body)).await
}

/// Runs the query in the address; without one, tells a browser what this address is for.
pub(super) async fn get(
    State(app): State<Arc<App>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    visitor: Visitor,
) -> HttpResponse {
    if query.is_none() && accepts_html(&headers) {
        let base_url = visitor.ctx.settings().public_url.clone();
        let page = GraphqlPage { shell: visitor.shell(Section::Other), base_url };
        let mut response = visitor.show(StatusCode::OK, &page);
        response.headers_mut().insert(header::VARY, HeaderValue::from_static("Accept"));
        return response;
    }
    let query = query.unwrap_or_default();
    answer(&app, visitor.ctx, &headers, Allowed::Queries, || read_address(&query)).await
}

/// The schema in the schema definition language.
pub(super) async fn schema() -> HttpResponse {
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (headers, sdl()).into_response()
}

/// Why a request is refused before its document is looked at.
struct Refusal {
    status: StatusCode,
    error: Box<ServerError>,
    header: Option<(header::HeaderName, HeaderValue)>,
}

impl Refusal {
    fn new(status: StatusCode, code: &str, message: &str) -> Self {
        let error = ServerError { extensions: Some(error::code(code)), ..ServerError::new(message, None) };
        Self { status, error: Box::new(error), header: None }
    }

    fn bad(message: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BAD_REQUEST", message)
    }

    fn into_response(self, media_type: MediaType) -> HttpResponse {
        let mut response = respond(self.status, media_type, &json!({ "errors": [self.error] }));
        if let Some((name, value)) = self.header {
            response.headers_mut().insert(name, value);
        }
        response
    }
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        let (status, _) = http::api_code(&fault);
        let challenge = http::challenge(&fault).map(|challenge| (header::WWW_AUTHENTICATE, challenge));
        Self { status, error: Box::new(error::of_fault(&fault)), header: challenge }
    }
}

async fn answer(
    app: &App,
    ctx: Ctx,
    headers: &HeaderMap,
    allowed: Allowed,
    read: impl FnOnce() -> Result<Asked, Refusal>,
) -> HttpResponse {
    let Some(media_type) = MediaType::accepted(headers) else {
        let message = "the answer is application/graphql-response+json or application/json";
        let refusal = Refusal::new(StatusCode::NOT_ACCEPTABLE, "NOT_ACCEPTABLE", message);
        return refusal.into_response(MediaType::Json);
    };
    match run(app, ctx, headers, allowed, read).await {
        Ok(executed) => match executed.refused() {
            Some(challenge) => challenged(media_type, &executed.response, challenge),
            None => answered(media_type, &executed.response),
        },
        Err(refusal) => refusal.into_response(media_type),
    }
}

async fn run(
    app: &App,
    ctx: Ctx,
    headers: &HeaderMap,
    allowed: Allowed,
    read: impl FnOnce() -> Result<Asked, Refusal>,
) -> Result<Executed, Refusal> {
    let asking = authenticate(app, ctx, headers).await?;
    let asked = read()?;
    execute(&app.schema, asking, asked, allowed).await.map_err(|_| Refusal {
        header: Some((header::ALLOW, HeaderValue::from_static("POST"))),
        ..Refusal::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "METHOD_NOT_ALLOWED",
            "GET is for queries; send everything else with POST",
        )
    })
}

/// The members of a request's body; others are for others.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    query: Option<String>,
    operation_name: Option<String>,
    #[serde(default)]
    variables: Variables,
}

fn read_body(headers: &HeaderMap, body: Result<Bytes, BytesRejection>) -> Result<Asked, Refusal> {
    if !is_json(headers) {
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        return Err(Refusal::new(status, "UNSUPPORTED_MEDIA_TYPE", "the body is application/json in UTF-8"));
    }
    let body = http::body(body).map_err(|status| {
        let code = if status == StatusCode::PAYLOAD_TOO_LARGE { "PAYLOAD_TOO_LARGE" } else { "BAD_REQUEST" };
        Refusal::new(status, code, "the body is too long or incomplete")
    })?;
    // An array would be read as the members in their order.
    match body.trim_ascii_start().first() {
        Some(b'[') => return Err(Refusal::bad("one request at a time: batches are not answered")),
        Some(b'{') => {}
        _ => return Err(Refusal::bad("the body is a JSON object with the document as its 'query'")),
    }
    let body: Body = serde_json::from_slice(&body).map_err(|error| malformed("the body", &error))?;
    let query = body.query.ok_or_else(|| Refusal::bad("the body has no 'query'"))?;
    Ok(Asked { query, operation_name: body.operation_name, variables: body.variables })
}

fn read_address(query: &str) -> Result<Asked, Refusal> {
    let mut asked = Asked::default();
    let mut seen = Vec::new();
    for pair in query.split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        if !["query", "operationName", "variables"].contains(&name) {
            continue;
        }
        if seen.contains(&name) {
            return Err(Refusal::bad(&format!("'{name}' is given more than once")));
        }
        seen.push(name);
        let value =
            http::decode(value.as_bytes()).map_err(|_| Refusal::bad(&format!("'{name}' is not UTF-8")))?;
        match name {
            "query" => asked.query = value,
            "operationName" => asked.operation_name = Some(value).filter(|name| !name.is_empty()),
            _ if value.is_empty() => {}
            _ => {
                let parsed = serde_json::from_str(&value);
                asked.variables = parsed.map_err(|error| malformed("'variables'", &error))?;
            }
        }
    }
    if seen.contains(&"query") { Ok(asked) } else { Err(Refusal::bad("the address has no 'query'")) }
}

/// JSON that cannot be read. The parser's own words are left out: they could quote a secret.
fn malformed(what: &str, error: &serde_json::Error) -> Refusal {
    let problem = match error.classify() {
        serde_json::error::Category::Data => "does not have the expected members",
        _ => "is not JSON",
    };
    let (line, column) = (error.line(), error.column());
    Refusal::bad(&format!("{what} {problem}, at line {line}, column {column}"))
}

/// The answer to a document. Every field of the root is nullable, so data is missing only where the document was
/// not executed; the newer media type says so by its status too.
fn answered(media_type: MediaType, response: &Response) -> HttpResponse {
    let was_executed = response.data != async_graphql::Value::Null;
    if was_executed {
        return respond(StatusCode::OK, media_type, response);
    }
    let status = match media_type {
        MediaType::Json => StatusCode::OK,
        MediaType::GraphqlResponse => StatusCode::BAD_REQUEST,
    };
    respond(status, media_type, &json!({ "errors": response.errors }))
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
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (status, headers, body).into_response()
}
