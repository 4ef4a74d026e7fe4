use async_graphql::{Context, ID, InputObject, SimpleObject};
use authority::Fault;
use authority::clients::delete::{delete_application, preview};

use crate::context::ResolverContext;
use crate::id::decode_application;
use crate::user_error::{UserError, refusable};

/// Which application is deleted
#[derive(InputObject)]
#[graphql(name = "APIApplicationDeleteMutationInput")]
pub(super) struct Input {
    /// A value that the payload repeats
    pub(super) client_mutation_id: Option<String>,
    /// The application
    id: ID,
    /// Whether the grants are only counted, and nothing is deleted
    #[graphql(default)]
    dry_run: bool,
}

/// What ended with the application
#[derive(Default, SimpleObject)]
#[graphql(name = "APIApplicationDeleteMutationPayload")]
pub(super) struct Payload {
    /// The number of grants that end with it: its tokens, codes and consents
    grant_count: Option<u64>,
    /// Why nothing was deleted
    user_errors: Vec<UserError>,
    /// The value of the input
    client_mutation_id: Option<String>,
}

refusable!(Payload);

pub(super) async fn run(context: &Context<'_>, input: Input) -> Result<Payload, Fault> {
    let ResolverContext { ctx, caller, .. } = ResolverContext::from_context(context)?;
    let id = decode_application(&input.id)?;
    let count = if input.dry_run {
        preview(ctx, caller, id).await?
    } else {
        delete_application(ctx, caller, id).await?
    };
    Ok(Payload { grant_count: Some(count), ..Payload::default() })
}
