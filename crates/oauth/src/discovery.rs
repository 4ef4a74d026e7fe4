use authority::DynamicRegistration;
use authority::oidc::acr;
use authority::oidc::claims::CLAIMS;
use authority::{AuthMethod, Catalogue, Ctx, DeliveryMode, catalogue};
use axum::Json;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use flows::authorization::{PROMPTS, ReturnAddress};
use flows::grants::GRANT_TYPES;
use reference::http::{Answer, Body, Endpoint, Field, Kind, Method, Tag};
use serde_json::{Value, json};
use token::jose::{Algorithm, MacAlgorithm};
use web::http::paths::oauth as path;
use web::http::{RequestCtx, protected};

use super::answer::refusal;
use super::{
    backchannel_authentication, device_authorization, introspect, pushed_authorization, registration,
    revocation, user_info,
};

pub(super) const OPENID_CONFIGURATION: Endpoint = Endpoint {
    description: "RFC 8414; OpenID Connect Discovery 1.0.",
    answers: &[Answer::new(
        200,
        "The metadata.",
        Body::json(&[
            Field::required("issuer", Kind::Uri, "The issuer."),
            Field::required("authorization_endpoint", Kind::Uri, "The endpoint where users sign in."),
            Field::required("token_endpoint", Kind::Uri, "The endpoint that issues tokens."),
            Field::required("jwks_uri", Kind::Uri, "The address of the keys."),
            Field::required("grant_types_supported", Kind::Texts, "The supported grant types."),
            Field::required("scopes_supported", Kind::Texts, "The scopes that can be granted."),
        ]),
    )],
    ..Endpoint::new(
        Method::Get,
        "/id/.well-known/openid-configuration",
        Tag::Discovery,
        "openIdConfiguration",
        "Returns the metadata of the issuer",
    )
};

/// RFC 8414, section 3.1: the well-known part precedes the path of the issuer.
pub(super) const AUTHORIZATION_SERVER: Endpoint = Endpoint {
    path: "/.well-known/oauth-authorization-server/id",
    id: "authorizationServer",
    ..OPENID_CONFIGURATION
};

pub(super) const JWKS: Endpoint = Endpoint {
    description: "RFC 7517.",
    answers: &[Answer::new(
        200,
        "The keys.",
        Body::json(&[Field::required("keys", Kind::Objects(&[]), "The keys.")]),
    )],
    ..Endpoint::new(
        Method::Get,
        "/id/.well-known/openid-configuration/jwks",
        Tag::Discovery,
        "jwks",
        "Returns the keys that verify signatures",
    )
};

/// The cache lifetime of the metadata and the keys, well below the overlap of signing keys.
const CACHED: [(header::HeaderName, &str); 1] = [(header::CACHE_CONTROL, "public, max-age=3600")];

/// The metadata of the issuer (RFC 8414; OpenID Connect Discovery 1.0), as configured.
pub(super) async fn metadata(RequestCtx(ctx): RequestCtx) -> Response {
    match catalogue::current(&ctx).await {
        Ok(catalogue) => (CACHED, Json(describe(&ctx, &catalogue))).into_response(),
        Err(fault) => refusal(&fault),
    }
}

fn describe(ctx: &Ctx, catalogue: &Catalogue) -> serde_json::Value {
    let at = |path: &str| format!("{}{path}", ctx.settings().public_url);
    let certificates = ctx.settings().client_certificates;
    let all_methods: Vec<_> = AuthMethod::offered(certificates).map(AuthMethod::name).collect();
    let proving = AuthMethod::offered(certificates).filter(|method| *method != AuthMethod::None);
    let proving: Vec<_> = proving.map(AuthMethod::name).collect();
    let signed = Algorithm::ALL.map(Algorithm::name);
    let assertions = [&signed[..], &MacAlgorithm::ALL.map(MacAlgorithm::name)].concat();
    let own_algorithms = Algorithm::OWN.map(Algorithm::name);
    let mut metadata = json!({
        "issuer": ctx.settings().issuer(),
        "authorization_endpoint": at(path::AUTHORIZE),
        "userinfo_endpoint": at(user_info::ENDPOINT.path),
        "end_session_endpoint": at(path::END_SESSION),
        "pushed_authorization_request_endpoint": at(pushed_authorization::ENDPOINT.path),
        "token_endpoint": ctx.settings().token_endpoint(),
        "introspection_endpoint": at(introspect::ENDPOINT.path),
        "revocation_endpoint": at(revocation::ENDPOINT.path),
        "device_authorization_endpoint": at(device_authorization::ENDPOINT.path),
        "jwks_uri": at(JWKS.path),
        "grant_types_supported": GRANT_TYPES.iter().map(|grant| grant.name).collect::<Vec<_>>(),
        "response_types_supported": ["code"],
        "response_modes_supported": ReturnAddress::modes().collect::<Vec<_>>(),
        "prompt_values_supported": PROMPTS.map(|(name, _)| name),
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
        "authorization_signing_alg_values_supported": own_algorithms,
        "introspection_signing_alg_values_supported": own_algorithms,
        "protected_resources": protected::resources(ctx),
        "subject_types_supported": ["public", "pairwise"],
        "id_token_signing_alg_values_supported": own_algorithms,
        "userinfo_signing_alg_values_supported": own_algorithms,
        "acr_values_supported": acr::LEVELS,
        "claim_types_supported": ["normal"],
        "claims_supported": claims_supported(),
        "claims_parameter_supported": true,
        "request_parameter_supported": true,
        "request_object_signing_alg_values_supported": signed,
        "request_uri_parameter_supported": false,
        "require_pushed_authorization_requests": false,
        "scopes_supported": catalogue.listed().collect::<Vec<_>>(),
        "token_endpoint_auth_methods_supported": all_methods,
        "revocation_endpoint_auth_methods_supported": all_methods,
        "introspection_endpoint_auth_methods_supported": proving,
        "token_endpoint_auth_signing_alg_values_supported": assertions,
        "revocation_endpoint_auth_signing_alg_values_supported": assertions,
        "introspection_endpoint_auth_signing_alg_values_supported": assertions,
        "dpop_signing_alg_values_supported": signed,
        "tls_client_certificate_bound_access_tokens": certificates.are_shown(),
    });
    for (name, value) in channels(&at) {
        metadata[name] = value;
    }
    if ctx.settings().clients.dynamic_registration != DynamicRegistration::Off {
        metadata["registration_endpoint"] = at(registration::REGISTER.path).into();
    }
    if ctx.settings().sends_mail {
        metadata["password_reset_uri"] = at("/signin/forgot").into();
    }
    metadata
}

/// The metadata of what clients receive outside the redirect: logout notifications (Back-Channel Logout, section 2.1;
/// Front-Channel Logout, section 3) and the decisions of users (OpenID CIBA, section 4).
fn channels(at: &dyn Fn(&str) -> String) -> [(&'static str, Value); 8] {
    [
        ("backchannel_logout_supported", true.into()),
        ("backchannel_logout_session_supported", true.into()),
        ("frontchannel_logout_supported", true.into()),
        ("frontchannel_logout_session_supported", true.into()),
        ("backchannel_authentication_endpoint", at(backchannel_authentication::ENDPOINT.path).into()),
        ("backchannel_token_delivery_modes_supported", json!(DeliveryMode::OFFERED)),
        (
            "backchannel_authentication_request_signing_alg_values_supported",
            json!(Algorithm::ALL.map(Algorithm::name)),
        ),
        ("backchannel_user_code_parameter_supported", false.into()),
    ]
}

/// The claims that ID tokens or the UserInfo endpoint can have.
fn claims_supported() -> Vec<&'static str> {
    let always =
        ["iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "sid", "idp", "at_hash"];
    always.into_iter().chain(CLAIMS.iter().map(|claim| claim.name)).collect()
}

/// The keys that verify the signatures of the program (RFC 7517).
pub(super) async fn jwks(RequestCtx(ctx): RequestCtx) -> impl IntoResponse {
    (CACHED, Json(ctx.authority().jwks(ctx.now)))
}
