use async_graphql::{Context, ID, InputObject, SimpleObject};
use authority::Fault;
use authority::tokens::revoke_matching::{find_matching, revoke_matching};
use model::entities::AccessToken;

use crate::context::ResolverContext;
use crate::id::NodeType;
use crate::model_types::Filter;
use crate::user_error::{UserError, refusable};

/// How many identifiers are told.
const MOST_TOLD: usize = 100;

/// Which tokens are revoked
#[derive(InputObject)]
#[graphql(name = "APIAccessTokensRevokeMutationInput")]
pub(super) struct Input {
    /// Comes back in the payload
    pub(super) client_mutation_id: Option<String>,
    /// Which tokens; of those that the caller may see and that are not revoked yet, 1000 at the most. Each part of the filter has to
    /// say something: an empty object or list is refused
    filter: Filter<AccessToken>,
    /// Whether it is only told which tokens are meant
    #[graphql(default = true)]
    dry_run: bool,
    /// What was told with them, so that these are revoked and no others
    confirmation: Option<String>,
}

/// The tokens that are meant, and how many grants were revoked
#[derive(Default, SimpleObject)]
#[graphql(name = "APIAccessTokensRevokeMutationPayload")]
pub(super) struct Payload {
    /// How many tokens are meant
    count: Option<usize>,
    /// The global ids of the tokens, of the first hundred
    ids: Vec<ID>,
    /// What has to be sent to revoke these tokens and no others
    confirmation: Option<String>,
    /// How many grants were revoked: the tokens, and what came from them; none in a dry run
    revoked_count: Option<usize>,
    /// Why nothing was revoked
    user_errors: Vec<UserError>,
    /// As it was in the input
    client_mutation_id: Option<String>,
}

refusable!(Payload);

pub(super) async fn run(context: &Context<'_>, input: Input) -> Result<Payload, Fault> {
    let ResolverContext { ctx, caller, .. } = ResolverContext::from_context(context)?;
    if let Some(empty) = &input.filter.empty {
        let message = format!("name what is revoked: '{empty}' says nothing");
        return Err(Fault::BadField { field: "filter", message });
    }
    let condition = &input.filter.condition;
    let matching = match (input.dry_run, &input.confirmation) {
        (true, _) => find_matching(ctx, caller, condition).await?,
        (false, Some(confirmation)) => revoke_matching(ctx, caller, condition, confirmation).await?,
        (false, None) => {
            let message = "look at the tokens in a dry run first, and send the confirmation that it gives";
            return Err(Fault::BadField { field: "confirmation", message: message.to_owned() });
        }
    };
    Ok(Payload {
        count: Some(matching.ids.len()),
        ids: matching.ids.iter().take(MOST_TOLD).map(|id| NodeType::AccessToken.id(*id)).collect(),
        confirmation: Some(matching.confirmation),
        revoked_count: Some(matching.revoked.len()),
        ..Payload::default()
    })
}
