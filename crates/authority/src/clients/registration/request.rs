//! The metadata of clients that register themselves.

use input::client_metadata::OWN;
use input::text::Line;
use model::entities::{AccessTokenFormat, ClientType, ReferenceTokens};
use serde_json::{Map, Value, json};

use crate::clients::create::CreateApplication;
use crate::{Ctx, Fault, Scopes};

/// The grant types that all registered clients can use.
pub(super) const GRANT_TYPES: [&str; 3] =
    ["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"];

/// Members that cannot be ignored: the server would have to fetch keys or URIs from them.
const FETCHED: [&str; 3] = ["jwks_uri", "sector_identifier_uri", "request_uris"];

pub(super) fn bad(field: &'static str, message: impl Into<String>) -> Fault {
    Fault::BadField { field, message: message.into() }
}

/// Reads the metadata of a registration.
pub(super) fn read(
    ctx: &Ctx,
    client_id: &str,
    asked: &Map<String, Value>,
) -> Result<CreateApplication, Fault> {
    if let Some(name) = FETCHED.iter().find(|name| asked.contains_key(**name)) {
        return Err(bad("metadata", format!("'{name}' is not supported: the server fetches nothing")));
    }
    check_types(asked)?;
    let own = asked.iter().filter(|(name, _)| OWN.contains(&name.as_str()));
    let mut metadata: Map<String, Value> = own.map(|(name, value)| (name.clone(), value.clone())).collect();
    // RFC 7591, section 2.
    let method = metadata.entry("token_endpoint_auth_method").or_insert(json!("client_secret_basic"));
    let client_type = if *method == "none" { ClientType::Public } else { ClientType::Confidential };
    metadata.insert("consent".to_owned(), json!("always"));
    metadata.insert("registered_itself".to_owned(), json!(true));
    let redirect_uris = texts(asked, "redirect_uris")?.unwrap_or_default();
    if redirect_uris.is_empty() {
        return Err(bad("redirectUris", "at least one redirect URI is needed"));
    }
    let name = text(asked, "client_name")?.unwrap_or("An application that registered itself").to_owned();
    Ok(CreateApplication {
        client_id: client_id.to_owned(),
        name,
        description: None,
        client_type,
        scopes: allowed(ctx, text(asked, "scope")?)?,
        redirect_uris,
        post_logout_redirect_uris: texts(asked, "post_logout_redirect_uris")?.unwrap_or_default(),
        metadata,
        system_user: None,
        reference_tokens: ReferenceTokens::None,
        access_token_format: AccessTokenFormat::Reference,
    })
}

/// Returns the scopes of a client that registers itself.
fn allowed(ctx: &Ctx, asked: Option<&str>) -> Result<Scopes, Fault> {
    let allowed = ctx.catalogue().default_scopes();
    let asked = asked.map(Scopes::parse).transpose()?.unwrap_or_else(|| allowed.clone());
    let beyond = asked.iter().find(|scope| !allowed.contains(scope)).map(str::to_owned);
    match beyond {
        Some(scope) => Err(bad(
            "metadata",
            format!("'scope': '{scope}' is not granted to applications that register themselves"),
        )),
        None => Ok(asked),
    }
}

/// Checks that grant types and response types are supported and match each other (RFC 7591, section 2.1).
fn check_types(asked: &Map<String, Value>) -> Result<(), Fault> {
    let grants = texts(asked, "grant_types")?.unwrap_or_default();
    if let Some(other) = grants.iter().find(|grant| !GRANT_TYPES.contains(&grant.as_str())) {
        let shown = Line::cleaned(other, 64);
        return Err(bad("metadata", format!("'grant_types': '{shown}' is not for such an application")));
    }
    let codes = texts(asked, "response_types")?.is_none_or(|types| types == ["code"]);
    if codes { Ok(()) } else { Err(bad("metadata", "'response_types' is [\"code\"]")) }
}

/// Reads a member that is a text. Null counts as absent (RFC 7592, section 2.2).
pub(super) fn text<'a>(asked: &'a Map<String, Value>, name: &str) -> Result<Option<&'a str>, Fault> {
    let read =
        |value: &'a Value| value.as_str().ok_or_else(|| bad("metadata", format!("'{name}' is a text")));
    asked.get(name).filter(|value| !value.is_null()).map(read).transpose()
}

/// Reads a member that is a list of texts, like [`text`].
fn texts(asked: &Map<String, Value>, name: &str) -> Result<Option<Vec<String>>, Fault> {
    let wrong = || bad("metadata", format!("'{name}' is a list of texts"));
    let Some(value) = asked.get(name).filter(|value| !value.is_null()) else { return Ok(None) };
    let items = value.as_array().ok_or_else(wrong)?;
    let texts: Option<Vec<_>> = items.iter().map(|item| item.as_str().map(str::to_owned)).collect();
    texts.map(Some).ok_or_else(wrong)
}
