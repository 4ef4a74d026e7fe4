use async_graphql::{Context, InputObject, SimpleObject};
use authority::Fault;
use authority::users::delete::delete;

use crate::context::ResolverContext;
use crate::types::UserDisableEffects;
use crate::user_error::{UserError, refusable};

/// The user who is deleted
#[derive(InputObject)]
#[graphql(name = "UserDeleteMutationInput")]
pub(super) struct Input {
    /// A value that the payload repeats
    pub(super) client_mutation_id: Option<String>,
    /// The login of the user
    login: String,
}

/// What was done
#[derive(Default, SimpleObject)]
#[graphql(name = "UserDeleteMutationPayload")]
pub(super) struct Payload {
    /// What ended, and what did not
    effects: Option<UserDisableEffects>,
    /// Why nothing was changed
    user_errors: Vec<UserError>,
    /// The value of the input
    client_mutation_id: Option<String>,
}

refusable!(Payload);

pub(super) async fn run(context: &Context<'_>, input: Input) -> Result<Payload, Fault> {
    let ResolverContext { ctx, caller, .. } = ResolverContext::from_context(context)?;
    let effects = delete(ctx, caller, &input.login).await?;
    Ok(Payload { effects: Some(effects.try_into()?), ..Payload::default() })
}
