use async_graphql::{Context, InputObject, SimpleObject};
use authority::Fault;
use authority::users::unlock;

use crate::context::ResolverContext;
use crate::user_error::{UserError, refusable};

/// The user who is unlocked
#[derive(InputObject)]
#[graphql(name = "UserUnlockMutationInput")]
pub(super) struct Input {
    /// A value that the payload repeats
    pub(super) client_mutation_id: Option<String>,
    /// The login of the user
    login: String,
}

/// What was done
#[derive(Default, SimpleObject)]
#[graphql(name = "UserUnlockMutationPayload")]
pub(super) struct Payload {
    /// Whether the user was locked
    was_locked: Option<bool>,
    /// Why the user was not unlocked
    user_errors: Vec<UserError>,
    /// The value of the input
    client_mutation_id: Option<String>,
}

refusable!(Payload);

pub(super) async fn run(context: &Context<'_>, input: Input) -> Result<Payload, Fault> {
    let ResolverContext { ctx, caller, .. } = ResolverContext::from_context(context)?;
    let was_locked = unlock(ctx, caller, &input.login).await?;
    Ok(Payload { was_locked: Some(was_locked), ..Payload::default() })
}
