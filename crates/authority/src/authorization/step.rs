use model::Timestamp;

use super::consent;
use super::request::{AuthorizationRequest, Prompt};
use crate::applications::check_may_sign_in;
use crate::subject::subject;
use crate::{Caller, Ctx, Fault, Needed, acr};

/// What has to happen next with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The person signs in.
    SignIn,
    /// The person chooses an account.
    ChooseAccount,
    /// The person agrees.
    Agree,
    /// Nothing: the code can be given.
    Grant,
}

/// Says what has to happen next. `shown_at` is when the person was sent to sign in or to choose for this very
/// request, if they were.
///
/// # Errors
/// [`Fault::InteractionNeeded`] where something has to be shown and may not; [`Fault::AccessDenied`] where the
/// application may not sign this person in.
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
    if request.prompts.contains(&Prompt::SelectAccount) && shown_at.is_none() {
        return needed(Needed::Account, Step::ChooseAccount);
    }
    check_may_sign_in(&request.application, &caller.user).map_err(|_| Fault::AccessDenied)?;
    if consent::is_needed(ctx, request, caller).await? {
        return needed(Needed::Consent, Step::Agree);
    }
    Ok(Step::Grant)
}

/// Whether the person is signed in as this request wants it: the right one, lately enough, strongly enough.
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
    // Zero asks for a sign-in at any rate, as `prompt=login` does.
    let too_old = request.max_age.is_some_and(|most| most == 0 || age > most) && !since_shown;
    let asked_for = |wanted: &String| *wanted == subject(ctx, &request.application, caller.user.id);
    let right = request.subject.as_ref().is_none_or(asked_for);
    let level = acr::reached(&session.methods);
    right && !again && !too_old && acr::satisfies(level, &request.claims.essential_acr)
}
