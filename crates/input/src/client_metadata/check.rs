//! What may be registered.

use model::entities::ClientType;
use serde_json::{Map, Value};
use token::jose::Algorithm;

use crate::client_metadata::certificate::check_certificate_name;
use crate::client_metadata::{AssertionAlgorithm, AuthMethod, ClientMetadata, SubjectType, TokenExchange};
use crate::text::Line;
use crate::{ClientCertificates, Invalid, RedirectUri};

/// The longest metadata of one application, in bytes of JSON.
const MAX_LENGTH: usize = 32 * 1024;
/// The longest text of a member, in characters.
const MAX_TEXT_LENGTH: usize = 500;
/// Ten years, in seconds: no lifetime or age is longer.
const MAX_SECONDS: i64 = 10 * 366 * 24 * 3600;
/// Members that standards have and that are refused with a reason.
const NOT_OFFERED: [(&str, &str); 2] = [
    ("jwks_uri", "keys are registered as 'jwks'; the server fetches none"),
    ("sector_identifier_uri", "name the host as 'sector_identifier'; the server fetches nothing"),
];

pub(super) fn bad(message: String) -> Invalid {
    Invalid::Field { field: "metadata", message }
}

/// Reads every member by itself first, so that a refusal names it.
pub(super) fn read(members: &Map<String, Value>) -> Result<ClientMetadata, Invalid> {
    if serde_json::to_string(members)?.len() > MAX_LENGTH {
        return Err(bad(format!("the metadata have at most {MAX_LENGTH} bytes")));
    }
    for (name, value) in members {
        let shown = Line::cleaned(name, 64);
        if let Some((_, why)) = NOT_OFFERED.iter().find(|(other, _)| other == name) {
            return Err(bad(format!("'{shown}' is not supported: {why}")));
        }
        let alone = Map::from_iter([(name.clone(), value.clone())]);
        let read: Result<ClientMetadata, _> = serde_json::from_value(Value::Object(alone));
        let read = read.map_err(|error| bad(format!("'{shown}': {error}")))?;
        if !read.unknown.is_empty() {
            return Err(bad(format!("'{shown}' is not known here")));
        }
        if !same_kinds(value, serde_json::to_value(&read)?.get(name)) {
            return Err(bad(format!("'{shown}' has another type")));
        }
    }
    serde_json::from_value(Value::Object(members.clone())).map_err(|error| bad(error.to_string()))
}

/// Checks the JSON types, because serde also accepts a list for a struct and an object for a name.
fn same_kinds(sent: &Value, read: Option<&Value>) -> bool {
    match (sent, read) {
        (Value::Object(sent), Some(Value::Object(read))) => {
            sent.iter().all(|(name, sent)| same_kinds(sent, read.get(name)))
        }
        (Value::Array(sent), Some(Value::Array(read))) => {
            sent.len() == read.len() && sent.iter().zip(read).all(|(sent, read)| same_kinds(sent, Some(read)))
        }
        (sent, Some(read)) => sent == read,
        // Null counts as absent (RFC 7592, section 2.2).
        (Value::Null, None) => true,
        (Value::Object(sent), None) => sent.is_empty(),
        (Value::Array(sent), None) => sent.is_empty(),
        (Value::Bool(_) | Value::Number(_) | Value::String(_), None) => false,
    }
}

/// Refuses what contradicts itself or could not work.
pub(super) fn check(
    metadata: &ClientMetadata,
    client_type: ClientType,
    certificates: ClientCertificates,
) -> Result<(), Invalid> {
    let shows = metadata.token_endpoint_auth_method == Some(AuthMethod::SelfSignedTlsClientAuth)
        || metadata.tls_client_certificate_bound_access_tokens;
    if shows && !certificates.are_shown() {
        return Err(bad("certificates are not supported: the server is not told of any".to_owned()));
    }
    check_certificate_name(metadata, certificates)?;
    check_authentication(metadata, client_type)?;
    check_algorithms(metadata)?;
    check_numbers(metadata)?;
    check_texts(metadata)?;
    check_policies(metadata, client_type)?;
    check_requests(metadata)?;
    let confidential = client_type == ClientType::Confidential;
    if metadata.backchannel_token_delivery_mode.is_some() && !confidential {
        let message = "'backchannel_token_delivery_mode': only a confidential application asks people by the back channel";
        return Err(bad(message.to_owned()));
    }
    for (set, name) in [
        (!metadata.require_pkce, "require_pkce"),
        (!metadata.refresh_token_rotation, "refresh_token_rotation"),
    ] {
        if set && !confidential {
            return Err(bad(format!("'{name}': only a confidential application may do without")));
        }
    }
    if metadata.sector_identifier.is_some() && metadata.subject_type != SubjectType::Pairwise {
        return Err(bad("'sector_identifier' is for the subject_type 'pairwise'".to_owned()));
    }
    Ok(())
}

fn check_authentication(metadata: &ClientMetadata, client_type: ClientType) -> Result<(), Invalid> {
    use AuthMethod::{ClientSecretJwt, None, PrivateKeyJwt, SelfSignedTlsClientAuth};
    let method = metadata.token_endpoint_auth_method;
    let proves = method.is_some_and(|method| method != None);
    if proves && client_type != ClientType::Confidential {
        return Err(bad("'token_endpoint_auth_method': a public application proves nothing".to_owned()));
    }
    if method == Some(None) && client_type == ClientType::Confidential {
        return Err(bad(
            "'token_endpoint_auth_method': a confidential application proves who it is".to_owned()
        ));
    }
    let needs_keys = matches!(method, Some(PrivateKeyJwt | SelfSignedTlsClientAuth));
    let keys = metadata.jwks.as_ref().map(|jwks| &jwks.keys);
    if needs_keys && keys.is_none() {
        return Err(bad("'jwks' is needed for this token_endpoint_auth_method".to_owned()));
    }
    if method == Some(SelfSignedTlsClientAuth) && !keys.is_some_and(token::jose::JwkSet::has_certificates) {
        return Err(bad("'jwks' has no certificate ('x5c')".to_owned()));
    }
    let fits = match metadata.token_endpoint_auth_signing_alg {
        Option::None => true,
        Some(AssertionAlgorithm::Signed(_)) => method == Some(PrivateKeyJwt),
        Some(AssertionAlgorithm::Shared(_)) => method == Some(ClientSecretJwt),
    };
    if fits {
        Ok(())
    } else {
        Err(bad("'token_endpoint_auth_signing_alg' does not fit the method".to_owned()))
    }
}

/// How many names a list may have.
const MAX_LIST_LENGTH: usize = 50;

fn check_policies(metadata: &ClientMetadata, client_type: ClientType) -> Result<(), Invalid> {
    let none = TokenExchange::default();
    let exchange = metadata.token_exchange.as_ref().unwrap_or(&none);
    let is_name = |text: &String| {
        (1..=MAX_TEXT_LENGTH).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
    };
    let may_act: Vec<_> = metadata.may_act.iter().cloned().collect();
    for (name, list) in [
        ("token_exchange", &exchange.subjects),
        ("token_exchange", &exchange.audiences),
        ("jwt_bearer_subjects", &metadata.jwt_bearer_subjects),
        ("resources", &metadata.resources),
        ("may_act", &may_act),
    ] {
        if list.len() > MAX_LIST_LENGTH || !list.iter().all(is_name) {
            return Err(bad(format!(
                "'{name}' has at most {MAX_LIST_LENGTH} names of visible ASCII characters"
            )));
        }
    }
    let is_service =
        |uri: &String| uri.starts_with("https://") && uri.len() > "https://".len() && !uri.contains('#');
    if !metadata.resources.iter().all(is_service) {
        return Err(bad("'resources' are https addresses without fragment".to_owned()));
    }
    let confidential = client_type == ClientType::Confidential;
    if (!exchange.subjects.is_empty() || exchange.impersonation) && !confidential {
        return Err(bad("'token_exchange': a public application exchanges its own tokens alone".to_owned()));
    }
    let can_sign = confidential && metadata.jwks.is_some();
    if !metadata.jwt_bearer_subjects.is_empty() && !can_sign {
        return Err(bad("'jwt_bearer_subjects' is for a confidential application with 'jwks'".to_owned()));
    }
    Ok(())
}

fn check_requests(metadata: &ClientMetadata) -> Result<(), Invalid> {
    if metadata.require_signed_request_object && metadata.jwks.is_none() {
        return Err(bad("'jwks' is needed for signed requests".to_owned()));
    }
    let signs = metadata.backchannel_authentication_request_signing_alg.is_some();
    if signs && (metadata.jwks.is_none() || metadata.backchannel_token_delivery_mode.is_none()) {
        let message = "'backchannel_authentication_request_signing_alg' goes with 'jwks' and 'backchannel_token_delivery_mode'";
        return Err(bad(message.to_owned()));
    }
    let types = &metadata.authorization_details_types;
    let is_type = |name: &String| {
        (1..=MAX_TEXT_LENGTH).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_graphic())
    };
    if types.len() > MAX_LIST_LENGTH || !types.iter().all(is_type) {
        return Err(bad(format!("'authorization_details_types' has at most {MAX_LIST_LENGTH} names")));
    }
    if metadata.authorization_details_schemas.keys().any(|name| !types.contains(name)) {
        return Err(bad("'authorization_details_schemas' is about authorization_details_types".to_owned()));
    }
    Ok(())
}

fn check_algorithms(metadata: &ClientMetadata) -> Result<(), Invalid> {
    for (name, algorithm) in [
        ("id_token_signed_response_alg", Some(metadata.id_token_signed_response_alg)),
        ("userinfo_signed_response_alg", metadata.userinfo_signed_response_alg),
        ("introspection_signed_response_alg", metadata.introspection_signed_response_alg),
        ("authorization_signed_response_alg", metadata.authorization_signed_response_alg),
    ] {
        if algorithm.is_some_and(|algorithm| !Algorithm::OWN.contains(&algorithm)) {
            let own = Algorithm::OWN.map(Algorithm::name).join(", ");
            return Err(bad(format!("'{name}' is one of {own}")));
        }
    }
    Ok(())
}

fn check_numbers(metadata: &ClientMetadata) -> Result<(), Invalid> {
    for (name, least, seconds) in [
        ("default_max_age", 0, metadata.default_max_age),
        ("refresh_token_lifetime", 1, metadata.refresh_token_lifetime),
        ("refresh_token_absolute_lifetime", 1, metadata.refresh_token_absolute_lifetime),
    ] {
        if seconds.is_some_and(|seconds| !(least..=MAX_SECONDS).contains(&seconds)) {
            return Err(bad(format!("'{name}' is a number of seconds from {least} to {MAX_SECONDS}")));
        }
    }
    Ok(())
}

fn check_texts(metadata: &ClientMetadata) -> Result<(), Invalid> {
    let is_line = |text: &str| {
        (1..=MAX_TEXT_LENGTH).contains(&text.chars().count()) && !text.chars().any(char::is_control)
    };
    if !metadata.default_acr_values.iter().all(|value| is_line(value) && !value.contains(' ')) {
        return Err(bad("'default_acr_values' are words".to_owned()));
    }
    for (name, uri) in [
        ("backchannel_logout_uri", &metadata.backchannel_logout_uri),
        ("frontchannel_logout_uri", &metadata.frontchannel_logout_uri),
    ] {
        let parsed = uri.as_deref().map(RedirectUri::parse).transpose();
        let parsed = parsed.map_err(|error| bad(format!("'{name}': {error}")))?;
        if parsed.is_some_and(|uri| !uri.as_str().starts_with("http")) {
            return Err(bad(format!("'{name}' is an https address")));
        }
    }
    let host = metadata.sector_identifier.as_deref();
    let is_host = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-".contains(&byte);
    if host.is_some_and(|host| !is_line(host) || !host.bytes().all(is_host)) {
        return Err(bad("'sector_identifier' is a host name in lower case".to_owned()));
    }
    Ok(())
}
