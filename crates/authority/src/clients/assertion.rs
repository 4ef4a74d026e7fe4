//! JWTs that clients sign, for client authentication or to act for a user (RFC 7523).

use input::Audience;
use serde::Deserialize;
use token::jose::{Algorithm, JwkSet, MacAlgorithm, verify_foreign, verify_mac};

use crate::tokens::used_once::use_once;
use crate::{AssertionAlgorithm, AuthMethod, Client, Ctx, Fault};

/// The value of `client_assertion_type`.
pub const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// RFC 7523, section 3.
#[derive(Deserialize)]
pub struct Claims {
    iss: String,
    /// The subject.
    pub sub: String,
    aud: Audience,
    exp: f64,
    nbf: Option<f64>,
    iat: Option<f64>,
    jti: String,
}

/// Maximum lifetime of an assertion, in seconds.
const MAX_LIFETIME: f64 = 600.0;
/// Accepted difference between clocks, in seconds.
const SKEW: f64 = 30.0;
/// Maximum length of an identifier, in bytes.
const MAX_ID_LENGTH: usize = 256;
/// Accepted types. Many clients send none or the general one. Types of other tokens of the same key are refused.
const TYPES: [&str; 3] = ["JWT", "client-authentication+jwt", ""];

/// Returns whether an assertion authenticates the client. It is consumed then.
pub(crate) async fn authenticates(ctx: &Ctx, client: &Client, assertion: &str) -> Result<bool, Fault> {
    let claims = match client.metadata.token_endpoint_auth_method {
        Some(AuthMethod::PrivateKeyJwt) => signed(client, assertion),
        Some(AuthMethod::ClientSecretJwt) => shared(ctx, client, assertion).await?,
        _ => {
            spend_time_on(assertion);
            Err("the application does not use assertions".to_owned())
        }
    };
    let own = |claims: Claims| {
        let own = claims.sub == client.application_uri;
        own.then_some(claims).ok_or_else(|| "its subject is another application".to_owned())
    };
    consume(ctx, client, claims.and_then(own)).await.map(|used| used.is_some())
}

/// Spends the time of verifying an assertion, for a client that has no keys or does not exist.
pub(crate) fn spend_time_on(assertion: &str) {
    let _ = verify_foreign::<Claims>(assertion, &JwkSet::empty(), &Algorithm::ALL, &TYPES);
}

/// Verifies an assertion with which a client acts for a user (section 2.1), and consumes it.
pub async fn verify_grant(ctx: &Ctx, client: &Client, assertion: &str) -> Result<Option<Claims>, Fault> {
    consume(ctx, client, signed(client, assertion)).await
}

/// Consumes a verified assertion, unless it was used before.
async fn consume(
    ctx: &Ctx,
    client: &Client,
    claims: Result<Claims, String>,
) -> Result<Option<Claims>, Fault> {
    let checked = claims.and_then(|claims| check(ctx, client, &claims).map(|expires| (claims, expires)));
    match checked {
        Ok((claims, expires)) => {
            let fresh = use_once(ctx, &["assertion", &claims.iss, &claims.jti], expires).await?;
            if !fresh {
                tracing::info!(client = client.application_uri, "an assertion was used before");
            }
            Ok(fresh.then_some(claims))
        }
        Err(why) => {
            tracing::info!(client = client.application_uri, why, "an assertion was refused");
            Ok(None)
        }
    }
}

fn signed(client: &Client, assertion: &str) -> Result<Claims, String> {
    let none = JwkSet::empty();
    let keys = client.metadata.jwks.as_ref().map_or(&none, |jwks| &jwks.keys);
    let algorithms = match client.metadata.token_endpoint_auth_signing_alg {
        Some(AssertionAlgorithm::Signed(only)) => vec![only],
        _ => Algorithm::ALL.to_vec(),
    };
    let verified = verify_foreign(assertion, keys, &algorithms, &TYPES);
    verified.map(|jws| jws.claims).map_err(|error| error.to_string())
}

async fn shared(ctx: &Ctx, client: &Client, assertion: &str) -> Result<Result<Claims, String>, Fault> {
    let id = client.id;
    let sealed = ctx.store().read(move |read| read.find_client_secret(id)).await?;
    let Some(secret) = sealed else { return Ok(Err("the application has no secret".to_owned())) };
    let former = secret.former.filter(|_| client.former_secret_until_utc.is_some_and(|end| end > ctx.now));
    let algorithms = match client.metadata.token_endpoint_auth_signing_alg {
        Some(AssertionAlgorithm::Shared(only)) => vec![only],
        _ => MacAlgorithm::ALL.to_vec(),
    };
    let verified = |sealed: &str| {
        let secret = ctx.authority().keyring.open(sealed, &secret_place(id))?;
        let verified = verify_mac(assertion, &secret, &algorithms, &TYPES);
        Ok::<_, Fault>(verified.map(|jws| jws.claims).map_err(|error| error.to_string()))
    };
    match (verified(&secret.sealed)?, former) {
        (Err(_), Some(former)) => verified(&former),
        (verified, _) => Ok(verified),
    }
}

/// Returns the associated data of a sealed secret, so that it cannot be moved to another client.
pub(crate) fn secret_place(application: model::Uuid) -> Vec<u8> {
    [b"grantor_client_secrets/".as_slice(), application.as_bytes()].concat()
}

/// Checks the claims of an assertion. Returns until when it could be presented again.
fn check(ctx: &Ctx, client: &Client, claims: &Claims) -> Result<i64, String> {
    let client_id = &client.application_uri;
    if claims.iss != *client_id {
        return Err("its issuer is another application".to_owned());
    }
    let settings = ctx.settings();
    let ours = |audience: &str| audience == settings.issuer() || audience == settings.token_endpoint();
    if !claims.aud.includes(ours) {
        return Err("its audience is another one".to_owned());
    }
    if !(1..=MAX_ID_LENGTH).contains(&claims.jti.len()) {
        return Err("it has no usable identifier".to_owned());
    }
    check_times(ctx.now.micros(), claims)
}

#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "both are seconds of this century"
)]
fn check_times(now_micros: i64, claims: &Claims) -> Result<i64, String> {
    let now = now_micros as f64 / 1e6;
    // Written so that what is no number at all is refused.
    if !(claims.exp > now && claims.exp <= now + MAX_LIFETIME + SKEW) {
        return Err("it has expired, or lives too long".to_owned());
    }
    let begun = |time: Option<f64>| time.is_none_or(|time| time <= now + SKEW);
    if !begun(claims.nbf) || !begun(claims.iat) {
        return Err("it is from the future".to_owned());
    }
    Ok(claims.exp.ceil() as i64)
}
