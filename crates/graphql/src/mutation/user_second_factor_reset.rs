use async_graphql::{Context, InputObject, SimpleObject};
use authority::Fault;
use authority::users::reset_second_factor;

use crate::context::ResolverContext;
use crate::user_error::{UserError, refusable};

/// The user whose second factors are removed
#[derive(InputObject)]
#[graphql(name = "UserSecondFactorResetMutationInput")]
pub(super) struct Input {
    /// A value that the payload repeats
    pub(super) client_mutation_id: Option<String>,
    /// The login of the user
    login: String,
}

/// What was removed
#[derive(Default, SimpleObject)]
#[graphql(name = "UserSecondFactorResetMutationPayload")]
pub(super) struct Payload {
    /// Whether there was an authenticator app
    had_authenticator: Option<bool>,
    /// How many passkeys there were
    passkey_count: Option<i64>,
    /// Why nothing was removed
    user_errors: Vec<UserError>,
    /// The value of the input
    client_mutation_id: Option<String>,
}

refusable!(Payload);

pub(super) async fn run(context: &Context<'_>, input: Input) -> Result<Payload, Fault> {
    let ResolverContext { ctx, caller, .. } = ResolverContext::from_context(context)?;
    let had = reset_second_factor(ctx, caller, &input.login).await?;
    Ok(Payload { had_authenticator: Some(had.totp), passkey_count: Some(had.passkeys), ..Payload::default() })
}
