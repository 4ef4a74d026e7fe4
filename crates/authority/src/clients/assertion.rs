//! Tokens that applications sign: to prove who they are, or to act for somebody (RFC 7523).

use input::Audience;
use serde::Deserialize;
use token::jose::{Algorithm, JwkSet, MacAlgorithm, verify_foreign, verify_mac};

use crate::tokens::used_once::use_once;
use crate::{AssertionAlgorithm, AuthMethod, Client, Ctx, Fault};

/// The value of `client_assertion_type`.
pub const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// RFC 7523, section 3.
#[derive(Deserialize)]
pub(crate) struct Claims {
    iss: String,
    pub(crate) sub: String,
    aud: Audience,
    exp: f64,
    nbf: Option<f64>,
    iat: Option<f64>,
    jti: String,
}

/// How far ahead an assertion may expire, in seconds.
const LONGEST_LIFE: f64 = 600.0;
/// How far clocks may differ, in seconds.
const SKEW: f64 = 30.0;
/// The longest identifier, in bytes.
const LONGEST_ID: usize = 256;
/// Types of other tokens that the same key may sign are refused; many send no type, or the general one.
const TYPES: [&str; 3] = ["JWT", "client-authentication+jwt", ""];

/// Whether an assertion proves that the one who sent it is this application. It is used up then.
pub(crate) async fn proves(ctx: &Ctx, client: &Client, assertion: &str) -> Result<bool, Fault> {
    let claims = match client.metadata.token_endpoint_auth_method {
        Some(AuthMethod::PrivateKeyJwt) => signed(client, assertion),
        Some(AuthMethod::ClientSecretJwt) => shared(ctx, client, assertion).await?,
        _ => {
            look_at(assertion);
            Err("the application does not use assertions".to_owned())
        }
    };
    let own = |claims: Claims| {
        let own = claims.sub == client.application_uri;
        own.then_some(claims).ok_or_else(|| "it speaks for another application".to_owned())
    };
    consume(ctx, client, claims.and_then(own)).await.map(|used| used.is_some())
}

/// Looks at the assertion of somebody who has no keys, or does not exist, as long as at one that proves nothing.
pub(crate) fn look_at(assertion: &str) {
    let _ = verify_foreign::<Claims>(assertion, &JwkSet::empty(), &Algorithm::ALL, &TYPES);
}

/// Reads an assertion by which an application wants to act for somebody (section 2.1). It is used up then.
pub(crate) async fn spoken_for(ctx: &Ctx, client: &Client, assertion: &str) -> Result<Option<Claims>, Fault> {
    consume(ctx, client, signed(client, assertion)).await
}

/// Takes an assertion that was read, if it is right and was not used before.
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

/// What a sealed secret belongs to, so that it cannot be moved to another application.
pub(crate) fn secret_place(application: model::Uuid) -> Vec<u8> {
    [b"grantor_client_secrets/".as_slice(), application.as_bytes()].concat()
}

/// Checks what an assertion says; gives until when it could be used again.
fn check(ctx: &Ctx, client: &Client, claims: &Claims) -> Result<i64, String> {
    let client_id = &client.application_uri;
    if claims.iss != *client_id {
        return Err("another application made it".to_owned());
    }
    let settings = ctx.settings();
    let ours = |audience: &str| audience == settings.issuer() || audience == settings.token_endpoint();
    if !claims.aud.includes(ours) {
        return Err("it is for another audience".to_owned());
    }
    if !(1..=LONGEST_ID).contains(&claims.jti.len()) {
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
    if !(claims.exp > now && claims.exp <= now + LONGEST_LIFE + SKEW) {
        return Err("it has expired, or lives too long".to_owned());
    }
    let begun = |time: Option<f64>| time.is_none_or(|time| time <= now + SKEW);
    if !begun(claims.nbf) || !begun(claims.iat) {
        return Err("it is from the future".to_owned());
    }
    Ok(claims.exp.ceil() as i64)
}
