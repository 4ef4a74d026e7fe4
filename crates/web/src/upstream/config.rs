//! The providers that the operator set.

use std::net::IpAddr;
use std::path::PathBuf;

use anyhow::{Context as _, bail};
use authority::text::unfit;
use authority::upstream::Provider;
use model::entities::UserType;
use reqwest::Url;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smart_default::SmartDefault;
use zeroize::Zeroizing;

/// OpenID providers
#[derive(Clone, Deserialize, JsonSchema, Serialize, SmartDefault)]
#[serde(default)]
pub struct UpstreamSettings {
    /// The OpenID providers at which users can sign in.
    pub providers: Vec<ProviderConfig>,
}

/// A provider of OpenID Connect at which people may sign in. It has no `Debug`: it may hold a secret.
#[derive(Clone, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ProviderConfig {
    /// The name in addresses: small letters, digits and hyphens.
    name: String,
    /// The name for people.
    label: String,
    /// Its issuer identifier, an `https://` address.
    issuer: String,
    /// The name under which it knows us.
    client_id: String,
    /// The secret that it gave us; none where we are public there.
    client_secret: Option<String>,
    /// A file with it.
    client_secret_file: Option<PathBuf>,
    /// What is asked for.
    #[serde(default = "usual_scopes")]
    scopes: String,
    /// What users become who are not known here; without it, they are turned away.
    create_users: Option<NewUsers>,
    /// Whether an address that it verified counts here.
    #[serde(default)]
    trust_email: bool,
    /// Whether the user name from the provider becomes the login of a new user. Only for a provider whose users cannot choose their names.
    #[serde(default)]
    trust_username: bool,
    /// Whether a second factor that was shown there need not be shown here.
    #[serde(default)]
    trust_second_factor: bool,
}

/// What users become who are not known here.
#[derive(Clone, Copy, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "lowercase")]
enum NewUsers {
    /// People of the own organisation.
    Internal,
    /// People outside.
    Community,
}

fn usual_scopes() -> String {
    "openid profile email".to_owned()
}

/// The longest name.
const MAX_NAME: usize = 32;
/// The longest label and issuer (`Provider` and `Issuer` of the model).
const MAX_LABEL: usize = 64;
const MAX_ISSUER: usize = 254;

impl ProviderConfig {
    /// What the authority needs to know of it.
    pub fn provider(&self) -> Provider {
        Provider {
            name: self.name.clone(),
            label: self.label.clone(),
            issuer: self.issuer.clone(),
            client_id: self.client_id.clone(),
            scopes: self.scopes.clone(),
            creates: self.create_users.map(|kind| match kind {
                NewUsers::Internal => UserType::InternalUser,
                NewUsers::Community => UserType::ExternalCommunityUser,
            }),
            trusts_email: self.trust_email,
            trusts_username: self.trust_username,
            trusts_second_factor: self.trust_second_factor,
        }
    }

    /// The secret that the provider gave us.
    pub(super) fn secret(&self) -> anyhow::Result<Option<Zeroizing<String>>> {
        match (&self.client_secret, &self.client_secret_file) {
            (Some(_), Some(_)) => bail!("client_secret and client_secret_file: one of them"),
            (Some(secret), None) => Ok(Some(Zeroizing::new(secret.clone()))),
            (None, Some(file)) => {
                let text = std::fs::read_to_string(file);
                let text = text.with_context(|| format!("reading client_secret_file {}", file.display()))?;
                Ok(Some(Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned())))
            }
            (None, None) => Ok(None),
        }
    }

    fn check(&self) -> anyhow::Result<()> {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if self.name.is_empty() || self.name.len() > MAX_NAME || !self.name.bytes().all(plain) {
            bail!("the name has 1 to {MAX_NAME} small letters, digits and hyphens");
        }
        let label = self.label.trim();
        if label.is_empty() || label.chars().count() > MAX_LABEL {
            bail!("the label has 1 to {MAX_LABEL} characters");
        }
        if let Some(unfit) = unfit(label) {
            bail!("the label: {unfit}");
        }
        if self.client_id.is_empty() {
            bail!("the client_id is missing");
        }
        if !self.scopes.split(' ').any(|scope| scope == "openid") {
            bail!("the scopes have 'openid' among them");
        }
        let issuer = Url::parse(&self.issuer).with_context(|| format!("issuer '{}'", self.issuer))?;
        let bare = issuer.query().is_none() && issuer.fragment().is_none();
        if !is_safe(&issuer, is_local(&issuer)) || !bare || self.issuer.len() > MAX_ISSUER {
            bail!("issuer '{}' is an https:// address without query or fragment", self.issuer);
        }
        Ok(())
    }
}

impl UpstreamSettings {
    /// Checks each provider, and that names and issuers are unique.
    ///
    /// # Errors
    /// A message that names the provider and the reason.
    pub fn check(&self) -> anyhow::Result<()> {
        for (at, provider) in self.providers.iter().enumerate() {
            provider.check().with_context(|| format!("providers: '{}'", provider.name))?;
            let before = &self.providers[..at];
            if before.iter().any(|other| other.name == provider.name || other.issuer == provider.issuer) {
                bail!("providers: '{}' has the name or the issuer of another one", provider.name);
            }
        }
        Ok(())
    }
}

/// Whether secrets may be sent to an address: over TLS, or on this computer itself where the issuer is here as well.
pub(super) fn is_safe(url: &Url, local_allowed: bool) -> bool {
    url.host_str().is_some()
        && url.username().is_empty()
        && url.password().is_none()
        && (url.scheme() == "https" || (url.scheme() == "http" && local_allowed && is_local(url)))
}

pub(super) fn is_local(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(providers: &[ProviderConfig]) -> anyhow::Result<()> {
        UpstreamSettings { providers: providers.to_vec() }.check()
    }

    fn provider(name: &str, issuer: &str) -> ProviderConfig {
        ProviderConfig {
            name: name.to_owned(),
            label: "Acme".to_owned(),
            issuer: issuer.to_owned(),
            client_id: "grantor".to_owned(),
            client_secret: None,
            client_secret_file: None,
            scopes: usual_scopes(),
            create_users: None,
            trust_email: false,
            trust_username: false,
            trust_second_factor: false,
        }
    }

    #[test]
    fn issuers_are_https_or_local() {
        for good in ["https://login.example.org", "https://example.org/tenant/v2", "http://127.0.0.1:8080/id"]
        {
            assert!(check(&[provider("acme", good)]).is_ok(), "{good}");
        }
        for bad in [
            "http://login.example.org",
            "https://example.org/?x",
            "https://example.org/#x",
            "example.org",
            "https://a:b@example.org",
        ] {
            assert!(check(&[provider("acme", bad)]).is_err(), "{bad}");
        }
    }

    #[test]
    fn none_is_taken_for_another() {
        let (one, two) = ("https://one.example", "https://two.example");
        assert!(check(&[provider("one", one), provider("two", two)]).is_ok());
        for (name, issuer) in [("one", two), ("two", one), ("Two", two), ("", two), ("a/b", two)] {
            assert!(check(&[provider("one", one), provider(name, issuer)]).is_err(), "{name} {issuer}");
        }
        assert!(check(&[ProviderConfig { scopes: "profile".to_owned(), ..provider("one", one) }]).is_err());
    }
}
