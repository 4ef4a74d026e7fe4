use authority::grants::GRANT_TYPES;
use authority::scopes::CATALOGUE;
use axum::Json;
use axum::http::header;
use axum::response::IntoResponse;
use serde_json::json;

use super::path;
use crate::http::RequestCtx;

/// How long others may keep the metadata and the keys, well below the overlap of signing keys.
const CACHED: [(header::HeaderName, &str); 2] =
    [(header::CACHE_CONTROL, "public, max-age=3600"), (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")];

/// The metadata of the issuer (RFC 8414; OpenID Connect Discovery 1.0): what is really offered.
pub(super) async fn metadata(RequestCtx(ctx): RequestCtx) -> impl IntoResponse {
    let at = |path: &str| format!("{}{path}", ctx.settings().public_url);
    let secret_methods = ["client_secret_basic", "client_secret_post"];
    let all_methods = ["client_secret_basic", "client_secret_post", "none"];
    let metadata = json!({
        "issuer": ctx.settings().issuer(),
        "token_endpoint": at(path::TOKEN),
        "introspection_endpoint": at(path::INTROSPECT),
        "revocation_endpoint": at(path::REVOCATION),
        "device_authorization_endpoint": at(path::DEVICE_AUTHORIZATION),
        "jwks_uri": at(path::JWKS),
        "grant_types_supported": GRANT_TYPES.iter().map(|grant| grant.name).collect::<Vec<_>>(),
        // Required by RFC 8414 even where there is no authorization endpoint.
        "response_types_supported": [],
        "scopes_supported": CATALOGUE.iter().map(|(scope, _)| *scope).collect::<Vec<_>>(),
        "token_endpoint_auth_methods_supported": all_methods,
        "revocation_endpoint_auth_methods_supported": all_methods,
        "introspection_endpoint_auth_methods_supported": secret_methods,
    });
    (CACHED, Json(metadata))
}

/// The keys by which others check our signatures (RFC 7517).
pub(super) async fn jwks(RequestCtx(ctx): RequestCtx) -> impl IntoResponse {
    (CACHED, Json(ctx.authority().jwks()))
}
