use async_graphql::{Context, ID, InputObject, SimpleObject};
use authority::Fault;
use flows::device;

use crate::context::ResolverContext;
use crate::id::decode_code;
use crate::user_error::{UserError, refusable};

/// Which code is denied
#[derive(InputObject)]
#[graphql(name = "APIAccessTokenCodeDenyMutationInput")]
pub(super) struct Input {
    /// A value that the payload repeats
    pub(super) client_mutation_id: Option<String>,
    /// The global id of the code
    id: ID,
}

/// The code was denied
#[derive(Default, SimpleObject)]
#[graphql(name = "APIAccessTokenCodeDenyMutationPayload")]
pub(super) struct Payload {
    /// The global id of the code
    id: Option<ID>,
    /// Why nothing was decided
    user_errors: Vec<UserError>,
    /// The value of the input
    client_mutation_id: Option<String>,
}

refusable!(Payload);

pub(super) async fn run(context: &Context<'_>, input: Input) -> Result<Payload, Fault> {
    let ResolverContext { ctx, caller, .. } = ResolverContext::from_context(context)?;
    let request = device::find_to_decide(ctx, caller, decode_code(&input.id)?).await?;
    device::deny(ctx, caller, &request).await?;
    Ok(Payload { id: Some(input.id), ..Payload::default() })
}
