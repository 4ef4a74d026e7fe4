use async_graphql::{Context, ID, InputObject, SimpleObject};
use authority::Fault;
use authority::tokens::revoke_matching::{find_matching, revoke_matching};
use model::entities::AccessToken;

use super::given::named_filter;
use crate::context::ResolverContext;
use crate::id::NodeType;
use crate::model_types::Filter;
use crate::user_error::{UserError, refusable};

/// The largest number of identifiers in a response.
const MAX_IDS: usize = 100;

/// Which tokens are revoked
#[derive(InputObject)]
#[graphql(name = "APIAccessTokensRevokeMutationInput")]
pub(super) struct Input {
    /// A value that the payload repeats
    pub(super) client_mutation_id: Option<String>,
    /// The condition for the tokens: of those that the caller may see and that are not revoked yet, 1000 at the most. An
    /// empty object or list in it is refused
    filter: Filter<AccessToken>,
    /// Whether the tokens are only listed, and nothing is revoked
    #[graphql(default = true)]
    dry_run: bool,
    /// The confirmation of the dry run, so that exactly the listed tokens are revoked
    confirmation: Option<String>,
}

/// The selected tokens, and the number of revoked grants
#[derive(Default, SimpleObject)]
#[graphql(name = "APIAccessTokensRevokeMutationPayload")]
pub(super) struct Payload {
    /// The number of selected tokens
    count: Option<usize>,
    /// The global ids of the first hundred tokens
    ids: Vec<ID>,
    /// The value that revokes exactly these tokens
    confirmation: Option<String>,
    /// The number of revoked grants: the tokens and the grants that were created from them; 0 in a dry run
    revoked_count: Option<usize>,
    /// Why nothing was revoked
    user_errors: Vec<UserError>,
    /// The value of the input
    client_mutation_id: Option<String>,
}

refusable!(Payload);

pub(super) async fn run(context: &Context<'_>, input: Input) -> Result<Payload, Fault> {
    let ResolverContext { ctx, caller, .. } = ResolverContext::from_context(context)?;
    named_filter(&input.filter)?;
    let condition = &input.filter.condition;
    let matching = match (input.dry_run, &input.confirmation) {
        (true, _) => find_matching(ctx, caller, condition).await?,
        (false, Some(confirmation)) => revoke_matching(ctx, caller, condition, confirmation).await?,
        (false, None) => {
            let message = "list the tokens in a dry run first, and send its confirmation";
            return Err(Fault::BadField { field: "confirmation", message: message.to_owned() });
        }
    };
    Ok(Payload {
        count: Some(matching.ids.len()),
        ids: matching.ids.iter().take(MAX_IDS).map(|id| NodeType::AccessToken.id(*id)).collect(),
        confirmation: Some(matching.confirmation),
        revoked_count: Some(matching.revoked.len()),
        ..Payload::default()
    })
}
