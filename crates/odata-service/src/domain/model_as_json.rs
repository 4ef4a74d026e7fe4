use authority::{Ctx, Fault, scopes};
use axum::extract::{Path, RawQuery};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use model::Entity;
use odata::payload::error_body;
use reference::http::{Access, Answer, Body, Endpoint, Field, Kind, Method, Parameter, Tag};
use web::http::answers::{FORBIDDEN, MALFORMED, NOT_FOUND, RATE_LIMITED, UNAUTHENTICATED};
use web::http::{RequestCtx, api_code, challenge, decode, refused, token_or_password_caller};

use super::repository::Repository;
use crate::conditional::{Verdict, document_etag, judge, not_modified, with_etag};
use crate::endpoints::SET;

const DETAILS: Parameter =
    Field::new("details", Kind::Boolean, "Whether the response has the details of each member.").in_query();
const MODEL: Answer =
    Answer::new(200, "The model.", Body { media: "application/json", kind: Kind::Objects(&[]) });
const REPOSITORY: Answer = Answer::new(
    200,
    "The repository.",
    Body::json(&[Field::required("Name", Kind::Text, "The name of the entity set.")]),
);

const fn endpoint(path: &'static str, id: &'static str, summary: &'static str) -> Endpoint {
    Endpoint::new(Method::Get, path, Tag::Model, id, summary)
}

pub(super) const STANDARD: Endpoint = Endpoint {
    parameters: &[DETAILS],
    answers: &[MODEL, MALFORMED, RATE_LIMITED],
    ..endpoint("/api/domain/standardmodel", "standardModel", "Returns the model as delivered")
};

pub(super) const STANDARD_SET: Endpoint = Endpoint {
    parameters: &[SET],
    answers: &[REPOSITORY, MALFORMED, NOT_FOUND, RATE_LIMITED],
    ..endpoint(
        "/api/domain/standardmodel/{set}",
        "standardModelOf",
        "Returns one repository of the model as delivered",
    )
};

pub(super) const CURRENT: Endpoint = Endpoint {
    description: "Requires the scope `read`.",
    access: Access::Token,
    parameters: &[DETAILS],
    answers: &[MODEL, MALFORMED, UNAUTHENTICATED, FORBIDDEN, RATE_LIMITED],
    ..endpoint("/api/domain/currentmodel", "currentModel", "Returns the model as installed here")
};

pub(super) const CURRENT_SET: Endpoint = Endpoint {
    description: "Requires the scope `read`.",
    access: Access::Token,
    parameters: &[SET],
    answers: &[REPOSITORY, MALFORMED, UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, RATE_LIMITED],
    ..endpoint(
        "/api/domain/currentmodel/{set}",
        "currentModelOf",
        "Returns one repository of the model as installed here",
    )
};

/// The model as delivered, which is public.
pub(super) async fn standard(headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    answer(&headers, all(query.as_deref()))
}

/// One repository of the model as it is delivered.
pub(super) async fn standard_set(headers: HeaderMap, Path(set): Path<String>) -> Response {
    answer(&headers, one(&set))
}

/// The model as it is here, for those who may read; it is the delivered one.
pub(super) async fn current(
    RequestCtx(ctx): RequestCtx,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    answer(&headers, may_read(&ctx, &headers).await.and_then(|()| all(query.as_deref())))
}

/// One repository of the model as it is here.
pub(super) async fn current_set(
    RequestCtx(ctx): RequestCtx,
    headers: HeaderMap,
    Path(set): Path<String>,
) -> Response {
    answer(&headers, may_read(&ctx, &headers).await.and_then(|()| one(&set)))
}

async fn may_read(ctx: &Ctx, headers: &HeaderMap) -> Result<(), Fault> {
    token_or_password_caller(ctx, headers).await?.require(ctx, scopes::READ)
}

fn all(query: Option<&str>) -> Result<Vec<u8>, Fault> {
    let detailed = wants_details(query.unwrap_or_default())?;
    let all: Vec<_> = model::entities().map(|entity| Repository::new(entity, detailed)).collect();
    Ok(serde_json::to_vec(&all)?)
}

/// One repository comes with its details, whether they are asked for or not.
fn one(set: &str) -> Result<Vec<u8>, Fault> {
    let entity = model::find_entity(set).ok_or_else(|| unknown(set))?;
    Ok(serde_json::to_vec(&Repository::new(entity, true))?)
}

fn wants_details(query: &str) -> Result<bool, Fault> {
    for pair in query.split('&') {
        if let Some(value) = pair.strip_prefix("details=") {
            return decode(value.as_bytes())?
                .to_ascii_lowercase()
                .parse()
                .map_err(|_| Fault::InvalidRequest("details is true or false".to_owned()));
        }
    }
    Ok(false)
}

fn unknown(set: &str) -> Fault {
    let sets: Vec<String> = model::entities().map(Entity::set_name).collect();
    let meant = model::nearest(set, sets.iter().map(String::as_str));
    let meant = meant.map(|name| format!("; did you mean '{name}'?")).unwrap_or_default();
    Fault::NotFound(format!("the model has no entity set '{set}'{meant}"))
}

/// Answers with a document, or with 304 if the client has it.
fn answer(headers: &HeaderMap, outcome: Result<Vec<u8>, Fault>) -> Response {
    let mut response = match outcome {
        Ok(document) => {
            let etag = document_etag(&document);
            let response = ([(header::CONTENT_TYPE, "application/json")], document).into_response();
            let response = with_etag(response, &etag);
            if judge(headers, &etag) == Verdict::NotModified { not_modified(response) } else { response }
        }
        Err(fault) => refusal(&fault),
    };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

fn refusal(fault: &Fault) -> Response {
    let (status, code): (StatusCode, _) = api_code(fault);
    if status.is_server_error() {
        tracing::error!(?fault, "a request for the model failed");
    }
    let body = error_body(code, &fault.to_string(), None, None);
    let mut response = (status, [(header::CONTENT_TYPE, "application/json")], body).into_response();
    if let Some(challenge) = challenge(fault) {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    }
    refused(response, fault, code)
}
