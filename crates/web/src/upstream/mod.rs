//! Requests to the OpenID providers at which users can sign in.

mod config;
mod fetch;
mod metadata;
mod remembered;

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use authority::Ctx;
use authority::upstream::{Flow, Identity, Mistrust, Provider, read_id_token};
use remembered::Remembered;
use reqwest::{Client, RequestBuilder, Url};
use serde_json::{Map, Value};
use token::jose::{JoseError, JwkSet};
use zeroize::Zeroizing;

pub use config::{ProviderConfig, UpstreamSettings};
pub use fetch::Trouble;
pub use metadata::Metadata;

/// The providers, with their cached metadata and keys.
pub struct Upstream {
    http: Client,
    remotes: Vec<Remote>,
}

/// A provider.
struct Remote {
    name: String,
    secret: Option<Zeroizing<String>>,
    metadata: Remembered<Arc<Metadata>>,
    keys: Remembered<Arc<JwkSet>>,
}

/// The cache lifetime of metadata and keys, in seconds.
const REMEMBERED: i64 = 3600;
/// The shortest time between two requests for keys after an unknown one, in seconds: tokens of strangers must not cause a
/// request each.
const NEW_KEYS: i64 = 60;
/// The timeout of the exchange of a code and the verification of its ID token. Metadata and UserInfo have their own timeouts;
/// the whole request has 30 seconds.
const EXCHANGE_TIMEOUT: Duration = Duration::from_secs(12);

/// The tokens for a code.
struct Tokens {
    id_token: String,
    access_token: Option<Zeroizing<String>>,
}

impl Upstream {
    /// Returns the providers of a configuration.
    ///
    /// # Errors
    /// If a secret cannot be read.
    pub fn new(providers: &[ProviderConfig]) -> anyhow::Result<Self> {
        let remotes = providers.iter().map(|config| {
            let name = config.provider().name;
            let secret = config.secret().with_context(|| format!("providers: '{name}'"))?;
            Ok(Remote { name, secret, metadata: Remembered::default(), keys: Remembered::default() })
        });
        Ok(Self { remotes: remotes.collect::<anyhow::Result<_>>()?, http: fetch::client()? })
    }

    fn remote(&self, provider: &Provider) -> Result<&Remote, Trouble> {
        let found = self.remotes.iter().find(|remote| remote.name == provider.name);
        found.ok_or(Trouble::Malformed("no such provider"))
    }

    /// Returns the metadata of a provider.
    pub async fn metadata(&self, ctx: &Ctx, provider: &Provider) -> Result<Arc<Metadata>, Trouble> {
        let (request, issuer) = (self.http.get(metadata::address(&provider.issuer)), provider.issuer.clone());
        let ask = async move { Metadata::read(&issuer, fetch::json(request).await?) };
        self.remote(provider)?.metadata.get(ctx, REMEMBERED, ask).await
    }

    /// Returns the keys of a provider, at most `seconds` old.
    async fn keys(
        &self,
        ctx: &Ctx,
        provider: &Provider,
        metadata: &Metadata,
        seconds: i64,
    ) -> Result<Arc<JwkSet>, Trouble> {
        let request = self.http.get(metadata.jwks_uri.clone());
        let ask = async move {
            let keys = JwkSet::from_provider_json(&Value::Object(fetch::json(request).await?));
            keys.map(Arc::new).map_err(|_| Trouble::Malformed("keys that cannot be used"))
        };
        self.remote(provider)?.keys.get(ctx, seconds, ask).await
    }

    /// Returns the address of the authorization endpoint with these parameters.
    pub fn address(metadata: &Metadata, parameters: &[(&'static str, String)]) -> Url {
        let mut url = metadata.authorization_endpoint.clone();
        url.query_pairs_mut().extend_pairs(parameters);
        url
    }

    /// Returns the identity of the user: exchanges the code, verifies the ID token, and requests UserInfo if the ID token lacks
    /// claims.
    pub async fn identity(
        &self,
        ctx: &Ctx,
        provider: &Provider,
        flow: &Flow,
        code: &str,
    ) -> Result<Identity, Trouble> {
        let metadata = self.metadata(ctx, provider).await?;
        let judged = async {
            let tokens = self.exchange(ctx, provider, &metadata, flow, code).await?;
            let identity = self.read(ctx, provider, &metadata, flow, &tokens.id_token).await?;
            Ok::<_, Trouble>((identity, tokens.access_token))
        };
        let judged = tokio::time::timeout(EXCHANGE_TIMEOUT, judged).await;
        let (mut identity, access_token) = judged.map_err(|_| Trouble::TooSlow)??;
        if let (true, Some(endpoint), Some(token)) =
            (identity.is_sparse(), &metadata.userinfo_endpoint, access_token)
        {
            let claims = fetch::json(self.http.get(endpoint.clone()).bearer_auth(token.as_str())).await;
            let claims = claims.and_then(with_subject);
            match claims.and_then(|claims| Ok(identity.complete(claims)?)) {
                Ok(()) => {}
                Err(Trouble::Mistrust(Mistrust::Subject)) => return Err(Mistrust::Subject.into()),
                // The ID token identifies the user; UserInfo only adds claims.
                Err(trouble) => {
                    tracing::warn!(%trouble, provider = provider.name, "the UserInfo endpoint of a provider failed");
                }
            }
        }
        Ok(identity)
    }

    async fn read(
        &self,
        ctx: &Ctx,
        provider: &Provider,
        metadata: &Metadata,
        flow: &Flow,
        id_token: &str,
    ) -> Result<Identity, Trouble> {
        let algorithms = &metadata.algorithms;
        let keys = self.keys(ctx, provider, metadata, REMEMBERED).await?;
        match read_id_token(&ctx.at_present(), provider, flow, &keys, algorithms, id_token) {
            // The provider may have a new key.
            Err(Mistrust::Jose(JoseError::UnknownKey)) => {
                let keys = self.keys(ctx, provider, metadata, NEW_KEYS).await?;
                Ok(read_id_token(&ctx.at_present(), provider, flow, &keys, algorithms, id_token)?)
            }
            read => Ok(read?),
        }
    }

    /// Exchanges a code (RFC 6749, section 4.1.3), with the verifier of PKCE.
    async fn exchange(
        &self,
        ctx: &Ctx,
        provider: &Provider,
        metadata: &Metadata,
        flow: &Flow,
        code: &str,
    ) -> Result<Tokens, Trouble> {
        let redirect_uri = provider.redirect_uri(ctx.settings());
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &redirect_uri),
            ("code_verifier", &flow.verifier),
        ];
        let request = self.http.post(metadata.token_endpoint.clone());
        let request =
            authenticated(request, &form, provider, self.remote(provider)?, metadata.secret_in_form);
        let mut members = fetch::json(request).await?;
        let mut text = |name: &str| match members.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(Trouble::Malformed("a response with a token that is not text")),
        };
        let access_token = text("access_token")?.map(Zeroizing::new);
        let id_token = text("id_token")?.ok_or(Trouble::Malformed("a response without an ID token"))?;
        Ok(Tokens { id_token, access_token })
    }
}

/// Checks that the claims of a UserInfo endpoint have a subject (OpenID Connect Core, section 5.3.2).
fn with_subject(claims: Map<String, Value>) -> Result<Map<String, Value>, Trouble> {
    let has_subject = claims.get("sub").is_some_and(Value::is_string);
    if has_subject { Ok(claims) } else { Err(Trouble::Malformed("a UserInfo response without a subject")) }
}

/// Adds the client authentication (RFC 6749, section 2.3.1).
fn authenticated(
    request: RequestBuilder,
    form: &[(&str, &str)],
    provider: &Provider,
    remote: &Remote,
    secret_in_form: bool,
) -> RequestBuilder {
    let own = ("client_id", provider.client_id.as_str());
    match &remote.secret {
        None => request.form(&[form, &[own]].concat()),
        Some(secret) if secret_in_form => {
            request.form(&[form, &[own, ("client_secret", secret.as_str())]].concat())
        }
        Some(secret) => {
            // Name and secret are encoded as in a form before they are put into the header.
            let encoded =
                |text: &str| crate::http::encode_form([("", text)]).trim_start_matches('=').to_owned();
            request.basic_auth(encoded(&provider.client_id), Some(encoded(secret))).form(form)
        }
    }
}
