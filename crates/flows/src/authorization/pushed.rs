//! Pushed authorization requests (RFC 9126).

use std::borrow::Cow;
use std::sync::Arc;

use input::Params;
use model::Timestamp;
use serde::{Deserialize, Serialize};
use store::PushedRequest;
use token::random_id::RandomId;

use super::request::{KEY, RequestError, read_of};
use super::request_object;
use authority::clients::authenticate::authenticate;
use authority::registry::places;
use authority::sign_in::attempts::PUSHED_REQUESTS;
use authority::tokens::proofs;
use authority::{Client, ClientCredentials, Ctx, Fault};

/// The prefix of a `request_uri`, before its secret (section 2.2).
const PREFIX: &str = "urn:ietf:params:oauth:request_uri:";

/// The response to a pushed request.
pub struct Pushed {
    /// Its `request_uri`, which is a secret.
    pub request_uri: String,
    /// Its lifetime, in seconds.
    pub expires_in: i64,
}

/// Maximum length of a request, in bytes.
const MAX_REQUEST: usize = 16 * 1024;

/// Maximum length of the value of a parameter, in bytes.
fn longest(name: &str) -> usize {
    match name {
        "claims" | "authorization_details" | "id_token_hint" => 8192,
        "state" | "scope" | "redirect_uri" | "resource" => 4096,
        _ => 1024,
    }
}

/// Refuses requests that are too long.
fn check_sizes(kept: &[(&str, &str)]) -> Result<(), Fault> {
    let longer =
        kept.iter().find(|(name, value)| value.len() > longest(name) || name.len() > MAX_NAME_LENGTH);
    longer.map_or(Ok(()), |(name, _)| {
        let name: String = name.chars().take(MAX_NAME_LENGTH).collect();
        Err(Fault::InvalidRequest(format!("the parameter '{name}' is too long")))
    })
}

/// Maximum length of the name of a parameter, in bytes.
const MAX_NAME_LENGTH: usize = 64;

/// Stores the request of an authenticated client. It is validated now and again when it is used (section 2.1).
///
/// # Errors
/// Those of client authentication and of the request; [`Fault::TooManyAttempts`] for a network that pushes too many requests
/// of clients that do not authenticate.
pub async fn push(ctx: &Ctx, credentials: &ClientCredentials, params: &Params) -> Result<Pushed, Fault> {
    let (acting, application) = authenticate(ctx, credentials).await?;
    if params.get("request_uri").is_some() {
        return Err(Fault::InvalidRequest("a pushed request does not refer to another".to_owned()));
    }
    let params = &*request_object::effective(ctx, &application, params, ctx.now)?;
    let request = read_of(ctx, Arc::clone(&application), params, None).map_err(|refusal| match refusal {
        RequestError::Shown(fault) | RequestError::Returned(_, fault) => fault,
    })?;
    // RFC 9449, section 10.1: a DPoP proof replaces `dpop_jkt`; if both are present, they must match.
    let (proving, proven) = match proofs::proven_key(&acting, &application)? {
        Some((ctx, key)) => (ctx, Some(key)),
        None => (acting, None),
    };
    if let (Some(proven), Some(named)) = (&proven, &request.key)
        && proven != named
    {
        return Err(Fault::InvalidDpopProof(format!("the DPoP proof is not of the key that '{KEY}' names")));
    }
    let own = params.iter().filter(|(name, _)| !CREDENTIALS.contains(name) && *name != KEY);
    let key = proven.as_deref().or(request.key.as_deref()).map(|key| (KEY, key));
    let kept: Vec<_> = own.chain(key).collect();
    check_sizes(&kept)?;
    let expires_in = ctx.settings().lifetimes.pushed_request_lifetime;
    let kept = Kept {
        arrives_by: ctx.now.plus_seconds(expires_in).micros(),
        parameters: kept.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
    };
    let plain = serde_json::to_vec(&kept)?;
    if plain.len() > MAX_REQUEST {
        return Err(Fault::InvalidRequest(format!("a request has at most {MAX_REQUEST} bytes")));
    }
    if application.is_unproven() {
        PUSHED_REQUESTS.begin(ctx).await?;
    }
    let secret = RandomId::generate(ctx.random())?;
    let hash = secret.hash().to_string();
    let sealed = ctx.keyring().seal(&plain, &places::pushed_request(&hash), ctx.random())?;
    let row = PushedRequest {
        secret_hash: hash,
        client_id: application.application_uri.clone(),
        sealed,
        expires_at: ctx.now.plus_seconds(expires_in + INTERACTION),
    };
    proving.transaction(move |_, tx| Ok(tx.insert_pushed_request(&row)?)).await?;
    Ok(Pushed { request_uri: format!("{PREFIX}{}", secret.expose()), expires_in })
}

/// How long a user may take to decide on a request, in seconds.
pub const INTERACTION: i64 = 3600;

/// A pushed request, as it is stored encrypted.
#[derive(Serialize, Deserialize)]
struct Kept {
    /// Until when it can be used at the authorization endpoint (section 2.2), in microseconds. The row lives longer: the
    /// user then has [`INTERACTION`] to decide.
    arrives_by: i64,
    parameters: Vec<(String, String)>,
}

/// The parameters of client authentication, which are no part of a request.
const CREDENTIALS: [&str; 3] = ["client_secret", "client_assertion", "client_assertion_type"];

/// Returns the parameters of a request that arrived at a given time: its own, or those of the pushed request. For the latter,
/// also the hash of its secret.
pub(super) async fn effective<'a>(
    ctx: &Ctx,
    application: &Client,
    params: &'a Params,
    arrived: Timestamp,
) -> Result<(Cow<'a, Params>, Option<String>), Fault> {
    let Some(secret) = params.get("request_uri").and_then(|uri| uri.strip_prefix(PREFIX)) else {
        return Ok((Cow::Borrowed(params), None));
    };
    let unknown = || Fault::InvalidRequest("this request is not known, was used, or has expired".to_owned());
    let secret = RandomId::parse(secret).map_err(|_| unknown())?;
    let (hash, now) = (secret.hash().to_string(), ctx.now);
    let found = ctx.store().read(move |read| read.find_pushed_request(&hash, now)).await?;
    let found: PushedRequest = found.ok_or_else(unknown)?;
    // Section 4: it is bound to the client that pushed it.
    if found.client_id != application.application_uri {
        return Err(unknown());
    }
    let plain = ctx.keyring().open(&found.sealed, &places::pushed_request(&found.secret_hash))?;
    // Rows of an earlier version have another form, and have expired.
    let kept: Kept = serde_json::from_slice(&plain).map_err(|_| unknown())?;
    if kept.arrives_by <= arrived.micros() {
        return Err(unknown());
    }
    Ok((Cow::Owned(Params::new(kept.parameters)?), Some(found.secret_hash)))
}
