//! Requests that are refused before their document is looked at.

use async_graphql::ServerError;
use async_graphql::parser::types::OperationType;
use authority::Fault;
use axum::http::{HeaderValue, StatusCode, header};
use web::http;

use super::error;

/// Why nothing of a document ran.
#[derive(Debug)]
pub(super) enum PrepareError {
    /// The request may not run such an operation.
    NotAllowed(OperationType),
    /// The caller may not run it.
    Fault(Fault),
    /// The document cannot run for any caller: everything that is wrong with it, at least one error.
    Document(Vec<ServerError>),
}

impl From<ServerError> for PrepareError {
    fn from(error: ServerError) -> Self {
        Self::Document(vec![error])
    }
}

impl From<Vec<ServerError>> for PrepareError {
    fn from(errors: Vec<ServerError>) -> Self {
        if errors.is_empty() {
            ServerError::new("the document is invalid", None).into()
        } else {
            Self::Document(errors)
        }
    }
}

/// Why a request is refused before its document is looked at.
pub(super) struct GraphqlRejection {
    pub(super) status: StatusCode,
    /// At least one.
    pub(super) errors: Vec<ServerError>,
    pub(super) header: Option<(header::HeaderName, HeaderValue)>,
}

impl GraphqlRejection {
    pub(super) fn new(status: StatusCode, code: &str, message: &str) -> Self {
        let error = ServerError { extensions: Some(error::code(code)), ..ServerError::new(message, None) };
        Self { status, errors: vec![error], header: None }
    }

    pub(super) fn bad(message: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BAD_REQUEST", message)
    }
}

impl From<PrepareError> for GraphqlRejection {
    fn from(error: PrepareError) -> Self {
        match error {
            PrepareError::Document(errors) => Self { status: StatusCode::BAD_REQUEST, errors, header: None },
            PrepareError::Fault(fault) => fault.into(),
            PrepareError::NotAllowed(OperationType::Subscription) => {
                Self::bad("subscriptions are answered over a WebSocket or as server-sent events")
            }
            PrepareError::NotAllowed(OperationType::Query | OperationType::Mutation) => {
                let message = "GET is for queries; send everything else with POST";
                let allow = Some((header::ALLOW, HeaderValue::from_static("POST")));
                Self {
                    header: allow,
                    ..Self::new(StatusCode::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", message)
                }
            }
        }
    }
}

impl From<ServerError> for GraphqlRejection {
    fn from(error: ServerError) -> Self {
        Self { status: StatusCode::BAD_REQUEST, errors: vec![error], header: None }
    }
}

impl From<Fault> for GraphqlRejection {
    fn from(fault: Fault) -> Self {
        let (status, _) = http::api_code(&fault);
        let challenge = http::challenge(&fault).map(|challenge| (header::WWW_AUTHENTICATE, challenge));
        let wait = || http::wait(&fault).map(|wait| (header::RETRY_AFTER, wait));
        Self { status, errors: vec![error::from_fault(&fault)], header: challenge.or_else(wait) }
    }
}
