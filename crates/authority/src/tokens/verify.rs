//! Deciding at the gate of another service whether a request with a token may pass.

use model::Uuid;

use super::audience::within;
use super::request_proofs::PresentedToken;
use crate::oidc::step_up;
use crate::oidc::subject::subject_of;
use crate::{Caller, Ctx, Fault, Reason, Scopes};

/// What a service demands of a request.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Demand {
    /// The permissions, all of which are needed.
    pub scopes: Scopes,
    /// The names of the service, of which the token has to be for one (RFC 8707).
    pub audiences: Vec<String>,
    /// The levels of sign-in of which one is needed (RFC 9470).
    pub acr_values: Vec<String>,
    /// How long ago the sign-in may be at most, in seconds (RFC 9470).
    pub max_age: Option<i64>,
}

/// Who is let pass.
#[derive(Debug)]
pub struct Pass {
    /// The user as whom the token acts, where the holder of the token may learn that.
    pub user: Option<Uuid>,
    /// The user's login, where the holder of the token may learn that.
    pub login: Option<String>,
    /// Whom the token speaks for, as its application knows them.
    pub subject: String,
    /// The application that it was given to, by its client_id.
    pub client: String,
    /// What the token may be used for.
    pub scopes: String,
    /// The token, by its identifier.
    pub token: Uuid,
    /// What the token is, as its `Type` in the registry.
    pub kind: &'static str,
}

/// Lets a request pass whose token is valid and meets the demand. Notes that the token was used, and for which
/// permissions; waits for no disk where the token was looked up before.
///
/// # Errors
/// As [`Caller::from_presented`]; [`Fault::Unauthenticated`] for a token that is for other services,
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
    // A token without a sign-in cannot show one.
    step_up::check(live.payload.sign_in.as_ref(), &demand.acr_values, demand.max_age, ctx.now)?;
    demand.scopes.iter().try_for_each(|scope| caller.require(ctx, scope))?;
    Ok(Pass {
        // Everybody can ask here, also the application that holds the token.
        user: live.may_read_user_id().then_some(caller.user.id),
        login: live.may_read_login().then(|| caller.user.login.clone()),
        subject: subject_of(ctx, live),
        client: live.grant.client.clone().unwrap_or_default(),
        scopes: live.scopes.to_string(),
        token: live.grant.id,
        kind: live.grant.kind.code(),
    })
}

/// Whether a token for some services may be used at one that has these names. A token for none in particular is for
/// ours; one for some in particular is refused by a service that does not say its name.
fn is_for(ctx: &Ctx, services: &[String], names: &[String]) -> bool {
    if services.is_empty() {
        return names.is_empty() || names.iter().any(|name| within(name, &ctx.settings().public_url));
    }
    names.iter().any(|name| services.iter().any(|service| within(name, service)))
}
