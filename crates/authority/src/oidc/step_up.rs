//! Step-up authentication (RFC 9470).

use grant_state::payload::SignInPayload;
use model::Timestamp;

use super::acr;
use crate::Fault;

/// Checks that there was a sign-in, and that it is as strong and as recent as demanded.
///
/// # Errors
/// [`Fault::InsufficientUserAuthentication`] with the demand.
pub(crate) fn check(
    sign_in: Option<&SignInPayload>,
    acr_values: &[String],
    max_age: Option<i64>,
    now: Timestamp,
) -> Result<(), Fault> {
    let suffices = sign_in.is_some_and(|sign_in| {
        let age = now.seconds().saturating_sub(sign_in.auth_time);
        max_age.is_none_or(|most| age <= most) && acr::satisfies(acr::reached(&sign_in.methods), acr_values)
    });
    if suffices || (acr_values.is_empty() && max_age.is_none()) {
        return Ok(());
    }
    Err(Fault::InsufficientUserAuthentication { acr_values: acr_values.join(" "), max_age })
}
