use async_graphql::{Context, InputObject, SimpleObject};
use authority::Fault;
use authority::actions::manage_users::unlock;

use crate::graphql::caller::Asking;

/// Who may try again to sign in
#[derive(InputObject)]
#[graphql(name = "UserUnlockMutationInput")]
pub(super) struct Input {
    /// Comes back in the payload
    client_mutation_id: Option<String>,
    /// The name with which the user signs in
    login: String,
}

/// What was done
#[derive(SimpleObject)]
#[graphql(name = "UserUnlockMutationPayload")]
pub(super) struct Payload {
    /// Whether the user was locked out
    was_locked: bool,
    /// As it was in the input
    client_mutation_id: Option<String>,
}

pub(super) async fn run(context: &Context<'_>, input: Input) -> Result<Payload, Fault> {
    let Asking { ctx, caller, .. } = Asking::of(context)?;
    let was_locked = unlock(ctx, caller, &input.login).await?;
    Ok(Payload { was_locked, client_mutation_id: input.client_mutation_id })
}
