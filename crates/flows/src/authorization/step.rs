use grant_state::client::check_may_sign_in;
use model::Timestamp;

use super::consent;
use super::request::{AuthorizationRequest, Prompt};
use authority::oidc::acr;
use authority::oidc::subject::subject;
use authority::{Caller, Ctx, Fault, Needed};

/// The next step of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The user signs in.
    SignIn,
    /// The signed-in user shows a second factor.
    SecondFactor,
    /// The user chooses an account.
    ChooseAccount,
    /// The user decides on the consent.
    Agree,
    /// None: the code can be issued.
    Grant,
}

/// Determines the next step. `shown_at` is when the user was sent to the sign-in or the choice of accounts for this request, if
/// so.
///
/// # Errors
/// [`Fault::InteractionNeeded`] if an interaction is needed and not allowed; [`Fault::UnmetAuthenticationRequirements`] if the
/// user cannot reach the required level; [`Fault::AccessDenied`] if the client may not sign in this user.
pub async fn step(
    ctx: &Ctx,
    request: &AuthorizationRequest,
    caller: Option<&Caller>,
    shown_at: Option<Timestamp>,
) -> Result<Step, Fault> {
    let silent = request.prompts.contains(&Prompt::None);
    let needed = |needed, step| if silent { Err(Fault::InteractionNeeded(needed)) } else { Ok(step) };
    let Some(caller) = caller.filter(|caller| is_signed_in(ctx, request, caller, shown_at)) else {
        return needed(Needed::Login, Step::SignIn);
    };
    if is_too_weak(ctx, request, caller).await? {
        return needed(Needed::SecondFactor, Step::SecondFactor);
    }
    if request.prompts.contains(&Prompt::SelectAccount) && shown_at.is_none() {
        return needed(Needed::Account, Step::ChooseAccount);
    }
    check_may_sign_in(&request.application, &caller.user).map_err(|_| Fault::AccessDenied)?;
    if consent::is_needed(ctx, request, caller).await? {
        return needed(Needed::Consent, Step::Agree);
    }
    Ok(Step::Grant)
}

/// Returns whether the user has to show another factor. A voluntary level is not demanded of users who cannot reach it (OpenID
/// Connect Core, section 5.5.1.1).
async fn is_too_weak(ctx: &Ctx, request: &AuthorizationRequest, caller: &Caller) -> Result<bool, Fault> {
    let reached = caller.session().map_or(acr::ONE_FACTOR, |session| acr::reached(&session.methods));
    let essential = &request.claims.essential_acr;
    let lacks_essential = !acr::satisfies(reached, essential);
    if !lacks_essential && acr::satisfies(reached, &request.acr_values) {
        return Ok(false);
    }
    let user = caller.user.id;
    let reachable = acr::reachable(&ctx.store().read(move |read| read.factors_of(user)).await?);
    if lacks_essential {
        // OpenID Connect Unmet Authentication Requirements 1.0, section 2.
        let can = acr::satisfies(reachable, essential);
        return if can { Ok(true) } else { Err(Fault::UnmetAuthenticationRequirements) };
    }
    Ok(acr::satisfies(reachable, &request.acr_values))
}

/// Returns whether the session is of an accepted user, and recent enough.
fn is_signed_in(
    ctx: &Ctx,
    request: &AuthorizationRequest,
    caller: &Caller,
    shown_at: Option<Timestamp>,
) -> bool {
    let Some(session) = caller.session() else { return false };
    let since_shown = shown_at.is_some_and(|shown| session.authenticated_at >= shown);
    let again = request.prompts.contains(&Prompt::Login) && !since_shown;
    let age = ctx.now.seconds() - session.authenticated_at.seconds();
    // Zero requires a new sign-in, as `prompt=login` does.
    let too_old = request.max_age.is_some_and(|most| most == 0 || age > most) && !since_shown;
    let own = subject(ctx, &request.application, caller.user.id);
    let right = request.subjects.as_ref().is_none_or(|subjects| subjects.contains(&own));
    right && !again && !too_old
}
