use async_graphql::{Context, ID, InputObject, SimpleObject};
use authority::Fault;
use authority::tokens::hand_over;

use crate::context::ResolverContext;
use crate::id::decode_grant;
use crate::row::{FromRow as _, Row};
use crate::types::ApiAccessToken;
use crate::user_error::{UserError, refusable};

/// The token that is handed over, and its new creator
#[derive(InputObject)]
#[graphql(name = "APIAccessTokenHandOverMutationInput")]
pub(super) struct Input {
    /// A value that the payload repeats
    pub(super) client_mutation_id: Option<String>,
    /// The global id or the uuid of the token
    id: ID,
    /// The login of the other administrator
    login: String,
}

/// The token that was handed over
#[derive(Default, SimpleObject)]
#[graphql(name = "APIAccessTokenHandOverMutationPayload")]
pub(super) struct Payload {
    /// The token
    #[graphql(name = "apiAccessToken")]
    api_access_token: Option<ApiAccessToken>,
    /// Why nothing was changed
    user_errors: Vec<UserError>,
    /// The value of the input
    client_mutation_id: Option<String>,
}

refusable!(Payload);

pub(super) async fn run(context: &Context<'_>, input: Input) -> Result<Payload, Fault> {
    let ResolverContext { ctx, caller, .. } = ResolverContext::from_context(context)?;
    let token = hand_over(ctx, caller, decode_grant(&input.id)?, &input.login).await?;
    Ok(Payload {
        api_access_token: Some(ApiAccessToken::from_row(&Row::from_record(&token))?),
        ..Payload::default()
    })
}
