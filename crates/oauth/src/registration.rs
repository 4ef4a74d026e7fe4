//! Registration of clients (RFC 7591) and its management (RFC 7592).

use authority::clients::registration::{self, Registered};
use authority::{Fault, json};
use axum::body::Bytes;
use axum::extract::Path;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use reference::http::{Access, Answer, Body, Endpoint, Field, Kind, Method, Parameter, Tag};
use serde_json::{Map, Value, json};
use web::http::answers::OAUTH_ERROR;
use web::http::negotiation::{JSON, require_media_type};
use web::http::{self, RequestCtx, api_code, challenge, oauth_code, presented_token, refused};

use super::answer::uncached;
use super::declaration::{TOO_LONG, TOO_MANY};

const METADATA: Body = Body::json(&[
    Field::new("client_name", Kind::Text, "The name of the client."),
    Field::new("redirect_uris", Kind::Texts, "The redirect URIs of sign-ins."),
    Field::new("post_logout_redirect_uris", Kind::Texts, "The redirect URIs of sign-outs."),
    Field::new("grant_types", Kind::Texts, "The grant types that the client uses."),
    Field::new("token_endpoint_auth_method", Kind::Text, "The authentication method of the client."),
    Field::new("scope", Kind::Text, "The scopes that the client may be granted, separated by spaces."),
    Field::new("jwks", Kind::Object(&[]), "The keys of the client (RFC 7517)."),
    Field::new("contacts", Kind::Texts, "The contacts responsible for the client."),
]);

const REGISTERED: Body = Body::json(&[
    Field::required("client_id", Kind::Text, "The identifier of the client."),
    Field::new("client_secret", Kind::Text, "The secret of the client, shown once."),
    Field::new("client_secret_expires_at", Kind::Integer, "0: the secret does not expire."),
    Field::new("registration_client_uri", Kind::Uri, "The address of the registration."),
    Field::new("registration_access_token", Kind::Text, "The token for that address."),
]);

const OFF: Answer = Answer::new(404, "Registration is off: `not_found`.", OAUTH_ERROR);
const REFUSED: Answer = Answer::new(
    400,
    "A member is invalid (`invalid_client_metadata`, `invalid_redirect_uri`), or the request is malformed.",
    OAUTH_ERROR,
);
const NO_TOKEN: Answer =
    Answer::new(401, "The token of the registration is required: `invalid_token`.", OAUTH_ERROR);
const FORBIDDEN: Answer = Answer::new(
    403,
    "The token is not that of an administrator, lacks `sec`, or has registered 100 clients.",
    OAUTH_ERROR,
);

const COLLECTION: &str = "/id/connect/register";
const ITEM: &str = "/id/connect/register/{client_id}";
const ID: &[Parameter] = &[Field::required("client_id", Kind::Text, "The client.").in_path()];

pub(super) const REGISTER: Endpoint = Endpoint {
    description: "RFC 7591. Off unless the configuration has `dynamic_registration`.",
    access: Access::OptionalToken,
    body: Some(METADATA),
    answers: &[
        Answer::new(201, "The complete registration.", REGISTERED),
        REFUSED,
        NO_TOKEN,
        FORBIDDEN,
        OFF,
        TOO_LONG,
        TOO_MANY,
    ],
    ..Endpoint::new(Method::Post, COLLECTION, Tag::Registration, "register", "Registers a client")
};

pub(super) const SHOW: Endpoint = Endpoint {
    description: "RFC 7592, section 2.1, with the token of the registration.",
    access: Access::Token,
    parameters: ID,
    answers: &[Answer::new(200, "The complete registration.", REGISTERED), REFUSED, NO_TOKEN, FORBIDDEN, OFF],
    ..Endpoint::new(Method::Get, ITEM, Tag::Registration, "registration", "Returns a registration")
};

pub(super) const REPLACE: Endpoint = Endpoint {
    description: "RFC 7592, section 2.2, with the token of the registration.",
    access: Access::Token,
    parameters: ID,
    body: Some(METADATA),
    answers: &[
        Answer::new(200, "The complete registration.", REGISTERED),
        REFUSED,
        NO_TOKEN,
        FORBIDDEN,
        OFF,
        TOO_LONG,
    ],
    ..Endpoint::new(Method::Put, ITEM, Tag::Registration, "replaceRegistration", "Replaces a registration")
};

pub(super) const REMOVE: Endpoint = Endpoint {
    description: "RFC 7592, section 2.3, with the token of the registration. The client and everything it was granted are disabled.",
    access: Access::Token,
    parameters: ID,
    answers: &[Answer::empty(204, "The registration was deleted."), REFUSED, NO_TOKEN, FORBIDDEN, OFF],
    ..Endpoint::new(Method::Delete, ITEM, Tag::Registration, "removeRegistration", "Deletes a registration")
};

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
    require_media_type(headers, JSON)?;
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
