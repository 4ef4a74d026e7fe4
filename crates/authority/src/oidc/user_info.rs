//! UserInfo (OpenID Connect Core, section 5.3).

use grant_state::claims;
use input::scopes;
use serde_json::{Map, Value};

use super::keys::Purpose;
use super::subject::subject;
use crate::{Caller, Ctx, Fault, Reason};

/// A UserInfo response, in the format that the client registered.
pub enum UserInfo {
    /// As JSON.
    Plain(Map<String, Value>),
    /// As a JWT (section 5.3.2).
    Signed(String),
}

/// Returns the claims about the caller.
///
/// # Errors
/// [`Fault::InsufficientScope`] if the token lacks the scope `openid`.
pub fn user_info(ctx: &Ctx, caller: &Caller) -> Result<UserInfo, Fault> {
    caller.require(ctx, scopes::OPENID)?;
    let token = caller.token().ok_or(Fault::Unauthenticated(Reason::Missing))?;
    let application =
        token.application.as_ref().ok_or(Fault::Unauthenticated(Reason::ApplicationDisabled))?;
    let named = token.payload.sign_in.as_ref().map(|sign_in| sign_in.claims.clone()).unwrap_or_default();
    // Each scope counts as used, because it determines claims.
    for scope in [scopes::PROFILE, scopes::EMAIL].into_iter().filter(|scope| caller.may(scope)) {
        caller.require(ctx, scope)?;
    }
    let about = named.for_user_info(&ctx.catalogue(), &caller.user, &token.scopes);
    let mut about = claims::without_login(application.metadata.subject_type, about);
    about.insert("sub".to_owned(), subject(ctx, application, caller.user.id).into());
    let Some(algorithm) = application.metadata.userinfo_signed_response_alg else {
        return Ok(UserInfo::Plain(about));
    };
    about.insert("iss".to_owned(), ctx.settings().issuer().into());
    about.insert("aud".to_owned(), application.application_uri.as_str().into());
    Ok(UserInfo::Signed(ctx.authority().signing.sign(algorithm, Purpose::UserInfo, &about, ctx.now)?))
}
