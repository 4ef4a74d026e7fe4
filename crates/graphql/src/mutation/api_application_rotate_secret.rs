use async_graphql::{Context, InputObject, SimpleObject};
use authority::Fault;
use authority::clients::rotate_secret;

use crate::context::ResolverContext;
use crate::date_time::DateTime;
use crate::user_error::{UserError, refusable};

/// Which application gets a new secret
#[derive(InputObject)]
#[graphql(name = "APIApplicationRotateSecretMutationInput")]
pub(super) struct Input {
    /// A value that the payload repeats
    pub(super) client_mutation_id: Option<String>,
    /// The `client_id` of the application
    client_id: String,
    /// The time until which the old secret is accepted as well; it ends at once, if left out
    former_secret_valid_until: Option<DateTime>,
}

/// The new secret
#[derive(Default, SimpleObject)]
#[graphql(name = "APIApplicationRotateSecretMutationPayload")]
pub(super) struct Payload {
    /// The secret, which is not shown again
    client_secret: Option<String>,
    /// Why there is no new secret
    user_errors: Vec<UserError>,
    /// The value of the input
    client_mutation_id: Option<String>,
}

refusable!(Payload);

pub(super) async fn run(context: &Context<'_>, input: Input) -> Result<Payload, Fault> {
    let ResolverContext { ctx, caller, .. } = ResolverContext::from_context(context)?;
    let until = input.former_secret_valid_until.map(|DateTime(time)| time);
    let secret = rotate_secret(ctx, caller, &input.client_id, until).await?;
    Ok(Payload { client_secret: Some(secret.expose().to_owned()), ..Payload::default() })
}
