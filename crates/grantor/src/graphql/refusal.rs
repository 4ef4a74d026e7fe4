//! Requests that are refused before their document is looked at.

use async_graphql::ServerError;
use authority::Fault;
use axum::http::{HeaderValue, StatusCode, header};

use super::error;
use crate::http;

/// Why a request is refused before its document is looked at.
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) error: Box<ServerError>,
    pub(super) header: Option<(header::HeaderName, HeaderValue)>,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, code: &str, message: &str) -> Self {
        let error = ServerError { extensions: Some(error::code(code)), ..ServerError::new(message, None) };
        Self { status, error: Box::new(error), header: None }
    }

    pub(super) fn bad(message: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BAD_REQUEST", message)
    }
}

impl From<ServerError> for Refusal {
    fn from(error: ServerError) -> Self {
        Self { status: StatusCode::BAD_REQUEST, error: Box::new(error), header: None }
    }
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        let (status, _) = http::api_code(&fault);
        let challenge = http::challenge(&fault).map(|challenge| (header::WWW_AUTHENTICATE, challenge));
        let wait = || http::wait(&fault).map(|wait| (header::RETRY_AFTER, wait));
        Self { status, error: Box::new(error::of_fault(&fault)), header: challenge.or_else(wait) }
    }
}
