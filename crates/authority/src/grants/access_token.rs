//! Access tokens of applications: opaque, or signed where the application is set so.

use model::entities::AccessTokenFormat;
use serde::Serialize;
use token::TokenKind;
use token::jose::Algorithm;
use zeroize::Zeroizing;

use crate::issue::{NewGrant, Prepared};
use crate::{AccessSecret, Binding, Ctx, Fault};

/// The claims of a signed access token (RFC 9068, section 2.2).
#[derive(Serialize)]
struct Claims<'a> {
    iss: String,
    sub: &'a str,
    aud: String,
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
}

/// The audience of tokens that name none: our own interfaces.
pub(crate) fn default_audience(ctx: &Ctx) -> String {
    format!("{}/api", ctx.settings().public_url)
}

/// Makes an access token in the form that its application is set to. `subject` is whom it speaks for.
pub(crate) fn prepare(ctx: &Ctx, grant: NewGrant<'_>, subject: &str) -> Result<Prepared, Fault> {
    let application = grant.application;
    if application.access_token_format == AccessTokenFormat::Reference {
        return grant.with_opaque_secret(ctx, TokenKind::ReferenceAccess);
    }
    let id = ctx.new_id()?;
    let lifetime = ctx.now.plus_seconds(ctx.settings().access_token_lifetime);
    let claims = Claims {
        iss: ctx.settings().issuer(),
        sub: subject,
        aud: default_audience(ctx),
        client_id: &application.application_uri,
        iat: ctx.now.seconds(),
        nbf: ctx.now.seconds(),
        exp: grant.expires.unwrap_or(lifetime).seconds(),
        jti: id.to_string(),
        scope: grant.scopes.to_string(),
        sid: grant.session.as_deref(),
        cnf: grant.binding.as_ref(),
    };
    let signed = ctx.authority().signing.sign(Algorithm::Rs256, "at+jwt", &claims, ctx.now)?;
    grant.with_secret(ctx, id, AccessSecret::Signed(Zeroizing::new(signed)))
}
