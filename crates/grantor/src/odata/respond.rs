//! Answers as HTTP has them.

use authority::Fault;
use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use odata::negotiate::{Form, MetadataLevel, ODATA_VERSION};
use odata::payload::error_body;

use super::answer::Refusal;
use crate::http::{api_code, challenge};

const VERSION: HeaderName = HeaderName::from_static("odata-version");

/// An answer in a form.
pub(super) fn found(form: Form, body: impl Into<Body>) -> Response {
    with_status(StatusCode::OK, form, body)
}

/// There is nothing, as asked (OData 4.01, part 1, 11.2.4).
pub(super) fn nothing() -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    response.headers_mut().insert(VERSION, HeaderValue::from_static(ODATA_VERSION));
    response
}

fn with_status(status: StatusCode, form: Form, body: impl Into<Body>) -> Response {
    let content_type = match form {
        Form::Json(_) => HeaderValue::from_str(&format!("{};charset=utf-8", form.content_type())),
        _ => HeaderValue::from_str(form.content_type()),
    };
    let mut response = (status, body.into()).into_response();
    let headers = response.headers_mut();
    if let Ok(content_type) = content_type {
        headers.insert(header::CONTENT_TYPE, content_type);
    }
    headers.insert(VERSION, HeaderValue::from_static(ODATA_VERSION));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    response
}

/// A refusal with the error body of the standard (OData JSON 4.01, section 21).
pub(super) fn refusal(refusal: Refusal) -> Response {
    let json = Form::Json(MetadataLevel::Minimal);
    match refusal {
        Refusal::Odata(error) => {
            let status = StatusCode::from_u16(error.kind().status()).unwrap_or(StatusCode::BAD_REQUEST);
            with_status(status, json, error.body())
        }
        Refusal::Fault(fault) => fault_answer(&fault),
        Refusal::Method => {
            let body = error_body("METHOD_NOT_ALLOWED", "the service is read with GET", None, None);
            let mut response = with_status(StatusCode::METHOD_NOT_ALLOWED, json, body);
            response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
            response
        }
    }
}

fn fault_answer(fault: &Fault) -> Response {
    let (status, code) = api_code(fault);
    if status.is_server_error() {
        tracing::error!(?fault, "an OData request failed");
    }
    let body = error_body(code, &fault.to_string(), None, None);
    let mut response = with_status(status, Form::Json(MetadataLevel::Minimal), body);
    if let Some(challenge) = challenge(fault) {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    }
    response
}
