use async_graphql::{Context, ID, InputObject, SimpleObject};
use authority::Fault;
use authority::users::sign_out;
use model::Uuid;

use crate::context::ResolverContext;
use crate::user_error::{UserError, refusable};

/// The user who is signed out of the pages
#[derive(InputObject)]
#[graphql(name = "UserSignOutMutationInput")]
pub(super) struct Input {
    /// A value that the payload repeats
    pub(super) client_mutation_id: Option<String>,
    /// The login of the user
    login: String,
    /// The one session that ends; all of the user's, if left out
    session_id: Option<ID>,
}

/// What was done
#[derive(Default, SimpleObject)]
#[graphql(name = "UserSignOutMutationPayload")]
pub(super) struct Payload {
    /// How many sessions ended
    session_count: Option<usize>,
    /// Why the user was not signed out
    user_errors: Vec<UserError>,
    /// The value of the input
    client_mutation_id: Option<String>,
}

refusable!(Payload);

pub(super) async fn run(context: &Context<'_>, input: Input) -> Result<Payload, Fault> {
    let ResolverContext { ctx, caller, .. } = ResolverContext::from_context(context)?;
    let bad =
        |_| Fault::BadField { field: "sessionId", message: "this is not the id of a session".to_owned() };
    let session = input.session_id.map(|id| Uuid::try_parse(&id)).transpose().map_err(bad)?;
    let session_count = sign_out(ctx, caller, &input.login, session).await?;
    Ok(Payload { session_count: Some(session_count), ..Payload::default() })
}
