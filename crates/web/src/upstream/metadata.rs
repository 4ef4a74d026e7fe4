use std::sync::Arc;

use reqwest::Url;
use serde::Deserialize;
use serde_json::{Map, Value};
use token::jose::Algorithm;

use super::config::{is_local, is_safe};
use super::fetch::Trouble;

/// The metadata of a provider (OpenID Connect Discovery 1.0, section 3), as far as they are used.
#[derive(Debug)]
pub struct Metadata {
    pub(super) authorization_endpoint: Url,
    pub(super) token_endpoint: Url,
    pub(super) jwks_uri: Url,
    pub(super) userinfo_endpoint: Option<Url>,
    /// Whether the secret goes into the form; otherwise into the header.
    pub(super) secret_in_form: bool,
    /// The algorithms of its ID tokens.
    pub(super) algorithms: Vec<Algorithm>,
    /// Whether its responses always have the issuer (RFC 9207, section 3).
    pub says_issuer: bool,
}

#[derive(Deserialize)]
struct Wire {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    userinfo_endpoint: Option<String>,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    id_token_signing_alg_values_supported: Option<Vec<String>>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

/// Returns the address of the metadata of an issuer (section 4.1).
pub(super) fn address(issuer: &str) -> String {
    format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'))
}

impl Metadata {
    /// Reads the metadata of `issuer`.
    ///
    /// # Errors
    /// [`Trouble::Malformed`] for the metadata of another issuer (section 4.3), or an endpoint without TLS.
    pub(super) fn read(issuer: &str, told: Map<String, Value>) -> Result<Arc<Self>, Trouble> {
        let malformed = || Trouble::Malformed("metadata that lack something");
        let wire: Wire = serde_json::from_value(Value::Object(told)).map_err(|_| malformed())?;
        if wire.issuer != issuer {
            return Err(Trouble::Malformed("the metadata of another issuer"));
        }
        let local = Url::parse(issuer).is_ok_and(|issuer| is_local(&issuer));
        let endpoint = |text: &str| {
            let url = Url::parse(text).ok().filter(|url| is_safe(url, local) && url.fragment().is_none());
            url.ok_or(Trouble::Malformed("an endpoint that is not https"))
        };
        let methods = wire.token_endpoint_auth_methods_supported.unwrap_or_default();
        let offers = |name: &str| methods.iter().any(|method| method == name);
        Ok(Arc::new(Self {
            authorization_endpoint: endpoint(&wire.authorization_endpoint)?,
            token_endpoint: endpoint(&wire.token_endpoint)?,
            jwks_uri: endpoint(&wire.jwks_uri)?,
            userinfo_endpoint: wire.userinfo_endpoint.as_deref().map(endpoint).transpose()?,
            secret_in_form: offers("client_secret_post") && !offers("client_secret_basic"),
            algorithms: algorithms(wire.id_token_signing_alg_values_supported)?,
            says_issuer: wire.authorization_response_iss_parameter_supported,
        }))
    }
}

/// Returns the supported algorithms among those that a provider lists.
fn algorithms(listed: Option<Vec<String>>) -> Result<Vec<Algorithm>, Trouble> {
    // RS256 is what every provider has (OpenID Connect Core, section 15.1).
    let Some(listed) = listed else { return Ok(vec![Algorithm::Rs256]) };
    let known: Vec<_> = listed.iter().filter_map(|name| name.parse().ok()).collect();
    if known.is_empty() { Err(Trouble::Malformed("no algorithm that is known here")) } else { Ok(known) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ISSUER: &str = "https://login.example.org/tenant";

    fn told() -> Map<String, Value> {
        let told = json!({
            "issuer": ISSUER,
            "authorization_endpoint": "https://login.example.org/authorize",
            "token_endpoint": "https://login.example.org/token",
            "jwks_uri": "https://keys.example.org/jwks",
            "id_token_signing_alg_values_supported": ["RS256", "none", "HS256", "ES256"],
        });
        told.as_object().unwrap().clone()
    }

    #[test]
    fn only_public_keys_count() {
        let metadata = Metadata::read(ISSUER, told()).unwrap();
        assert_eq!(metadata.algorithms, [Algorithm::Rs256, Algorithm::Es256]);
        assert!(!metadata.secret_in_form && !metadata.says_issuer);
        assert_eq!(address("https://example.org/"), "https://example.org/.well-known/openid-configuration");
    }

    #[test]
    fn others_and_open_lines_are_refused() {
        for (name, value) in [
            ("issuer", "https://evil.example"),
            ("issuer", "https://login.example.org/tenant/"),
            ("token_endpoint", "http://login.example.org/token"),
            ("token_endpoint", "http://127.0.0.1/token"),
            ("jwks_uri", "file:///etc/passwd"),
            ("authorization_endpoint", "javascript:alert(1)"),
            ("userinfo_endpoint", "https://a:b@example.org/"),
        ] {
            let mut other = told();
            other.insert(name.to_owned(), json!(value));
            assert!(Metadata::read(ISSUER, other).is_err(), "{name} {value}");
        }
    }

    /// A member of another type than the specified one is refused, never read as absent.
    #[test]
    fn every_kind_at_every_member_is_read_or_refused() {
        let kinds = [
            json!(null),
            json!(true),
            json!(1),
            json!(1.5),
            json!(""),
            json!("x"),
            json!([]),
            json!([1]),
            json!(["x"]),
            json!(["RS256"]),
            json!([["RS256"]]),
            json!({}),
            json!({"x": "RS256"}),
        ];
        let mut members = told();
        members.insert("userinfo_endpoint".to_owned(), json!("https://login.example.org/me"));
        members.insert("token_endpoint_auth_methods_supported".to_owned(), json!(["client_secret_basic"]));
        members.insert("authorization_response_iss_parameter_supported".to_owned(), json!(true));
        for name in members.keys() {
            for kind in &kinds {
                let texts = kind.as_array().is_some_and(|all| all.iter().all(Value::is_string));
                let is_right = match name.as_str() {
                    "authorization_response_iss_parameter_supported" => kind.is_boolean(),
                    "token_endpoint_auth_methods_supported" => kind.is_null() || texts,
                    "id_token_signing_alg_values_supported" => kind.is_null() || *kind == json!(["RS256"]),
                    "userinfo_endpoint" => kind.is_null(),
                    _ => false,
                };
                let mut other = members.clone();
                other.insert(name.clone(), kind.clone());
                assert_eq!(Metadata::read(ISSUER, other).is_ok(), is_right, "{name}: {kind}");
            }
        }
    }
}
