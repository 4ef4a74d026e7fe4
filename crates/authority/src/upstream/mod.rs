//! Signing in with an account at another OpenID provider: what is asked of it, what its answers have to be, and who it is
//! that they speak of. Talking to the provider is for the surface.

mod flow;
mod identity;
mod provider;

pub use flow::{Begun, Flow, LIFETIME, Wish, began, begin, check_issuer, resume};
pub use identity::{Identity, Mistrust, read_id_token};
pub use provider::Provider;

use crate::{Ctx, Fault};

/// Counts a sign-in that costs a provider a request, before the request is made.
///
/// # Errors
/// [`Fault::TooManyAttempts`] for a network from which too many sign-ins failed.
pub fn count(ctx: &Ctx) -> Result<(), Fault> {
    ctx.authority().sign_in_attempts.begin(ctx.address, ctx.now)
}

/// Takes a sign-in back that succeeded.
pub fn count_not(ctx: &Ctx) {
    ctx.authority().sign_in_attempts.succeed(ctx.address);
}
