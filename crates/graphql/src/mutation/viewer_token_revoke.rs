use async_graphql::{Context, InputObject, SimpleObject};
use authority::Fault;
use authority::tokens::revoke_own;

use crate::context::ResolverContext;
use crate::user_error::{UserError, refusable};

/// The token is the one that was presented
#[derive(InputObject)]
#[graphql(name = "ViewerTokenRevokeMutationInput")]
pub(super) struct Input {
    /// A value that the payload repeats
    pub(super) client_mutation_id: Option<String>,
}

/// What was revoked
#[derive(Default, SimpleObject)]
#[graphql(name = "ViewerTokenRevokeMutationPayload")]
pub(super) struct Payload {
    /// The number of revoked grants: the token and the grants that were created from it
    revoked_count: Option<usize>,
    /// Why nothing was revoked
    user_errors: Vec<UserError>,
    /// The value of the input
    client_mutation_id: Option<String>,
}

refusable!(Payload);

pub(super) async fn run(context: &Context<'_>, _: Input) -> Result<Payload, Fault> {
    let ResolverContext { ctx, caller, .. } = ResolverContext::from_context(context)?;
    let revoked = revoke_own(ctx, caller).await?;
    Ok(Payload { revoked_count: Some(revoked.len()), ..Payload::default() })
}
