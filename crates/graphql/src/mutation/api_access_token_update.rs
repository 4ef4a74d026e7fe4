use async_graphql::{Context, ID, InputObject, MaybeUndefined, SimpleObject};
use authority::Fault;
use authority::tokens::{UpdateToken, update_token};

use super::api_access_token_create::allowed;
use super::given::given;
use crate::context::ResolverContext;
use crate::date_time::DateTime;
use crate::id::decode_grant;
use crate::row::{FromRow as _, Row};
use crate::types::ApiAccessToken;
use crate::user_error::{UserError, refusable};

/// How a token is changed; what is left out stays
#[derive(InputObject)]
#[graphql(name = "APIAccessTokenUpdateMutationInput")]
pub(super) struct Input {
    /// A value that the payload repeats
    pub(super) client_mutation_id: Option<String>,
    /// The global id or the uuid of the token
    id: ID,
    /// What the token is for
    description: MaybeUndefined<String>,
    /// The time when the token will expire; not later than before
    expires_at: MaybeUndefined<DateTime>,
    /// The addresses and networks (CIDR) from which the token may be used; none from where it could not be used before
    #[graphql(name = "allowedIPAddresses")]
    allowed_ip_addresses: MaybeUndefined<Vec<String>>,
}

/// The token that was changed
#[derive(Default, SimpleObject)]
#[graphql(name = "APIAccessTokenUpdateMutationPayload")]
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
    let arguments = UpdateToken {
        description: given("description", input.description)?,
        expires: given("expiresAt", input.expires_at)?.map(|DateTime(time)| time),
        allowed: given("allowedIPAddresses", input.allowed_ip_addresses)?
            .map(|networks| allowed(&networks))
            .transpose()?,
    };
    let token = update_token(ctx, caller, decode_grant(&input.id)?, arguments).await?;
    Ok(Payload {
        api_access_token: Some(ApiAccessToken::from_row(&Row::from_record(&token))?),
        ..Payload::default()
    })
}
