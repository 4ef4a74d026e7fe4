use async_graphql::{Context, ID, InputObject, Object};
use authority::actions::revoke::revoke;
use authority::{Fault, scopes};
use model::Uuid;

use crate::graphql::caller::Asking;
use crate::graphql::id::decode_grant;
use crate::graphql::types::ApiAccessToken;

/// Which token is revoked
#[derive(InputObject)]
#[graphql(name = "APIAccessTokenRevokeMutationInput")]
pub(super) struct Input {
    /// Comes back in the payload
    client_mutation_id: Option<String>,
    /// The global id or the uuid of the token, or of another grant
    id: ID,
}

/// What was revoked.
pub(super) struct Payload {
    id: Uuid,
    revoked_count: usize,
    client_mutation_id: Option<String>,
}

/// What was revoked
#[Object(name = "APIAccessTokenRevokeMutationPayload")]
impl Payload {
    /// The token; to see it needs the scope `read`
    #[graphql(name = "apiAccessToken")]
    async fn api_access_token(&self, context: &Context<'_>) -> Result<ApiAccessToken, Fault> {
        let found = ApiAccessToken::find(Asking::of(context)?, self.id).await?;
        found.ok_or_else(|| Fault::NotFound("there is no such grant".to_owned()))
    }

    /// How many grants were revoked: the token and those that came from it, without those that were revoked before
    async fn revoked_count(&self) -> usize {
        self.revoked_count
    }

    /// As it was in the input
    async fn client_mutation_id(&self) -> Option<&str> {
        self.client_mutation_id.as_deref()
    }
}

pub(super) async fn run(context: &Context<'_>, input: Input) -> Result<Payload, Fault> {
    let Asking { ctx, caller } = Asking::of(context)?;
    let id = decode_grant(&input.id)?;
    // Whoever wants to see the token and may not is told before anything is revoked.
    if context.look_ahead().field("apiAccessToken").exists() {
        caller.require(ctx, scopes::READ)?;
    }
    let revoked = revoke(ctx, caller, id).await?;
    Ok(Payload { id, revoked_count: revoked.len(), client_mutation_id: input.client_mutation_id })
}
