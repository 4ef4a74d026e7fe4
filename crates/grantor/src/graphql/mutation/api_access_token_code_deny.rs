use async_graphql::{Context, ID, InputObject, SimpleObject};
use authority::Fault;
use authority::actions::device;

use crate::graphql::caller::Asking;
use crate::graphql::id::decode_code;

/// Which code is denied
#[derive(InputObject)]
#[graphql(name = "APIAccessTokenCodeDenyMutationInput")]
pub(super) struct Input {
    /// Comes back in the payload
    client_mutation_id: Option<String>,
    /// The global id of the code
    id: ID,
}

/// The code was denied
#[derive(SimpleObject)]
#[graphql(name = "APIAccessTokenCodeDenyMutationPayload")]
pub(super) struct Payload {
    /// The global id of the code
    id: ID,
    /// As it was in the input
    client_mutation_id: Option<String>,
}

pub(super) async fn run(context: &Context<'_>, input: Input) -> Result<Payload, Fault> {
    let Asking { ctx, caller, .. } = Asking::of(context)?;
    let request = device::find_to_decide(ctx, caller, decode_code(&input.id)?).await?;
    device::deny(ctx, caller, &request).await?;
    Ok(Payload { id: input.id, client_mutation_id: input.client_mutation_id })
}
