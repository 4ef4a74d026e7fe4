//! Our own interfaces as protected resources (RFC 9728): what they are called, and where they say what they take.

use std::sync::Arc;

use authority::scopes::{READ, SECURITY, UPDATE};
use authority::{Authority, Ctx};
use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::json;
use token::jose::Algorithm;

use super::{RequestCtx, paths};

/// The interfaces that take tokens, by their paths; what lies below another one stands before it.
const RESOURCES: [(&str, &str); 3] = [
    (paths::ODATA, "The registry as OData"),
    (paths::DOMAIN, "The description of the registry"),
    (paths::GRAPHQL, "The registry as GraphQL"),
];

/// What stands before the path of a resource (RFC 9728, section 3.1).
pub const WELL_KNOWN: &str = "/.well-known/oauth-protected-resource";

/// The interface to which a path belongs.
pub(super) fn resource_of(path: &str) -> Option<&'static str> {
    let within = |resource: &str| {
        path.strip_prefix(resource).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    RESOURCES.into_iter().map(|(path, _)| path).find(|path| within(path))
}

/// Says in the challenges of an interface where its metadata are (RFC 9728, section 5.1).
pub async fn point_to_metadata(
    State(authority): State<Arc<Authority>>,
    request: Request,
    next: Next,
) -> Response {
    let resource = resource_of(request.uri().path());
    let mut response = next.run(request).await;
    let challenge = response.headers().get(header::WWW_AUTHENTICATE).and_then(|value| value.to_str().ok());
    if let (Some(resource), Some(challenge)) = (resource, challenge) {
        let at = format!("{}{WELL_KNOWN}{resource}", authority.settings().public_url);
        if let Ok(value) = HeaderValue::from_str(&format!("{challenge}, resource_metadata=\"{at}\"")) {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, value);
        }
    }
    response
}

/// The addresses of the interfaces (RFC 9728, section 4).
pub fn resources(ctx: &Ctx) -> Vec<String> {
    RESOURCES.into_iter().map(|(path, _)| format!("{}{path}", ctx.settings().public_url)).collect()
}

/// The paths at which the metadata are.
pub fn metadata_paths() -> impl Iterator<Item = String> {
    RESOURCES.into_iter().map(|(path, _)| format!("{WELL_KNOWN}{path}"))
}

/// The metadata of an interface (RFC 9728, section 2).
pub async fn metadata(RequestCtx(ctx): RequestCtx, request: Request) -> Response {
    let path = request.uri().path().strip_prefix(WELL_KNOWN).unwrap_or_default();
    let found = RESOURCES.into_iter().find(|(resource, _)| *resource == path);
    let Some((path, name)) = found else { return axum::http::StatusCode::NOT_FOUND.into_response() };
    let headers = [(header::CACHE_CONTROL, "public, max-age=3600")];
    (headers, Json(describe(&ctx, path, name))).into_response()
}

fn describe(ctx: &Ctx, path: &str, name: &str) -> serde_json::Value {
    json!({
        "resource": format!("{}{path}", ctx.settings().public_url),
        "resource_name": name,
        "authorization_servers": [ctx.settings().issuer()],
        "scopes_supported": [READ, UPDATE, SECURITY],
        "bearer_methods_supported": ["header"],
        "dpop_signing_alg_values_supported": Algorithm::ALL.map(Algorithm::name),
        "tls_client_certificate_bound_access_tokens": ctx.settings().client_certificates.are_shown(),
    })
}

#[cfg(test)]
mod tests {
    use super::resource_of;

    #[test]
    fn a_path_belongs_to_the_nearest_interface() {
        assert_eq!(resource_of("/api/domain/odata/Systems_Security_Users"), Some("/api/domain/odata"));
        assert_eq!(resource_of("/api/domain/standardmodel"), Some("/api/domain"));
        assert_eq!(resource_of("/graphql"), Some("/graphql"));
        assert_eq!(resource_of("/graphqlx"), None);
        assert_eq!(resource_of("/id/connect/userinfo"), None);
    }
}
