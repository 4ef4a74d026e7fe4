//! What can be asked.

use async_graphql::{Context, ID, Object};
use authority::actions::manage_users::list_sessions;
use authority::{Fault, scopes};

use super::caller::Asking;
use super::error::{Nullable, nullable};
use super::id;
use super::types::{ApiAccessTokenCode, Node, UserSession, Viewer};

/// The root of queries.
pub(crate) struct Query;

/// What can be asked; every field needs the scope `read`
#[Object]
impl Query {
    /// Finds an object by its global id
    async fn node(&self, context: &Context<'_>, #[graphql(desc = "The global id")] id: ID) -> Nullable<Node> {
        nullable(node(context, &id).await)
    }

    /// Finds a code that waits for a decision by what a person typed
    #[graphql(name = "apiAccessTokenCode")]
    async fn api_access_token_code(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The code, as the application shows it")] code: ID,
    ) -> Nullable<ApiAccessTokenCode> {
        nullable(code_typed(context, &code).await)
    }

    /// Where a user is signed in to the pages; for administrators with the scope `sec`
    async fn user_sessions(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The name with which the user signs in")] login: String,
    ) -> Nullable<Vec<UserSession>> {
        nullable(sessions_of(context, &login).await.map(Some))
    }

    /// Who sends the request
    async fn viewer(&self, context: &Context<'_>) -> Nullable<Viewer> {
        nullable(Asking::of(context).and_then(Viewer::of).map(Some))
    }
}

async fn node(context: &Context<'_>, id: &ID) -> Result<Option<Node>, Fault> {
    let (node_type, uuid) = id::decode(id)?;
    Node::find(Asking::of(context)?, node_type, uuid).await
}

async fn sessions_of(context: &Context<'_>, login: &str) -> Result<Vec<UserSession>, Fault> {
    let Asking { ctx, caller } = Asking::of(context)?;
    let sessions = list_sessions(ctx, caller, login).await?;
    Ok(sessions.into_iter().map(Into::into).collect())
}

async fn code_typed(context: &Context<'_>, code: &str) -> Result<Option<ApiAccessTokenCode>, Fault> {
    let asking = Asking::of(context)?;
    asking.caller.require(&asking.ctx, scopes::READ)?;
    ApiAccessTokenCode::find_by_code(asking, code).await
}
