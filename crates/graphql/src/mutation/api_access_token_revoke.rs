use async_graphql::{Context, ID, InputObject, Object};
use authority::tokens::revoke;
use authority::{Fault, scopes};
use model::Uuid;

use crate::context::ResolverContext;
use crate::error::{Nullable, nullable};
use crate::id::decode_grant;
use crate::row::FromRow as _;
use crate::types::{ApiAccessToken, Grant};
use crate::user_error::{UserError, refusable};

/// Which token is revoked
#[derive(InputObject)]
#[graphql(name = "APIAccessTokenRevokeMutationInput")]
pub(super) struct Input {
    /// A value that the payload repeats
    pub(super) client_mutation_id: Option<String>,
    /// The global id or the uuid of the token, or of another grant
    id: ID,
}

/// What was revoked.
#[derive(Default)]
pub(super) struct Payload {
    id: Option<Uuid>,
    revoked_count: Option<usize>,
    user_errors: Vec<UserError>,
    client_mutation_id: Option<String>,
}

refusable!(Payload);

/// What was revoked
#[Object(name = "APIAccessTokenRevokeMutationPayload")]
impl Payload {
    /// The token, where it is one; to see it needs the scope `read`
    #[graphql(name = "apiAccessToken")]
    async fn api_access_token(&self, context: &Context<'_>) -> Nullable<ApiAccessToken> {
        nullable(self.find(context).await.map(|found| match found {
            Some(Grant::AccessToken(token)) => Some(token),
            _ => None,
        }))
    }

    /// The token or other grant; to see it needs the scope `read`
    async fn grant(&self, context: &Context<'_>) -> Nullable<Grant> {
        nullable(self.find(context).await)
    }

    /// The number of revoked grants: the token and the grants that were created from it, without those that were revoked before
    async fn revoked_count(&self) -> Option<usize> {
        self.revoked_count
    }

    /// Why nothing was revoked
    async fn user_errors(&self) -> &[UserError] {
        &self.user_errors
    }

    /// The value of the input
    async fn client_mutation_id(&self) -> Option<&str> {
        self.client_mutation_id.as_deref()
    }
}

impl Payload {
    async fn find(&self, context: &Context<'_>) -> Result<Option<Grant>, Fault> {
        Grant::find_referenced(ResolverContext::from_context(context)?, self.id).await
    }
}

pub(super) async fn run(context: &Context<'_>, input: Input) -> Result<Payload, Fault> {
    let ResolverContext { ctx, caller, .. } = ResolverContext::from_context(context)?;
    let id = decode_grant(&input.id)?;
    // A caller that selects the token without the scope is refused before anything is revoked.
    let shown = context.look_ahead();
    if shown.field("apiAccessToken").exists() || shown.field("grant").exists() {
        caller.require(ctx, scopes::READ)?;
    }
    let revoked = revoke(ctx, caller, id).await?;
    Ok(Payload { id: Some(id), revoked_count: Some(revoked.len()), ..Payload::default() })
}
