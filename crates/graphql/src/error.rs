//! Faults as GraphQL errors: a message, and a stable code for programs in `extensions.code`.

use async_graphql::{ErrorExtensionValues, Pos, ServerError};
use authority::Fault;
use axum::http::HeaderValue;
use web::http;

/// The code of a document that is not GraphQL.
pub(super) const PARSE_FAILED: &str = "GRAPHQL_PARSE_FAILED";
/// The code of a document that does not fit the schema, or is more than is answered.
pub(super) const VALIDATION_FAILED: &str = "GRAPHQL_VALIDATION_FAILED";
/// The code of an argument that cannot be used.
pub(super) const BAD_USER_INPUT: &str = "BAD_USER_INPUT";

/// Returns the error of a document that does not fit the schema.
pub(super) fn invalid(message: String, pos: Option<Pos>) -> ServerError {
    ServerError { extensions: Some(code(VALIDATION_FAILED)), ..ServerError::new(message, pos) }
}

/// A nullable field of the schema: what goes wrong leaves this field empty, and not what is around it
/// (GraphQL, section 6.4.4).
pub(super) type Nullable<T> = Option<async_graphql::Result<T>>;

/// What a verb gave, for a nullable field.
pub(super) fn nullable<T>(outcome: Result<Option<T>, Fault>) -> Nullable<T> {
    outcome.map_err(Into::into).transpose()
}

/// Completes the errors of an execution: resolvers return faults, which get their messages here.
/// Returns the challenge of a fault that requires another sign-in (RFC 9470).
pub(super) fn complete(errors: &mut [ServerError]) -> Option<HeaderValue> {
    let mut challenge = None;
    for error in errors {
        let source = error.source.take();
        if let Some(fault) = source.as_deref().and_then(|source| source.downcast_ref::<Fault>()) {
            error.message = message(fault);
            error.extensions = Some(extensions(fault));
            if matches!(fault, Fault::InsufficientUserAuthentication { .. }) {
                challenge = http::challenge(fault);
            }
        } else if error.extensions.is_none() {
            let of_a_field = !error.path.is_empty();
            error.extensions = Some(code(if of_a_field { BAD_USER_INPUT } else { VALIDATION_FAILED }));
        }
    }
    challenge
}

/// Returns the error of a fault, without a position in the document.
pub(super) fn from_fault(fault: &Fault) -> ServerError {
    ServerError { extensions: Some(extensions(fault)), ..ServerError::new(message(fault), None) }
}

/// Returns extensions with a code.
pub(super) fn code(code: &str) -> ErrorExtensionValues {
    let mut extensions = ErrorExtensionValues::default();
    extensions.set("code", code);
    extensions
}

fn extensions(fault: &Fault) -> ErrorExtensionValues {
    let (status, word) = http::api_code(fault);
    if status.is_server_error() {
        tracing::error!(?fault, "a GraphQL request failed");
    }
    let mut extensions = code(word);
    match fault {
        Fault::InsufficientScope(scope) => extensions.set("scope", scope.as_str()),
        Fault::InsufficientUserAuthentication { acr_values, max_age } => {
            extensions.set("acrValues", acr_values.as_str());
            extensions.set("maxAge", *max_age);
        }
        _ => {}
    }
    if let Some(field) = field_of(fault) {
        extensions.set("field", field);
    }
    extensions
}

/// The field of an input that a fault is about.
pub(super) fn field_of(fault: &Fault) -> Option<String> {
    match fault {
        Fault::BadField { field, .. } => Some(field_name(field)),
        Fault::InvalidScope(_) => Some("scopes".to_owned()),
        _ => None,
    }
}

/// Returns the message of a fault.
pub(super) fn message(fault: &Fault) -> String {
    match fault {
        Fault::BadField { field, message } => format!("{}: {message}", field_name(field)),
        fault => fault.to_string(),
    }
}

/// The field of an input that a verb or the model calls by another name.
fn field_name(field: &str) -> String {
    match field {
        "allowed_ip_addresses" | "AllowedIPAddresses" => "allowedIPAddresses".to_owned(),
        "expires" => "expiresAt".to_owned(),
        "client_id" | "ApplicationUri" => "clientId".to_owned(),
        "ImpersonateLoginUrl" => "redirectUris".to_owned(),
        "ImpersonateLogoutUrl" => "postLogoutRedirectUris".to_owned(),
        "Scope" => "scopes".to_owned(),
        other => {
            let mut chars = other.chars();
            chars.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(chars).collect()
        }
    }
}
