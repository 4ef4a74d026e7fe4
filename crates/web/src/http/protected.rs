//! The APIs as protected resources (RFC 9728): their names and their metadata.

use std::sync::Arc;

use authority::scopes::{READ, SECURITY, UPDATE};
use authority::{Authority, Ctx};
use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use reference::http::{Answer, Body, Endpoint, Field, Kind, Method, Tag};
use serde_json::json;
use token::jose::Algorithm;

use super::{Endpoints, RequestCtx, paths};

/// An API that takes access tokens.
struct Resource {
    path: &'static str,
    name: &'static str,
    /// The endpoint of its metadata.
    metadata: Endpoint,
}

/// The APIs that take access tokens. One whose path is below another's precedes it.
const RESOURCES: [Resource; 3] = [
    Resource {
        path: paths::ODATA,
        name: "The registry as OData",
        metadata: metadata_at("/.well-known/oauth-protected-resource/api/domain/odata", "odataResource"),
    },
    Resource {
        path: paths::DOMAIN,
        name: "The description of the registry",
        metadata: metadata_at("/.well-known/oauth-protected-resource/api/domain", "domainResource"),
    },
    Resource {
        path: paths::GRAPHQL,
        name: "The registry as GraphQL",
        metadata: metadata_at("/.well-known/oauth-protected-resource/graphql", "graphqlResource"),
    },
];

/// Declares the metadata of an API. Their path is the well-known prefix and the path of the API (RFC 9728, section 3.1).
const fn metadata_at(path: &'static str, id: &'static str) -> Endpoint {
    Endpoint {
        description: "RFC 9728.",
        answers: METADATA,
        ..Endpoint::new(Method::Get, path, Tag::Discovery, id, "Returns the metadata of a protected resource")
    }
}

const METADATA: &[Answer] = &[Answer::new(
    200,
    "The metadata.",
    Body::json(&[
        Field::required("resource", Kind::Uri, "The address of the API."),
        Field::required("authorization_servers", Kind::Texts, "The issuers of its access tokens."),
    ]),
)];

/// Returns the endpoints of the metadata of all APIs.
pub fn endpoints() -> Endpoints {
    RESOURCES.iter().fold(Endpoints::default(), |all, resource| all.add(&resource.metadata, metadata))
}

/// Returns the API to which a path belongs.
fn find(path: &str) -> Option<Resource> {
    let within = |resource: &Resource| {
        path.strip_prefix(resource.path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    RESOURCES.into_iter().find(within)
}

/// Returns the path of the API to which a path belongs.
pub(super) fn resource_of(path: &str) -> Option<&'static str> {
    find(path).map(|resource| resource.path)
}

/// Adds the address of its metadata to the challenges of an API (RFC 9728, section 5.1).
pub async fn point_to_metadata(
    State(authority): State<Arc<Authority>>,
    request: Request,
    next: Next,
) -> Response {
    let resource = find(request.uri().path());
    let mut response = next.run(request).await;
    let challenge = response.headers().get(header::WWW_AUTHENTICATE).and_then(|value| value.to_str().ok());
    if let (Some(resource), Some(challenge)) = (resource, challenge) {
        let at = format!("{}{}", authority.settings().public_url, resource.metadata.path);
        if let Ok(value) = HeaderValue::from_str(&format!("{challenge}, resource_metadata=\"{at}\"")) {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, value);
        }
    }
    response
}

/// Returns the addresses of the APIs (RFC 9728, section 4).
pub fn resources(ctx: &Ctx) -> Vec<String> {
    let address = |resource: &Resource| format!("{}{}", ctx.settings().public_url, resource.path);
    RESOURCES.iter().map(address).collect()
}

/// Answers with the metadata of an API (RFC 9728, section 2).
async fn metadata(RequestCtx(ctx): RequestCtx, request: Request) -> Response {
    let found = RESOURCES.into_iter().find(|resource| resource.metadata.path == request.uri().path());
    let Some(Resource { path, name, .. }) = found else { return StatusCode::NOT_FOUND.into_response() };
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
