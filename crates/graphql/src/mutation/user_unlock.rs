use async_graphql::{Context, InputObject, SimpleObject};
use authority::Fault;
use authority::users::unlock;

use crate::context::ResolverContext;
use crate::user_error::{UserError, refusable};

/// Who may try again to sign in
#[derive(InputObject)]
#[graphql(name = "UserUnlockMutationInput")]
pub(super) struct Input {
    /// Comes back in the payload
    pub(super) client_mutation_id: Option<String>,
    /// The name with which the user signs in
    login: String,
}

/// What was done
#[derive(Default, SimpleObject)]
#[graphql(name = "UserUnlockMutationPayload")]
pub(super) struct Payload {
    /// Whether the user had to wait
    was_locked: Option<bool>,
    /// Why nobody was let in
    user_errors: Vec<UserError>,
    /// As it was in the input
    client_mutation_id: Option<String>,
}

refusable!(Payload);

pub(super) async fn run(context: &Context<'_>, input: Input) -> Result<Payload, Fault> {
    let ResolverContext { ctx, caller, .. } = ResolverContext::from_context(context)?;
    let was_locked = unlock(ctx, caller, &input.login).await?;
    Ok(Payload { was_locked: Some(was_locked), ..Payload::default() })
}
