//! Request objects (RFC 9101).

use std::borrow::Cow;

use input::request_object::parameters;
use input::{Audience, Params};
use model::Timestamp;
use serde_json::{Map, Value};
use token::jose::{Algorithm, verify_foreign};

use authority::tokens::used_once::use_once;
use authority::{Client, Ctx, Fault};

/// Accepted difference between clocks, in seconds.
const SKEW: f64 = 30.0;
/// Accepted types (section 10.8). Other tokens of the same key have other types; many clients send none or the general one.
const TYPES: [&str; 3] = ["oauth-authz-req+jwt", "JWT", ""];

/// Returns the parameters of a request: its own, or only those of its request object (section 6.3). `at` is the time at which
/// it must be valid.
///
/// # Errors
/// [`Fault::InvalidRequestObject`] if signature or audience are invalid; [`Fault::InvalidRequest`] if the client has to sign
/// its requests and did not.
pub(super) fn effective<'a>(
    ctx: &Ctx,
    application: &Client,
    params: &'a Params,
    at: Timestamp,
) -> Result<Cow<'a, Params>, Fault> {
    let Some(signed) = params.get("request") else {
        if application.metadata.require_signed_request_object {
            let message = "the application has to sign its requests (RFC 9101)";
            return Err(Fault::InvalidRequest(message.to_owned()));
        }
        return Ok(Cow::Borrowed(params));
    };
    // Section 5: one of the two.
    if params.get("request_uri").is_some() {
        return Err(Fault::InvalidRequest("a request is either signed or pushed ahead".to_owned()));
    }
    let claims = verify(ctx, application, signed, at)?;
    parameters(&claims, bad).map(Cow::Owned)
}

/// Maximum lifetime of a back-channel request object, in seconds.
const MAX_LIFETIME: f64 = 3600.0;
/// The parameters that are allowed beside the request object of a back-channel request: those of client authentication.
const BESIDE: [&str; 5] =
    ["request", "client_id", "client_secret", "client_assertion", "client_assertion_type"];

/// Returns the parameters of a back-channel request: its own, or only those of its request object (OpenID CIBA, section 7.1.1),
/// which is consumed.
///
/// # Errors
/// [`Fault::InvalidRequest`] if the request object is invalid, or required and missing.
pub(crate) async fn by_back_channel<'a>(
    ctx: &Ctx,
    application: &Client,
    params: &'a Params,
) -> Result<Cow<'a, Params>, Fault> {
    let bad = |why: &str| Fault::InvalidRequest(format!("the signed request is not valid: {why}"));
    let only = application.metadata.backchannel_authentication_request_signing_alg;
    let Some(signed) = params.get("request") else {
        return match only {
            Some(_) => Err(Fault::InvalidRequest("the application has to sign its requests".to_owned())),
            None => Ok(Cow::Borrowed(params)),
        };
    };
    if params.iter().any(|(name, _)| !BESIDE.contains(&name)) {
        return Err(bad("there are parameters beside it"));
    }
    let keys = application.metadata.jwks.as_ref().ok_or_else(|| bad("the application has no keys"))?;
    let algorithms = only.map_or_else(|| Algorithm::ALL.to_vec(), |only| vec![only]);
    let verified = verify_foreign(signed, &keys.keys, &algorithms, &TYPES);
    let claims: Map<String, Value> = verified.map_err(|error| bad(&error.to_string()))?.claims;
    let says = |name: &str| claims.get(name).is_some_and(|value| *value == application.application_uri);
    if !says("iss") || says("sub") {
        return Err(bad("it is of another application, or a client assertion"));
    }
    let issuer = ctx.settings().issuer();
    let audience = Audience::from_claims(&claims).map_err(|_| bad("its audience is no text"))?;
    if !audience.is_some_and(|audience| audience.includes(|one| one == issuer)) {
        return Err(bad("its audience is another one"));
    }
    let expires =
        check_all_times(ctx, &claims).ok_or_else(|| bad("it is too old, or says too little of its times"))?;
    let id = match claims.get("jti") {
        Some(Value::String(id)) if (1..=MAX_ID_LENGTH).contains(&id.len()) => id,
        _ => return Err(bad("its jti is missing, or is no text of 1 to 256 bytes")),
    };
    if !use_once(ctx, &["backchannel", &application.application_uri, id], expires).await? {
        return Err(bad("its jti was used before"));
    }
    parameters(&claims, bad).map(Cow::Owned)
}

/// Maximum length of an identifier, in bytes.
const MAX_ID_LENGTH: usize = 256;

/// Checks the times of a request object. Returns until when it is valid.
#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "seconds of this century")]
fn check_all_times(ctx: &Ctx, claims: &Map<String, Value>) -> Option<i64> {
    let now = ctx.now.micros() as f64 / 1e6;
    let time = |name: &str| claims.get(name).and_then(Value::as_f64);
    let (expires, begins, issued) = (time("exp")?, time("nbf")?, time("iat")?);
    let good =
        expires > now && expires <= now + MAX_LIFETIME + SKEW && begins <= now + SKEW && issued <= now + SKEW;
    good.then_some(expires.ceil() as i64)
}

fn bad(why: &str) -> Fault {
    Fault::InvalidRequestObject(format!("the request object is not valid: {why}"))
}

fn verify(ctx: &Ctx, application: &Client, signed: &str, at: Timestamp) -> Result<Map<String, Value>, Fault> {
    let metadata = &application.metadata;
    let keys = metadata.jwks.as_ref().ok_or_else(|| bad("the application has no keys"))?;
    let only = metadata.request_object_signing_alg.map(|only| vec![only]);
    let algorithms = only.unwrap_or_else(|| Algorithm::ALL.to_vec());
    let verified = verify_foreign(signed, &keys.keys, &algorithms, &TYPES);
    let claims: Map<String, Value> = verified.map_err(|error| bad(&error.to_string()))?.claims;
    let client_id = &application.application_uri;
    let says = |name: &str, expected: &str| claims.get(name).is_some_and(|value| value == expected);
    if !says("client_id", client_id) || (claims.contains_key("iss") && !says("iss", client_id)) {
        return Err(bad("it is of another application"));
    }
    // Section 10.8: a client assertion is not a request object.
    if says("sub", client_id) {
        return Err(bad("it is a client assertion"));
    }
    if claims.contains_key("request") || claims.contains_key("request_uri") {
        return Err(bad("there is another one in it"));
    }
    let issuer = ctx.settings().issuer();
    let audience = Audience::from_claims(&claims).map_err(|_| bad("its audience is no text"))?;
    if !audience.is_none_or(|audience| audience.includes(|one| one == issuer)) {
        return Err(bad("its audience is another one"));
    }
    check_times(at, &claims)?;
    Ok(claims)
}

#[allow(clippy::cast_precision_loss, reason = "microseconds of this century")]
fn check_times(at: Timestamp, claims: &Map<String, Value>) -> Result<(), Fault> {
    let now = at.micros() as f64 / 1e6;
    let time = |name: &str| match claims.get(name) {
        None => Ok(None),
        Some(value) => value.as_f64().map(Some).ok_or_else(|| bad("its times are no numbers")),
    };
    if !time("exp")?.is_none_or(|expires| expires > now) {
        return Err(bad("it has expired"));
    }
    for name in ["nbf", "iat"] {
        if !time(name)?.is_none_or(|begins| begins <= now + SKEW) {
            return Err(bad("it is from the future"));
        }
    }
    Ok(())
}
