//! Requests that applications push ahead (RFC 9126).

use std::borrow::Cow;
use std::sync::Arc;

use input::Params;
use model::Timestamp;
use serde::{Deserialize, Serialize};
use store::PushedRequest;
use token::random_id::RandomId;

use super::request::{KEY, Refusal, read_of};
use super::request_object;
use crate::clients::authenticate::authenticate;
use crate::sign_in::attempts::PUSHED_REQUESTS;
use crate::tokens::proofs;
use crate::{Client, ClientCredentials, Ctx, Fault};

/// What stands before the secret in a `request_uri` (section 2.2).
const PREFIX: &str = "urn:ietf:params:oauth:request_uri:";

/// A request that was pushed.
pub struct Pushed {
    /// How to refer to it; to be kept secret.
    pub request_uri: String,
    /// For how many seconds.
    pub expires_in: i64,
}

/// The longest request that is kept, in bytes.
const MAX_REQUEST: usize = 16 * 1024;

/// The longest value of a parameter that is kept, in bytes.
fn longest(name: &str) -> usize {
    match name {
        "claims" | "authorization_details" | "id_token_hint" => 8192,
        "state" | "scope" | "redirect_uri" | "resource" => 4096,
        _ => 1024,
    }
}

/// Refuses what would fill the registry.
fn check_sizes(kept: &[(&str, &str)]) -> Result<(), Fault> {
    let longer = kept.iter().find(|(name, value)| value.len() > longest(name) || name.len() > LONGEST_NAME);
    longer.map_or(Ok(()), |(name, _)| {
        let name: String = name.chars().take(LONGEST_NAME).collect();
        Err(Fault::InvalidRequest(format!("the parameter '{name}' is too long")))
    })
}

/// The longest name of a parameter, in bytes.
const LONGEST_NAME: usize = 64;

/// Keeps a request for an application that proves who it is. It is checked now, as it will be later (section 2.1).
///
/// # Errors
/// Those of client authentication, and whatever is wrong with the request; [`Fault::TooManyAttempts`] for a network that pushes too
/// often for applications of which nobody has to prove anything.
pub async fn push(ctx: &Ctx, credentials: &ClientCredentials, params: &Params) -> Result<Pushed, Fault> {
    let (acting, application) = authenticate(ctx, credentials).await?;
    if params.get("request_uri").is_some() {
        return Err(Fault::InvalidRequest("a pushed request does not refer to another".to_owned()));
    }
    let params = &*request_object::effective(ctx, &application, params, ctx.now)?;
    let request = read_of(ctx, Arc::clone(&application), params, None).map_err(|refusal| match refusal {
        Refusal::Shown(fault) | Refusal::Returned(_, fault) => fault,
    })?;
    // RFC 9449, section 10.1: a proof of a key is as good as its thumbprint, and both are of the same.
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
    let sealed = ctx.authority().keyring.seal(&plain, &place(&hash), ctx.random())?;
    let row = PushedRequest {
        secret_hash: hash,
        client_id: application.application_uri.clone(),
        sealed,
        expires_at: ctx.now.plus_seconds(expires_in + INTERACTION),
    };
    proving.transaction(move |_, tx| Ok(tx.insert_pushed_request(&row)?)).await?;
    Ok(Pushed { request_uri: format!("{PREFIX}{}", secret.expose()), expires_in })
}

/// How long a person may take from the arrival of a request until they decide, in seconds.
pub const INTERACTION: i64 = 3600;

/// A pushed request, as it is kept under seal.
#[derive(Serialize, Deserialize)]
struct Kept {
    /// When it has to have come to the authorization endpoint (section 2.2), in microseconds. The row lives longer: whoever
    /// comes in time has [`INTERACTION`] to decide.
    arrives_by: i64,
    parameters: Vec<(String, String)>,
}

/// What is no part of a request but proves whose it is.
const CREDENTIALS: [&str; 3] = ["client_secret", "client_assertion", "client_assertion_type"];

/// What a request that arrived at a moment asks for: what stands in it, or what was pushed ahead. Then also the hash of the
/// latter's secret.
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
    // Section 4: it is bound to the application that pushed it.
    if found.client_id != application.application_uri {
        return Err(unknown());
    }
    let plain = ctx.authority().keyring.open(&found.sealed, &place(&found.secret_hash))?;
    // What an earlier version kept has another form; its time is over as well.
    let kept: Kept = serde_json::from_slice(&plain).map_err(|_| unknown())?;
    if kept.arrives_by <= arrived.micros() {
        return Err(unknown());
    }
    Ok((Cow::Owned(Params::new(kept.parameters)?), Some(found.secret_hash)))
}

pub(crate) fn place(hash: &str) -> Vec<u8> {
    format!("grantor_pushed_requests/{hash}").into_bytes()
}
