use authority::DynamicRegistration;
use authority::authorization::{PROMPTS, ReturnAddress};
use authority::grants::GRANT_TYPES;
use authority::oidc::acr;
use authority::oidc::claims::CLAIMS;
use authority::{AuthMethod, Catalogue, Ctx, DeliveryMode, catalogue};
use axum::Json;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use token::jose::{Algorithm, MacAlgorithm};
use web::http::{RequestCtx, protected};

use super::answer::refusal;
use super::path;

/// How long others may keep the metadata and the keys, well below the overlap of signing keys.
const CACHED: [(header::HeaderName, &str); 1] = [(header::CACHE_CONTROL, "public, max-age=3600")];

/// The metadata of the issuer (RFC 8414; OpenID Connect Discovery 1.0): what is really offered.
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
        "userinfo_endpoint": at(path::USER_INFO),
        "end_session_endpoint": at(path::END_SESSION),
        "pushed_authorization_request_endpoint": at(path::PAR),
        "token_endpoint": ctx.settings().token_endpoint(),
        "introspection_endpoint": at(path::INTROSPECT),
        "revocation_endpoint": at(path::REVOCATION),
        "device_authorization_endpoint": at(path::DEVICE_AUTHORIZATION),
        "jwks_uri": at(path::JWKS),
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
        metadata["registration_endpoint"] = at(path::REGISTER).into();
    }
    if ctx.settings().sends_mail {
        metadata["password_reset_uri"] = at("/signin/forgot").into();
    }
    metadata
}

/// What applications are told besides through the browser: that somebody signed out (Back-Channel Logout, section 2.1; Front-Channel
/// Logout, section 3), and what somebody decided whom they asked (OpenID CIBA, section 4).
fn channels(at: &dyn Fn(&str) -> String) -> [(&'static str, Value); 8] {
    [
        ("backchannel_logout_supported", true.into()),
        ("backchannel_logout_session_supported", true.into()),
        ("frontchannel_logout_supported", true.into()),
        ("frontchannel_logout_session_supported", true.into()),
        ("backchannel_authentication_endpoint", at(path::BACKCHANNEL_AUTHENTICATION).into()),
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

/// The keys by which others check our signatures (RFC 7517).
pub(super) async fn jwks(RequestCtx(ctx): RequestCtx) -> impl IntoResponse {
    (CACHED, Json(ctx.authority().jwks(ctx.now)))
}
