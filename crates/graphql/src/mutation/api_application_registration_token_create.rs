use async_graphql::{Context, InputObject, SimpleObject};
use authority::Fault;
use authority::clients::registration::{CreateInitialToken, create_initial_token};

use crate::context::ResolverContext;
use crate::date_time::DateTime;
use crate::user_error::{UserError, refusable};

/// How many applications a token registers, and until when
#[derive(InputObject)]
#[graphql(name = "APIApplicationRegistrationTokenCreateMutationInput")]
pub(super) struct Input {
    /// A value that the payload repeats
    pub(super) client_mutation_id: Option<String>,
    /// What the token is for
    description: Option<String>,
    /// The number of applications that it registers; one, if left out
    uses: Option<i32>,
    /// The time when the token will expire; in a week, if left out
    expires_at: Option<DateTime>,
}

/// The token that was created
#[derive(Default, SimpleObject)]
#[graphql(name = "APIApplicationRegistrationTokenCreateMutationPayload")]
pub(super) struct Payload {
    /// The token's secret, which is not shown again
    secret: Option<String>,
    /// The token's id
    uuid: Option<String>,
    /// The time when the token will expire
    expires_at: Option<DateTime>,
    /// Why no token was created
    user_errors: Vec<UserError>,
    /// The value of the input
    client_mutation_id: Option<String>,
}

refusable!(Payload);

pub(super) async fn run(context: &Context<'_>, input: Input) -> Result<Payload, Fault> {
    let ResolverContext { ctx, caller, .. } = ResolverContext::from_context(context)?;
    let arguments = CreateInitialToken {
        description: input.description,
        uses: uses(input.uses.unwrap_or(1))?,
        expires: input.expires_at.map(|DateTime(time)| time),
    };
    let issued = create_initial_token(ctx, caller, arguments).await?;
    Ok(Payload {
        secret: Some(issued.secret.expose().to_owned()),
        uuid: Some(issued.grant.id.to_string()),
        expires_at: issued.grant.expire_timestamp.map(DateTime),
        ..Payload::default()
    })
}

fn uses(given: i32) -> Result<u32, Fault> {
    u32::try_from(given)
        .map_err(|_| Fault::BadField { field: "uses", message: "a token has at least one use".to_owned() })
}
