//! Access tokens of clients: opaque, or JWTs if the client is configured so.

use grant_state::payload::SignInPayload;
use input::Audience;
use model::entities::AccessTokenFormat;
use serde::Serialize;
use token::TokenKind;
use token::jose::Algorithm;
use zeroize::Zeroizing;

use super::audience;
use super::issue::{NewGrant, Prepared};
use crate::oidc::acr;
use crate::oidc::keys::Purpose;
use crate::{AccessSecret, Acting, AuthorizationDetails, Binding, Client, Ctx, Fault, GrantPayload};

/// The claims of a signed access token (RFC 9068, section 2.2).
#[derive(Serialize)]
struct Claims<'a> {
    iss: String,
    sub: &'a str,
    aud: Audience,
    client_id: &'a str,
    iat: i64,
    nbf: i64,
    exp: i64,
    jti: String,
    scope: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    sid: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cnf: Option<&'a Binding>,
    #[serde(skip_serializing_if = "Option::is_none")]
    act: Option<&'a Acting>,
    #[serde(skip_serializing_if = "Option::is_none")]
    may_act: Option<MayAct>,
    #[serde(flatten)]
    signed_in: Option<SignedIn>,
    #[serde(skip_serializing_if = "Option::is_none")]
    authorization_details: Option<&'a AuthorizationDetails>,
}

/// The clients that may act with a token (RFC 8693, section 4.4).
#[derive(Serialize)]
pub(crate) struct MayAct {
    sub: String,
}

impl MayAct {
    pub(crate) fn for_client(application: &Client) -> Option<Self> {
        application.metadata.may_act.clone().map(|sub| Self { sub })
    }
}

/// The sign-in of the user (RFC 9068, section 2.2.1; RFC 9470, section 6).
#[derive(Serialize)]
pub(crate) struct SignedIn {
    acr: &'static str,
    auth_time: i64,
}

impl SignedIn {
    pub(crate) fn from_sign_in(sign_in: &SignInPayload) -> Self {
        Self { acr: acr::reached(&sign_in.methods), auth_time: sign_in.auth_time }
    }
}

/// Returns the format of tokens of a client for some resource servers.
pub fn format(ctx: &Ctx, application: &Client, services: &[String]) -> AccessTokenFormat {
    ctx.catalogue().format(services).unwrap_or(application.access_token_format)
}

/// Prepares an access token in the format of its client or resource server. `subject` is its `sub`.
pub fn prepare(
    ctx: &Ctx,
    application: &Client,
    grant: NewGrant<'_>,
    subject: &str,
) -> Result<Prepared, Fault> {
    let nothing = GrantPayload::default();
    let services = &grant.payload.as_ref().unwrap_or(&nothing).resources;
    if format(ctx, application, services) == AccessTokenFormat::Reference {
        return grant.with_opaque_secret(ctx, TokenKind::ReferenceAccess);
    }
    let (mut grant, id) = (grant.limited(ctx)?, ctx.new_id()?);
    // A JWT expires before its key is withdrawn.
    let latest = ctx.now.plus_seconds(Purpose::AccessToken.lifetime(ctx.settings()));
    let expires = grant.expires.map_or(latest, |expires| expires.min(latest));
    grant.expires = Some(expires);
    let payload = grant.payload.as_ref().unwrap_or(&nothing);
    let claims = Claims {
        iss: ctx.settings().issuer(),
        sub: subject,
        aud: audience::claim(ctx, &payload.resources),
        client_id: &application.application_uri,
        iat: ctx.now.seconds(),
        nbf: ctx.now.seconds(),
        exp: expires.seconds(),
        jti: id.to_string(),
        scope: grant.scopes.to_string(),
        sid: grant.session.as_deref(),
        cnf: grant.binding.as_ref(),
        act: payload.act.as_ref(),
        may_act: MayAct::for_client(application),
        signed_in: payload.sign_in.as_ref().map(SignedIn::from_sign_in),
        authorization_details: Some(&payload.details).filter(|details| !details.is_empty()),
    };
    let signed = ctx.authority().signing.sign(Algorithm::Rs256, Purpose::AccessToken, &claims, ctx.now)?;
    grant.with_secret(ctx, id, AccessSecret::Signed(Zeroizing::new(signed)))
}
