use authority::Fault;
use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::json;
use web::http::{self, oauth_code};

/// Returns a response that must not be cached (RFC 6749, section 5.1).
pub(super) fn uncached(status: StatusCode, body: &impl Serialize) -> Response {
    let headers = [(header::CACHE_CONTROL, "no-store"), (header::PRAGMA, "no-cache")];
    (status, headers, Json(body)).into_response()
}

/// The response to a refused request of a client.
pub(super) struct OAuthRejection(Response);

impl From<authority::Invalid> for OAuthRejection {
    fn from(invalid: authority::Invalid) -> Self {
        Self::from(Fault::from(invalid))
    }
}

impl From<Fault> for OAuthRejection {
    fn from(fault: Fault) -> Self {
        Self(refusal(&fault))
    }
}

impl From<http::BodyError> for OAuthRejection {
    fn from(error: http::BodyError) -> Self {
        let body = json!({ "error": "invalid_request", "error_description": error.to_string() });
        Self(uncached(error.status(), &body))
    }
}

impl IntoResponse for OAuthRejection {
    fn into_response(self) -> Response {
        self.0
    }
}

/// Returns the response to a fault (RFC 6749, section 5.2; RFC 8628, section 3.5).
pub(super) fn refusal(fault: &Fault) -> Response {
    let (status, error) = oauth_code(fault);
    if status.is_server_error() {
        tracing::error!(?fault, "an OAuth request failed");
    } else {
        tracing::info!(?fault, error, "an OAuth request was refused");
    }
    let body = json!({ "error": error, "error_description": fault.to_string() });
    let mut response = uncached(status, &body);
    if status == StatusCode::UNAUTHORIZED {
        let challenge = header::HeaderValue::from_static("Basic realm=\"grantor\", charset=\"UTF-8\"");
        response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    }
    http::refused(response, fault, error)
}
