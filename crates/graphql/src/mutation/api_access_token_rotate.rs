use async_graphql::{Context, ID, InputObject, MaybeUndefined, SimpleObject};
use authority::Fault;
use authority::tokens::{RotateToken, rotate_token};

use super::given::given;
use crate::context::ResolverContext;
use crate::date_time::DateTime;
use crate::id::decode_grant;
use crate::row::{FromRow as _, Row};
use crate::types::ApiAccessToken;
use crate::user_error::{UserError, refusable};

/// Which token gets a successor
#[derive(InputObject)]
#[graphql(name = "APIAccessTokenRotateMutationInput")]
pub(super) struct Input {
    /// A value that the payload repeats
    pub(super) client_mutation_id: Option<String>,
    /// The global id or the uuid of the token
    id: ID,
    /// The number of seconds for which the old secret is still accepted; 0, if left out
    overlap: MaybeUndefined<i32>,
    /// Whether the old secret ends earlier, as soon as the new one was used from every address that used the old one in its last 30 days
    until_adopted: Option<bool>,
    /// The time when the successor expires; that of the token, if left out
    expires_at: MaybeUndefined<DateTime>,
}

/// The token that took the other's place
#[derive(Default, SimpleObject)]
#[graphql(name = "APIAccessTokenRotateMutationPayload")]
pub(super) struct Payload {
    /// The successor, which may do the same
    #[graphql(name = "apiAccessToken")]
    api_access_token: Option<ApiAccessToken>,
    /// Its secret, which is not shown again
    secret: Option<String>,
    /// Why nothing was changed
    user_errors: Vec<UserError>,
    /// The value of the input
    client_mutation_id: Option<String>,
}

refusable!(Payload);

pub(super) async fn run(context: &Context<'_>, input: Input) -> Result<Payload, Fault> {
    let ResolverContext { ctx, caller, .. } = ResolverContext::from_context(context)?;
    let arguments = RotateToken {
        overlap: given("overlap", input.overlap)?.unwrap_or_default().into(),
        until_adopted: input.until_adopted.unwrap_or_default(),
        expires: given("expiresAt", input.expires_at)?.map(|DateTime(time)| time),
    };
    let issued = rotate_token(ctx, caller, decode_grant(&input.id)?, arguments).await?;
    Ok(Payload {
        api_access_token: Some(ApiAccessToken::from_row(&Row::from_record(&issued.grant))?),
        secret: Some(issued.secret.expose().to_owned()),
        ..Payload::default()
    })
}
