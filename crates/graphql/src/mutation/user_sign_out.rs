use async_graphql::{Context, ID, InputObject, SimpleObject};
use authority::Fault;
use authority::users::sign_out;
use model::Uuid;

use crate::context::ResolverContext;
use crate::user_error::{UserError, refusable};

/// Who is signed out of the pages
#[derive(InputObject)]
#[graphql(name = "UserSignOutMutationInput")]
pub(super) struct Input {
    /// Comes back in the payload
    pub(super) client_mutation_id: Option<String>,
    /// The name with which the user signs in
    login: String,
    /// The one session that ends; all of the user's, where it is left out
    session_id: Option<ID>,
}

/// What was done
#[derive(Default, SimpleObject)]
#[graphql(name = "UserSignOutMutationPayload")]
pub(super) struct Payload {
    /// How many sessions ended
    session_count: Option<usize>,
    /// Why nobody was signed out
    user_errors: Vec<UserError>,
    /// As it was in the input
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
