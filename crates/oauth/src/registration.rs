//! Applications that register themselves (RFC 7591), and look after that (RFC 7592).

use authority::clients::registration::{self, Registered};
use authority::{Fault, json};
use axum::body::Bytes;
use axum::extract::Path;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};
use web::http::{self, RequestCtx, api_code, challenge, oauth_code, presented_token, refused};

use super::answer::uncached;

/// The registration endpoint (RFC 7591, section 3).
pub(super) async fn register(
    RequestCtx(ctx): RequestCtx,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let registered = async {
        let presented = presented_token(&headers)?;
        registration::register(&ctx, presented.as_ref(), &members(&headers, body)?).await
    };
    answer(StatusCode::CREATED, registered.await)
}

/// Shows a registration (RFC 7592, section 2.1).
pub(super) async fn show(
    RequestCtx(ctx): RequestCtx,
    Path(client_id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let shown = async {
        let presented = presented_token(&headers)?;
        registration::show(&ctx, presented.as_ref(), &client_id).await
    };
    answer(StatusCode::OK, shown.await)
}

/// Replaces a registration (RFC 7592, section 2.2).
pub(super) async fn replace(
    RequestCtx(ctx): RequestCtx,
    Path(client_id): Path<String>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let replaced = async {
        let presented = presented_token(&headers)?;
        registration::replace(&ctx, presented.as_ref(), &client_id, &members(&headers, body)?).await
    };
    answer(StatusCode::OK, replaced.await)
}

/// Ends a registration (RFC 7592, section 2.3).
pub(super) async fn remove(
    RequestCtx(ctx): RequestCtx,
    Path(client_id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let removed = async {
        let presented = presented_token(&headers)?;
        registration::remove(&ctx, presented.as_ref(), &client_id).await
    };
    match removed.await {
        Ok(()) => (StatusCode::NO_CONTENT, [(header::CACHE_CONTROL, "no-store")]).into_response(),
        Err(fault) => refusal(&fault),
    }
}

/// The members that a request sends.
fn members(headers: &HeaderMap, body: Result<Bytes, BytesRejection>) -> Result<Map<String, Value>, Fault> {
    let invalid = |message: &str| Fault::InvalidRequest(message.to_owned());
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/json") {
        return Err(invalid("the body is application/json"));
    }
    let body = http::body(body).map_err(|error| invalid(&error.to_string()))?;
    json::object(&body).map_err(|error| invalid(&format!("the body cannot be read: {error}")))
}

fn answer(status: StatusCode, outcome: Result<Registered, Fault>) -> Response {
    match outcome {
        Ok(registered) => uncached(status, &registered.members),
        Err(fault) => refusal(&fault),
    }
}

/// RFC 7591, section 3.2.2; about the token, RFC 6750, section 3.
fn refusal(fault: &Fault) -> Response {
    let (status, error) = match fault {
        Fault::BadField { field: "redirectUris" | "postLogoutRedirectUris", .. } => {
            (StatusCode::BAD_REQUEST, "invalid_redirect_uri")
        }
        Fault::BadField { .. } | Fault::InvalidRequest(_) | Fault::InvalidScope(_) => {
            (StatusCode::BAD_REQUEST, "invalid_client_metadata")
        }
        Fault::Unauthenticated(_) => (StatusCode::UNAUTHORIZED, "invalid_token"),
        Fault::InsufficientScope(_) => (StatusCode::FORBIDDEN, "insufficient_scope"),
        Fault::InsufficientUserAuthentication { .. } => {
            (StatusCode::UNAUTHORIZED, "insufficient_user_authentication")
        }
        Fault::Forbidden(_) => (StatusCode::FORBIDDEN, "access_denied"),
        Fault::NotFound(_) => (StatusCode::NOT_FOUND, "not_found"),
        other => oauth_code(other),
    };
    let (status, error) =
        if status.is_server_error() { (api_code(fault).0, "server_error") } else { (status, error) };
    tracing::info!(?fault, error, "a registration was refused");
    let mut response = uncached(status, &json!({ "error": error, "error_description": fault.to_string() }));
    if let Some(challenge) = challenge(fault) {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    }
    refused(response, fault, error)
}
