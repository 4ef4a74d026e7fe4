use async_graphql::{Context, InputObject, SimpleObject};
use authority::Fault;
use authority::users::enable;

use crate::context::ResolverContext;
use crate::row::{FromRow as _, Row};
use crate::types::User;
use crate::user_error::{UserError, refusable};

/// The user who is enabled
#[derive(InputObject)]
#[graphql(name = "UserEnableMutationInput")]
pub(super) struct Input {
    /// A value that the payload repeats
    pub(super) client_mutation_id: Option<String>,
    /// The login of the user
    login: String,
}

/// What was done
#[derive(Default, SimpleObject)]
#[graphql(name = "UserEnableMutationPayload")]
pub(super) struct Payload {
    /// The user
    user: Option<User>,
    /// Why nothing was changed
    user_errors: Vec<UserError>,
    /// The value of the input
    client_mutation_id: Option<String>,
}

refusable!(Payload);

pub(super) async fn run(context: &Context<'_>, input: Input) -> Result<Payload, Fault> {
    let ResolverContext { ctx, caller, .. } = ResolverContext::from_context(context)?;
    let user = enable(ctx, caller, &input.login).await?;
    Ok(Payload { user: Some(User::from_row(&Row::from_record(&user))?), ..Payload::default() })
}
