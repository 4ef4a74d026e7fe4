use async_graphql::{Context, ID, InputObject, SimpleObject};
use authority::Fault;
use authority::tokens::narrow::narrow;

use super::scope_list::listed;
use crate::context::ResolverContext;
use crate::id::decode_grant;
use crate::user_error::{UserError, refusable};

/// Which token is narrowed
#[derive(InputObject)]
#[graphql(name = "APIAccessTokenNarrowMutationInput")]
pub(super) struct Input {
    /// Comes back in the payload
    pub(super) client_mutation_id: Option<String>,
    /// The global id or the uuid of the token
    id: ID,
    /// What is left to the token; what it has used, where it is left out
    scopes: Option<Vec<String>>,
}

/// What is left to the token
#[derive(Default, SimpleObject)]
#[graphql(name = "APIAccessTokenNarrowMutationPayload")]
pub(super) struct Payload {
    /// What the token may be used for from now on
    scopes: Option<Vec<String>>,
    /// Why nothing was changed
    user_errors: Vec<UserError>,
    /// As it was in the input
    client_mutation_id: Option<String>,
}

refusable!(Payload);

pub(super) async fn run(context: &Context<'_>, input: Input) -> Result<Payload, Fault> {
    let ResolverContext { ctx, caller, .. } = ResolverContext::from_context(context)?;
    let keep = input.scopes.map(listed).transpose()?;
    let kept = narrow(ctx, caller, decode_grant(&input.id)?, keep).await?;
    Ok(Payload { scopes: Some(kept.iter().map(str::to_owned).collect()), ..Payload::default() })
}
