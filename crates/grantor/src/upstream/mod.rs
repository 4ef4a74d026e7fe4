//! Talking to the OpenID providers at which people may sign in.

mod config;
mod fetch;
mod metadata;

use std::sync::Arc;

use anyhow::Context as _;
use authority::Ctx;
use authority::upstream::{Flow, Identity, Mistrust, Provider, read_id_token};
use model::Timestamp;
use reqwest::{Client, RequestBuilder, Url};
use serde_json::Value;
use token::jose::{JoseError, JwkSet};
use tokio::sync::Mutex;
use zeroize::Zeroizing;

pub(crate) use config::{ProviderConfig, check};
pub(crate) use fetch::Trouble;
pub(crate) use metadata::Metadata;

/// The providers, and what is remembered of them.
pub(crate) struct Upstream {
    http: Client,
    remotes: Vec<Remote>,
}

/// One of them.
struct Remote {
    name: String,
    secret: Option<Zeroizing<String>>,
    metadata: Mutex<Remembered<Arc<Metadata>>>,
    keys: Mutex<Remembered<Arc<JwkSet>>>,
}

/// Something that a provider said, or when it did not answer.
struct Remembered<T> {
    value: Option<(T, Timestamp)>,
    failed_at: Option<Timestamp>,
}

impl<T> Default for Remembered<T> {
    fn default() -> Self {
        Self { value: None, failed_at: None }
    }
}

/// For how long what a provider says is remembered, in seconds.
const REMEMBERED: i64 = 3600;
/// After how long keys are asked for anew where one is unknown, in seconds: strangers must not make us ask all the time.
const NEW_KEYS: i64 = 60;
/// For how long a provider that does not answer is left alone, in seconds.
const REST: i64 = 5;

impl<T: Clone> Remembered<T> {
    /// What is remembered, unless it is older than `seconds`.
    fn get(&self, now: Timestamp, seconds: i64) -> Result<Option<T>, Trouble> {
        let recent = self.value.as_ref().filter(|(_, at)| at.plus_seconds(seconds) > now);
        if recent.is_none() && self.failed_at.is_some_and(|at| at.plus_seconds(REST) > now) {
            return Err(Trouble::StillAway);
        }
        Ok(recent.map(|(value, _)| value.clone()))
    }

    fn keep(&mut self, now: Timestamp, fetched: Result<T, Trouble>) -> Result<T, Trouble> {
        match fetched {
            Ok(value) => {
                *self = Self { value: Some((value.clone(), now)), failed_at: None };
                Ok(value)
            }
            Err(trouble) => {
                self.failed_at = Some(now);
                Err(trouble)
            }
        }
    }
}

/// What a code was exchanged for.
struct Tokens {
    id_token: String,
    access_token: Option<Zeroizing<String>>,
}

impl Upstream {
    /// The providers of a configuration.
    ///
    /// # Errors
    /// Where a secret cannot be read.
    pub(crate) fn of(providers: &[ProviderConfig]) -> anyhow::Result<Self> {
        let remotes = providers.iter().map(|config| {
            let name = config.provider().name;
            let secret = config.secret().with_context(|| format!("providers: '{name}'"))?;
            Ok(Remote { name, secret, metadata: Mutex::default(), keys: Mutex::default() })
        });
        Ok(Self { remotes: remotes.collect::<anyhow::Result<_>>()?, http: fetch::client()? })
    }

    fn remote(&self, provider: &Provider) -> Result<&Remote, Trouble> {
        let found = self.remotes.iter().find(|remote| remote.name == provider.name);
        found.ok_or(Trouble::Malformed("no such provider"))
    }

    /// What a provider says of itself. Of many who ask at once, one asks the provider.
    pub(crate) async fn metadata(&self, ctx: &Ctx, provider: &Provider) -> Result<Arc<Metadata>, Trouble> {
        let mut remembered = self.remote(provider)?.metadata.lock().await;
        if let Some(known) = remembered.get(ctx.now, REMEMBERED)? {
            return Ok(known);
        }
        let told = fetch::json(self.http.get(metadata::address(&provider.issuer))).await;
        remembered.keep(ctx.now, told.and_then(|told| Metadata::read(&provider.issuer, told)))
    }

    /// The keys of a provider, asked for in the last `seconds`.
    async fn keys(
        &self,
        ctx: &Ctx,
        provider: &Provider,
        metadata: &Metadata,
        seconds: i64,
    ) -> Result<Arc<JwkSet>, Trouble> {
        let mut remembered = self.remote(provider)?.keys.lock().await;
        if let Some(known) = remembered.get(ctx.now, seconds)? {
            return Ok(known);
        }
        let told = fetch::json(self.http.get(metadata.jwks_uri.clone())).await;
        let read = told.and_then(|told| {
            JwkSet::published(&told).map(Arc::new).map_err(|_| Trouble::Malformed("keys that cannot be used"))
        });
        remembered.keep(ctx.now, read)
    }

    /// Where a browser is sent to sign in.
    pub(crate) fn address(metadata: &Metadata, parameters: &[(&'static str, String)]) -> Url {
        let mut url = metadata.authorization_endpoint.clone();
        url.query_pairs_mut().extend_pairs(parameters);
        url
    }

    /// Who signed in: the code is exchanged, the ID token read, and the UserInfo endpoint asked where that one says little.
    pub(crate) async fn identity(
        &self,
        ctx: &Ctx,
        provider: &Provider,
        flow: &Flow,
        code: &str,
    ) -> Result<Identity, Trouble> {
        let metadata = self.metadata(ctx, provider).await?;
        let tokens = self.exchange(ctx, provider, &metadata, flow, code).await?;
        let mut identity = self.read(ctx, provider, &metadata, flow, &tokens.id_token).await?;
        if let (true, Some(endpoint), Some(token)) =
            (identity.is_sparse(), &metadata.userinfo_endpoint, &tokens.access_token)
        {
            let told = fetch::json(self.http.get(endpoint.clone()).bearer_auth(token.as_str())).await?;
            identity.complete(&told)?;
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
        match read_id_token(ctx, provider, flow, &keys, algorithms, id_token) {
            // The provider may have a new key.
            Err(Mistrust::Jose(JoseError::UnknownKey)) => {
                let keys = self.keys(ctx, provider, metadata, NEW_KEYS).await?;
                Ok(read_id_token(ctx, provider, flow, &keys, algorithms, id_token)?)
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
        let mut told = fetch::json(request).await?;
        let mut text = |name: &str| match told.get_mut(name).map(Value::take) {
            Some(Value::String(text)) => Some(text),
            _ => None,
        };
        let access_token = text("access_token").map(Zeroizing::new);
        let id_token = text("id_token").ok_or(Trouble::Malformed("an answer without an ID token"))?;
        Ok(Tokens { id_token, access_token })
    }
}

/// Proves who we are (RFC 6749, section 2.3.1).
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
