use async_graphql::{Context, ID, InputObject, SimpleObject};
use authority::Fault;
use authority::revocations::confirm;
use model::Uuid;
use model::entities::AccessToken;

use super::given::named_filter;
use crate::context::ResolverContext;
use crate::model_types::Filter;
use crate::row::{FromRow as _, Row};
use crate::types::Revocation;
use crate::user_error::{UserError, refusable};

/// Which preview is confirmed
#[derive(InputObject)]
#[graphql(name = "RevocationConfirmMutationInput")]
pub(super) struct Input {
    /// A value that the payload repeats
    pub(super) client_mutation_id: Option<String>,
    /// The uuid of the revocation, as its preview gave it
    id: ID,
    /// The filter of the preview
    filter: Filter<AccessToken>,
}

/// What was revoked
#[derive(Default, SimpleObject)]
#[graphql(name = "RevocationConfirmMutationPayload")]
pub(super) struct Payload {
    /// The revocation, with its receipt
    revocation: Option<Revocation>,
    /// Why nothing was revoked
    user_errors: Vec<UserError>,
    /// The value of the input
    client_mutation_id: Option<String>,
}

refusable!(Payload);

pub(super) async fn run(context: &Context<'_>, input: Input) -> Result<Payload, Fault> {
    let ResolverContext { ctx, caller, .. } = ResolverContext::from_context(context)?;
    named_filter(&input.filter)?;
    let bad = || Fault::BadField { field: "id", message: "this is not the uuid of a revocation".to_owned() };
    let id = Uuid::try_parse(&input.id).map_err(|_| bad())?;
    let done = confirm(ctx, caller, id, &input.filter.condition, &input.filter.text).await?;
    Ok(Payload { revocation: Some(Revocation::from_row(&Row::from_record(&done))?), ..Payload::default() })
}
