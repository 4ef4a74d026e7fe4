use async_graphql::{Context, ID, InputObject, SimpleObject};
use authority::actions::narrow::narrow;
use authority::{Fault, Scopes};

use crate::graphql::caller::Asking;
use crate::graphql::id::decode_grant;

/// Which token is narrowed
#[derive(InputObject)]
#[graphql(name = "APIAccessTokenNarrowMutationInput")]
pub(super) struct Input {
    /// Comes back in the payload
    client_mutation_id: Option<String>,
    /// The global id or the uuid of the token
    id: ID,
    /// What is left to the token; what it has used, where it is left out
    scopes: Option<Vec<String>>,
}

/// What is left to the token
#[derive(SimpleObject)]
#[graphql(name = "APIAccessTokenNarrowMutationPayload")]
pub(super) struct Payload {
    /// What the token may be used for from now on
    scopes: Vec<String>,
    /// As it was in the input
    client_mutation_id: Option<String>,
}

pub(super) async fn run(context: &Context<'_>, input: Input) -> Result<Payload, Fault> {
    let Asking { ctx, caller, .. } = Asking::of(context)?;
    let keep = input.scopes.map(Scopes::of).transpose()?;
    let kept = narrow(ctx, caller, decode_grant(&input.id)?, keep).await?;
    let scopes = kept.iter().map(str::to_owned).collect();
    Ok(Payload { scopes, client_mutation_id: input.client_mutation_id })
}
