//! Forward auth: whether a request to another resource server is allowed.

use model::Uuid;

use super::audience::within;
use super::request_proofs::PresentedToken;
use crate::oidc::step_up;
use crate::oidc::subject::subject_of;
use crate::{Caller, Ctx, Fault, Reason, Scopes};

/// The demands of a resource server.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Demand {
    /// The scopes, all of which are needed.
    pub scopes: Scopes,
    /// The identifiers of the resource server; the token must be for one of them (RFC 8707).
    pub audiences: Vec<String>,
    /// The accepted levels of authentication (RFC 9470).
    pub acr_values: Vec<String>,
    /// The maximum age of the sign-in, in seconds (RFC 9470).
    pub max_age: Option<i64>,
}

/// An allowed request.
#[derive(Debug)]
pub struct Pass {
    /// The user of the token, if its holder may read that.
    pub user: Option<Uuid>,
    /// The user's login, if its holder may read that.
    pub login: Option<String>,
    /// The subject of the token.
    pub subject: String,
    /// The client_id of its client.
    pub client: String,
    /// Its scopes.
    pub scopes: String,
    /// Its identifier.
    pub token: Uuid,
    /// Its `Type` in the registry.
    pub kind: &'static str,
}

/// Allows a request whose token is valid and meets the demand. Records the use of the token and its scopes. Reads no disk if
/// the token is in memory.
///
/// # Errors
/// Those of [`Caller::from_presented`]; [`Fault::Unauthenticated`] for a token for other resource servers;
/// [`Fault::InsufficientScope`] and [`Fault::InsufficientUserAuthentication`].
pub async fn verify(ctx: &Ctx, presented: &PresentedToken, demand: &Demand) -> Result<Pass, Fault> {
    let caller = Caller::from_presented(ctx, presented).await?;
    let live = caller.token().ok_or(Fault::Unauthenticated(Reason::Missing))?;
    if !is_for(ctx, &live.payload.resources, &demand.audiences) {
        return Err(Fault::Unauthenticated(Reason::WrongAudience));
    }
    if !demand.scopes.iter().all(|scope| caller.may(scope)) {
        return Err(Fault::InsufficientScope(demand.scopes.to_string()));
    }
    // A token without a sign-in does not meet a demand on it.
    step_up::check(live.payload.sign_in.as_ref(), &demand.acr_values, demand.max_age, ctx.now)?;
    demand.scopes.iter().try_for_each(|scope| caller.require(ctx, scope))?;
    Ok(Pass {
        // Any client can send this request, also the one that holds the token.
        user: live.may_read_user_id().then_some(caller.user.id),
        login: live.may_read_login().then(|| caller.user.login.clone()),
        subject: subject_of(ctx, live),
        client: live.grant.client.clone().unwrap_or_default(),
        scopes: live.scopes.to_string(),
        token: live.grant.id,
        kind: live.grant.kind.code(),
    })
}

/// Returns whether a token can be used at a resource server with these identifiers. A token without an audience is for our
/// interfaces. A token with an audience is refused if the resource server has no identifier.
fn is_for(ctx: &Ctx, services: &[String], names: &[String]) -> bool {
    if services.is_empty() {
        return names.is_empty() || names.iter().any(|name| within(name, &ctx.settings().public_url));
    }
    names.iter().any(|name| services.iter().any(|service| within(name, service)))
}
