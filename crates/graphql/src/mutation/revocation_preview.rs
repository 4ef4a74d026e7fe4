use async_graphql::{Context, InputObject, SimpleObject};
use authority::Fault;
use authority::revocations::prepare;
use model::entities::AccessToken;

use super::given::named_filter;
use crate::context::ResolverContext;
use crate::model_types::Filter;
use crate::types::RevocationPreview;
use crate::user_error::{UserError, refusable};

/// Which grants would be revoked
#[derive(InputObject)]
#[graphql(name = "RevocationPreviewMutationInput")]
pub(super) struct Input {
    /// A value that the payload repeats
    pub(super) client_mutation_id: Option<String>,
    /// The condition for the grants, of every kind, that the caller may see and that have not ended. An empty object or list
    /// in it is refused
    filter: Filter<AccessToken>,
    /// The reason, for the receipt
    reason: Option<String>,
}

/// What would be revoked; nothing is
#[derive(Default, SimpleObject)]
#[graphql(name = "RevocationPreviewMutationPayload")]
pub(super) struct Payload {
    /// The preview
    preview: Option<RevocationPreview>,
    /// Why there is no preview
    user_errors: Vec<UserError>,
    /// The value of the input
    client_mutation_id: Option<String>,
}

refusable!(Payload);

pub(super) async fn run(context: &Context<'_>, input: Input) -> Result<Payload, Fault> {
    let ResolverContext { ctx, caller, .. } = ResolverContext::from_context(context)?;
    named_filter(&input.filter)?;
    let Filter { condition, text, .. } = input.filter;
    let prepared = prepare(ctx, caller, &condition, text, input.reason).await?;
    Ok(Payload { preview: Some(prepared.try_into()?), ..Payload::default() })
}
