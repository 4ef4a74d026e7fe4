use authority::Fault;
use authority::tokens::Pass;
use axum::Json;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use web::http::{api_code, challenge, encode_header, refused, refused_for};

const NO_STORE: (HeaderName, HeaderValue) = (header::CACHE_CONTROL, HeaderValue::from_static("no-store"));

/// Allows the request; the headers identify the caller. Each header is always present, so that the proxy replaces
/// one that the client sent.
pub(super) fn pass(who: &Pass) -> Response {
    let mut response = ([NO_STORE], StatusCode::OK).into_response();
    let headers = response.headers_mut();
    let user = who.user.map(|user| user.to_string()).unwrap_or_default();
    for (name, value) in [
        ("x-grantor-user", user.as_str()),
        ("x-grantor-login", who.login.as_deref().unwrap_or_default()),
        ("x-grantor-subject", &who.subject),
        ("x-grantor-client", &who.client),
        ("x-grantor-scopes", &who.scopes),
        ("x-grantor-token-id", &who.token.to_string()),
        ("x-grantor-kind", who.kind),
    ] {
        let value = HeaderValue::from_str(&encode_header(value)).unwrap_or(HeaderValue::from_static(""));
        headers.insert(HeaderName::from_static(name), value);
    }
    response
}

/// Refuses the request. Errors of the client are 401 or 403: nginx treats every other status as a failure.
pub(super) fn refuse(fault: &Fault) -> Response {
    let malformed = HeaderValue::from_static("Bearer realm=\"grantor\", error=\"invalid_request\"");
    let (status, demand) = match fault {
        Fault::InvalidRequest(_) => (StatusCode::UNAUTHORIZED, Some(malformed)),
        fault => (api_code(fault).0, challenge(fault)),
    };
    if status.is_server_error() {
        tracing::error!(?fault, "forward auth failed");
    } else {
        tracing::info!(?fault, "forward auth refused a request");
    }
    let body = json!({ "error": code(fault), "error_description": fault.to_string() });
    let mut response = (status, [NO_STORE], Json(body)).into_response();
    if let Some(demand) = demand {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, demand);
    }
    refused(response, fault, code(fault))
}

/// The error codes of RFC 6750 (section 3.1), 9449 and 9470.
const fn code(fault: &Fault) -> &'static str {
    match fault {
        Fault::InvalidRequest(_) => "invalid_request",
        Fault::InsufficientScope(_) => "insufficient_scope",
        Fault::InsufficientUserAuthentication { .. } => "insufficient_user_authentication",
        Fault::InvalidDpopProof(_) => "invalid_dpop_proof",
        Fault::UseDpopNonce => "use_dpop_nonce",
        Fault::Unauthenticated(_) => "invalid_token",
        Fault::Unavailable(_) => "temporarily_unavailable",
        _ => "server_error",
    }
}

/// Refuses a request of a misconfigured proxy, with a log line for its operator.
pub(super) fn misconfigured(message: &str) -> Response {
    tracing::warn!(message, "a proxy is misconfigured for forward auth");
    let body = json!({ "error": "misconfigured", "error_description": message });
    refused_for((StatusCode::BAD_REQUEST, [NO_STORE], Json(body)).into_response(), "misconfigured")
}

#[cfg(test)]
mod tests {
    use model::Uuid;

    use super::*;

    #[test]
    fn names_cannot_break_a_header() {
        let login = "j\u{fc}rgen, 100%\r\nX-Grantor-Scopes: sec".to_owned();
        let text = || "a b".to_owned();
        let (user, token, login) = (None, Uuid::nil(), Some(login));
        let who = Pass { user, login, subject: text(), client: text(), scopes: text(), token, kind: "user" };
        let response = pass(&who);
        assert_eq!(response.headers()["x-grantor-login"], "j%C3%BCrgen%2C 100%25%0D%0AX-Grantor-Scopes: sec");
        assert_eq!(response.headers()["x-grantor-scopes"], "a b");
        assert_eq!(response.headers()["x-grantor-user"], "", "the holder of the token may not learn it");
        assert_eq!(
            response.headers().keys().filter(|name| name.as_str().starts_with("x-grantor-")).count(),
            7
        );
    }
}
