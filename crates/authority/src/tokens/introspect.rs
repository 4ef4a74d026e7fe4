//! Introspection of tokens by resource servers (RFC 7662).

use grant_state::resolved::ResolvedGrant;
use input::Audience;
use model::entities::{ClientType, GrantKind};
use serde::Serialize;
use serde_json::json;
use token::jose::Algorithm;

use super::access_token::{MayAct, SignedIn};
use super::audience;
use super::resolve::{self, hash_presented};
use crate::clients::authenticate::authenticate;
use crate::clients::find::find_application;
use crate::oidc::keys::Purpose;
use crate::oidc::subject::subject_of;
use crate::{Acting, AuthorizationDetails, Binding, Client, ClientCredentials, Ctx, Fault, SubjectType};

/// The response for a valid token (RFC 7662, section 2.2).
#[derive(Serialize)]
pub struct Introspection {
    active: bool,
    scope: String,
    client_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exp: Option<i64>,
    iat: i64,
    nbf: i64,
    sub: String,
    iss: String,
    /// Its audience, if it is an access token (RFC 8707).
    #[serde(skip_serializing_if = "Option::is_none")]
    aud: Option<Audience>,
    jti: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    cnf: Option<Binding>,
    /// The actor (RFC 8693, section 4.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    act: Option<Acting>,
    #[serde(skip_serializing_if = "Option::is_none")]
    may_act: Option<MayAct>,
    /// The sign-in (RFC 9470, section 6.2).
    #[serde(flatten)]
    signed_in: Option<SignedIn>,
    /// The `authorization_details` (RFC 9396, section 9.2).
    #[serde(skip_serializing_if = "AuthorizationDetails::is_empty")]
    authorization_details: AuthorizationDetails,
    /// Extension: the networks from which it may be used, separated by spaces; any, if absent. The resource server has to check
    /// them, because only it knows the address of its caller.
    #[serde(skip_serializing_if = "Option::is_none")]
    allowed_ip_addresses: Option<String>,
    /// Extension: its `Type` in the registry.
    grant_kind: &'static str,
}

/// Introspects a token. Returns `None` if it is not valid, or the client may not introspect it.
///
/// # Errors
/// [`Fault::InvalidClient`] if the client is not authenticated.
pub async fn introspect(
    ctx: &Ctx,
    credentials: &ClientCredentials,
    presented: &str,
) -> Result<Option<Introspection>, Fault> {
    let (_, asking) = authenticate(ctx, credentials).await?;
    if asking.client_type != ClientType::Confidential {
        return Err(Fault::InvalidClient);
    }
    let Ok(hash) = hash_presented(ctx, presented) else { return Ok(None) };
    let Some(found) = resolve::find(ctx, hash).await? else { return Ok(None) };
    let own = found.grant.trusted_application_id == Some(asking.id);
    if found.check(ctx.now).is_err() || !(found.is_access_token() || own) {
        return Ok(None);
    }
    // A new refresh token that is asked about has arrived: the answer that gave it is not repeated any more.
    if found.is_access_token() || found.grant.kind == GrantKind::RefreshToken {
        ctx.authority().last_uses.note(found.grant.id, ctx.now, None, None);
    }
    Ok(Some(describe(ctx, &asking, &found)))
}

/// Signs the response for a client (RFC 9701, section 5); `None` is a token that is not valid.
///
/// # Errors
/// [`Fault::InvalidClient`] if there is no such client.
pub async fn sign(ctx: &Ctx, client_id: &str, response: Option<&Introspection>) -> Result<String, Fault> {
    let asking = find_application(ctx, client_id).await?.ok_or(Fault::InvalidClient)?;
    let algorithm = asking.metadata.introspection_signed_response_alg.unwrap_or(Algorithm::Rs256);
    let claims = json!({
        "iss": ctx.settings().issuer(),
        "aud": client_id,
        "iat": ctx.now.seconds(),
        "token_introspection": match response {
            Some(response) => serde_json::to_value(response)?,
            None => json!({ "active": false }),
        },
    });
    ctx.authority().signing.sign(algorithm, Purpose::Introspection, &claims, ctx.now)
}

fn describe(ctx: &Ctx, asking: &Client, live: &ResolvedGrant) -> Introspection {
    let grant = &live.grant;
    Introspection {
        active: true,
        scope: live.scopes.to_string(),
        // A login says to an application with pairwise subjects who the subject is to others, and the application that holds
        // the token learns it as far as agreed.
        username: live
            .user
            .as_ref()
            .filter(|_| asking.metadata.subject_type == SubjectType::Public && live.may_read_login())
            .map(|user| user.login.clone()),
        token_type: live.is_access_token().then(|| Binding::token_type(live.binding.as_ref())),
        exp: grant.expire_timestamp.map(model::Timestamp::seconds),
        iat: grant.creation_timestamp.seconds(),
        nbf: grant.creation_timestamp.seconds(),
        sub: subject_of(ctx, live),
        client_id: grant.client.clone().unwrap_or_default(),
        aud: live.is_access_token().then(|| audience::claim(ctx, &live.payload.resources)),
        iss: ctx.settings().issuer(),
        jti: grant.id.to_string(),
        cnf: live.binding.clone(),
        act: live.payload.act.clone(),
        may_act: live.application.as_ref().filter(|_| live.is_access_token()).and_then(MayAct::for_client),
        signed_in: live.payload.sign_in.as_ref().map(SignedIn::from_sign_in),
        authorization_details: live.payload.details.clone(),
        allowed_ip_addresses: live.allowed.to_text(),
        grant_kind: grant.kind.code(),
    }
}
