use async_graphql::{Context, ID, InputObject, SimpleObject};
use authority::Fault;
use flows::device;

use crate::context::ResolverContext;
use crate::id::decode_code;
use crate::types::ApiAccessTokenCode;
use crate::user_error::{MutationPayload, UserError};

/// Which code is authorized
#[derive(InputObject)]
#[graphql(name = "APIAccessTokenCodeAuthorizeMutationInput")]
pub(super) struct Input {
    /// A value that the payload repeats
    pub(super) client_mutation_id: Option<String>,
    /// The global id of the code
    id: ID,
}

/// The code that was authorized
#[derive(SimpleObject)]
#[graphql(name = "APIAccessTokenCodeAuthorizeMutationPayload")]
pub(super) struct Payload {
    /// The code
    #[graphql(name = "apiAccessTokenCode")]
    api_access_token_code: ApiAccessTokenCode,
    /// The value of the input
    client_mutation_id: Option<String>,
}

impl MutationPayload for Payload {
    /// The payload always has a code, so a refusal is an error.
    fn refused(_: UserError) -> Option<Self> {
        None
    }

    fn client_mutation_id(&mut self) -> &mut Option<String> {
        &mut self.client_mutation_id
    }
}

pub(super) async fn run(context: &Context<'_>, input: Input) -> Result<Payload, Fault> {
    let ResolverContext { ctx, caller, .. } = ResolverContext::from_context(context)?;
    let id = decode_code(&input.id)?;
    let request = device::find_to_decide(ctx, caller, id).await?;
    device::approve(ctx, caller, &request).await?;
    let authorized = device::find(ctx, caller, id).await?;
    Ok(Payload {
        api_access_token_code: ApiAccessTokenCode::from_request(&authorized)?,
        client_mutation_id: None,
    })
}
