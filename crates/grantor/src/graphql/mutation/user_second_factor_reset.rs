use async_graphql::{Context, InputObject, SimpleObject};
use authority::Fault;
use authority::actions::manage_users::reset_second_factor;

use crate::graphql::caller::Asking;

/// Whose second factors are removed
#[derive(InputObject)]
#[graphql(name = "UserSecondFactorResetMutationInput")]
pub(super) struct Input {
    /// Comes back in the payload
    client_mutation_id: Option<String>,
    /// The name with which the user signs in
    login: String,
}

/// What was removed
#[derive(SimpleObject)]
#[graphql(name = "UserSecondFactorResetMutationPayload")]
pub(super) struct Payload {
    /// Whether there was an authenticator app
    had_authenticator: bool,
    /// How many passkeys there were
    passkey_count: i64,
    /// As it was in the input
    client_mutation_id: Option<String>,
}

pub(super) async fn run(context: &Context<'_>, input: Input) -> Result<Payload, Fault> {
    let Asking { ctx, caller, .. } = Asking::of(context)?;
    let had = reset_second_factor(ctx, caller, &input.login).await?;
    Ok(Payload {
        had_authenticator: had.totp,
        passkey_count: had.passkeys,
        client_mutation_id: input.client_mutation_id,
    })
}
