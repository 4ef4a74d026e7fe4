//! Answers as HTTP has them.

use authority::Fault;
use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use odata::OdataError;
use odata::negotiate::{Form, JsonForm, Version};
use odata::payload::{error_body, etag, fields_body, stale_body};
use web::http::{api_code, challenge, refused, refused_for};

use super::answer::Refusal;
use super::conditional::with_etag;

const VERSION: HeaderName = HeaderName::from_static("odata-version");
/// What of a request decides over its answer, besides the address.
const VARY: &str = "Accept, OData-MaxVersion, Prefer, Authorization, X-Api-Key, Api-Key";

/// An answer in a form.
pub(super) fn found(version: Version, form: Form, body: impl Into<Body>) -> Response {
    with_status(StatusCode::OK, version, form, body)
}

/// There is nothing, as asked (OData 4.01, part 1, 11.2.4).
pub(super) fn nothing(version: Version) -> Response {
    finished(version, StatusCode::NO_CONTENT.into_response())
}

fn with_status(status: StatusCode, version: Version, form: Form, body: impl Into<Body>) -> Response {
    let mut response = (status, body.into()).into_response();
    if let Ok(content_type) = HeaderValue::from_str(&form.content_type(version)) {
        response.headers_mut().insert(header::CONTENT_TYPE, content_type);
    }
    finished(version, response)
}

fn finished(version: Version, mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(VERSION, HeaderValue::from_static(version.name()));
    headers.insert(header::VARY, HeaderValue::from_static(VARY));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    response
}

/// A refusal with the error body of the standard (OData JSON 4.01, section 21).
pub(super) fn refusal(version: Version, refusal: Refusal) -> Response {
    let json = Form::Json(JsonForm::default());
    match refusal {
        Refusal::Odata(error) => {
            let status = StatusCode::from_u16(error.kind().status()).unwrap_or(StatusCode::BAD_REQUEST);
            refused_for(with_status(status, version, json, error.body()), error.code())
        }
        Refusal::Fault(fault) => fault_answer(version, &fault),
        Refusal::Changed => {
            let body = error_body("PRECONDITION_FAILED", "the row was changed", Some("If-Match"), None);
            with_status(StatusCode::PRECONDITION_FAILED, version, json, body)
        }
        // OData 4.01 part 1, section 11.4: with the address of what the client had first.
        Refusal::Gone(again) => {
            let error = OdataError::BadDeltaToken;
            let mut response = with_status(StatusCode::GONE, version, json, error.body());
            if let Ok(again) = HeaderValue::from_str(&again) {
                response.headers_mut().insert(header::LOCATION, again);
            }
            response
        }
        Refusal::Method(allowed) => {
            let message = format!("this address allows the methods {allowed}");
            let body = error_body("METHOD_NOT_ALLOWED", &message, None, None);
            let mut response = with_status(StatusCode::METHOD_NOT_ALLOWED, version, json, body);
            if let Ok(allowed) = HeaderValue::from_str(&allowed) {
                response.headers_mut().insert(header::ALLOW, allowed);
            }
            response
        }
        Refusal::Unread(status, code, message) => {
            refused_for(with_status(status, version, json, error_body(code, &message, None, None)), code)
        }
    }
}

fn fault_answer(version: Version, fault: &Fault) -> Response {
    let (status, code) = api_code(fault);
    if status.is_server_error() {
        tracing::error!(?fault, "an OData request failed");
    }
    let body = match fault {
        Fault::Stale(current) => return refused(stale(version, code, *current), fault, code),
        Fault::BadFields(errors) => fields_body(code, &fault.to_string(), errors),
        Fault::BadField { field, .. } => error_body(code, &fault.to_string(), Some(field), None),
        _ => error_body(code, &fault.to_string(), None, None),
    };
    let mut response = with_status(status, version, Form::Json(JsonForm::default()), body);
    if let Some(challenge) = challenge(fault) {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    }
    refused(response, fault, code)
}

/// The response to a condition that a row does not meet, with the row's version.
fn stale(version: Version, code: &str, current: i64) -> Response {
    let json = Form::Json(JsonForm::default());
    let response = with_status(StatusCode::PRECONDITION_FAILED, version, json, stale_body(code, current));
    with_etag(response, &etag(current))
}
