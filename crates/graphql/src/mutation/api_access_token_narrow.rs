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
    /// A value that the payload repeats
    pub(super) client_mutation_id: Option<String>,
    /// The global id or the uuid of the token
    id: ID,
    /// The scopes that remain; the scopes that the token has used, if left out
    scopes: Option<Vec<String>>,
}

/// The scopes that remain
#[derive(Default, SimpleObject)]
#[graphql(name = "APIAccessTokenNarrowMutationPayload")]
pub(super) struct Payload {
    /// The remaining scopes
    scopes: Option<Vec<String>>,
    /// Why nothing was changed
    user_errors: Vec<UserError>,
    /// The value of the input
    client_mutation_id: Option<String>,
}

refusable!(Payload);

pub(super) async fn run(context: &Context<'_>, input: Input) -> Result<Payload, Fault> {
    let ResolverContext { ctx, caller, .. } = ResolverContext::from_context(context)?;
    let keep = input.scopes.map(listed).transpose()?;
    let kept = narrow(ctx, caller, decode_grant(&input.id)?, keep).await?;
    Ok(Payload { scopes: Some(kept.iter().map(str::to_owned).collect()), ..Payload::default() })
}
