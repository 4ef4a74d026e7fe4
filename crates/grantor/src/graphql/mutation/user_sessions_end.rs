use async_graphql::{Context, InputObject, SimpleObject};
use authority::Fault;
use authority::actions::end_session::end_sessions_of;

use crate::graphql::caller::Asking;

/// Who is signed out
#[derive(InputObject)]
#[graphql(name = "UserSessionsEndMutationInput")]
pub(super) struct Input {
    /// Comes back in the payload
    client_mutation_id: Option<String>,
    /// The name with which the user signs in
    login: String,
}

/// What was ended
#[derive(SimpleObject)]
#[graphql(name = "UserSessionsEndMutationPayload")]
pub(super) struct Payload {
    /// How many sessions the user had
    ended_count: usize,
    /// As it was in the input
    client_mutation_id: Option<String>,
}

pub(super) async fn run(context: &Context<'_>, input: Input) -> Result<Payload, Fault> {
    let Asking { ctx, caller } = Asking::of(context)?;
    let ended_count = end_sessions_of(ctx, caller, input.login).await?;
    Ok(Payload { ended_count, client_mutation_id: input.client_mutation_id })
}
