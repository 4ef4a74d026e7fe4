//! Sign-ins at other OpenID providers: the requests, the verification of the responses, and the identity in them. The surface
//! sends the requests.

mod flow;
mod provider;

pub use flow::{Begun, Flow, LIFETIME, SignInOptions, began, begin, check_issuer, resume};
use input::identity::Expected;
use token::jose::{Algorithm, JwkSet};

pub use input::identity::{Identity, Mistrust};
pub use provider::Provider;

use crate::sign_in::attempts::{Attempt, PROVIDER_SIGN_INS};
use crate::{Ctx, Fault, Settings};

impl Provider {
    /// Finds the provider with a name.
    ///
    /// # Errors
    /// [`Fault::NotFound`] if there is none.
    pub fn find<'a>(ctx: &'a Ctx, name: &str) -> Result<&'a Self, Fault> {
        let found = ctx.settings().providers.iter().find(|provider| provider.name == name);
        found.ok_or_else(|| Fault::NotFound("there is no such provider".to_owned()))
    }

    /// Returns the redirect URI. Each provider has its own, so that none can respond for another (RFC 9700, section 4.4.2.2).
    pub fn redirect_uri(&self, settings: &Settings) -> String {
        format!("{}/signin/provider/{}/callback", settings.public_url, self.name)
    }
}

/// Verifies the ID token of a sign-in.
///
/// # Errors
/// [`Mistrust`]; with [`JoseError::UnknownKey`](token::jose::JoseError::UnknownKey) newer keys may help.
pub fn read_id_token(
    ctx: &Ctx,
    provider: &Provider,
    flow: &Flow,
    keys: &JwkSet,
    algorithms: &[Algorithm],
    id_token: &str,
) -> Result<Identity, Mistrust> {
    let expected = Expected {
        issuer: &provider.issuer,
        client_id: &provider.client_id,
        nonce: &flow.nonce,
        max_age: flow.max_age,
        began: flow.began(),
        now: ctx.now,
    };
    input::identity::read_id_token(&expected, keys, algorithms, id_token)
}

/// A counted sign-in, because it costs the provider a request.
pub struct Counted(Attempt);

impl Counted {
    /// Counts a sign-in before the request is sent.
    ///
    /// # Errors
    /// [`Fault::TooManyAttempts`] for a network from which too many sign-ins failed.
    pub async fn begin(ctx: &Ctx) -> Result<Self, Fault> {
        PROVIDER_SIGN_INS.begin(ctx).await.map(Self)
    }

    /// Removes it from the counter, after it succeeded.
    pub async fn take_back(self, ctx: &Ctx) -> Result<(), Fault> {
        self.0.take_back(ctx).await
    }
}
