//! Access tokens of applications: opaque, or signed where the application is set so.

use model::entities::AccessTokenFormat;
use serde::Serialize;
use token::TokenKind;
use token::jose::Algorithm;
use zeroize::Zeroizing;

use super::Params;
use crate::issue::{NewGrant, Prepared};
use crate::{AccessSecret, Binding, Ctx, Fault};

/// The claims of a signed access token (RFC 9068, section 2.2).
#[derive(Serialize)]
struct Claims<'a> {
    iss: String,
    sub: &'a str,
    aud: OneOrMany<'a>,
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

/// The services for which a token is asked (RFC 8707, section 2).
///
/// # Errors
/// [`Fault::InvalidTarget`] for a service that there is none of.
pub(crate) fn resources(ctx: &Ctx, params: &Params) -> Result<Vec<String>, Fault> {
    let own = &ctx.settings().public_url;
    let known =
        |asked: &str| asked == own || asked.strip_prefix(own).is_some_and(|path| path.starts_with('/'));
    let mut asked: Vec<String> = params.all("resource").map(str::to_owned).collect();
    asked.dedup();
    if asked.iter().all(|asked| known(asked) && !asked.contains('#')) {
        Ok(asked)
    } else {
        Err(Fault::InvalidTarget("there is no such resource here".to_owned()))
    }
}

/// Those of the services that were agreed on for which this token is asked; all of them where none is named.
///
/// # Errors
/// [`Fault::InvalidTarget`] for one that was not agreed on.
pub(super) fn narrowed(ctx: &Ctx, params: &Params, agreed: Vec<String>) -> Result<Vec<String>, Fault> {
    let asked = resources(ctx, params)?;
    if asked.is_empty() || agreed == asked {
        return Ok(agreed);
    }
    if agreed.is_empty() || asked.iter().all(|asked| agreed.contains(asked)) {
        return Ok(asked);
    }
    Err(Fault::InvalidTarget("this resource was not asked for at sign-in".to_owned()))
}

/// One audience as a string, several as a list (RFC 7519, section 4.1.3).
#[derive(Serialize)]
#[serde(untagged)]
enum OneOrMany<'a> {
    One(&'a str),
    Many(&'a [String]),
}

/// Makes an access token in the form that its application is set to. `subject` is whom it speaks for.
pub(crate) fn prepare(ctx: &Ctx, grant: NewGrant<'_>, subject: &str) -> Result<Prepared, Fault> {
    let application = grant.application;
    if application.access_token_format == AccessTokenFormat::Reference {
        return grant.with_opaque_secret(ctx, TokenKind::ReferenceAccess);
    }
    let id = ctx.new_id()?;
    let default = default_audience(ctx);
    let resources = grant.contents.as_ref().map_or(&[][..], |contents| &contents.resources);
    let lifetime = ctx.now.plus_seconds(ctx.settings().access_token_lifetime);
    let claims = Claims {
        iss: ctx.settings().issuer(),
        sub: subject,
        aud: match resources {
            [] => OneOrMany::One(&default),
            [one] => OneOrMany::One(one),
            many => OneOrMany::Many(many),
        },
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
