use async_graphql::{ID, Interface};
use authority::{Fault, scopes};
use model::Uuid;

use super::{ApiAccessToken, ApiAccessTokenCode, ApiApplication, User};
use crate::graphql::caller::Asking;
use crate::graphql::id::NodeType;

/// An object with a global id
#[derive(Interface)]
#[graphql(field(name = "id", ty = "&ID", desc = "The global id of the object"))]
pub(in crate::graphql) enum Node {
    AccessToken(ApiAccessToken),
    AccessTokenCode(ApiAccessTokenCode),
    Application(ApiApplication),
    User(User),
}

impl Node {
    /// Finds an object, unless the caller may not see it.
    pub(in crate::graphql) async fn find(
        asking: &Asking,
        node_type: NodeType,
        id: Uuid,
    ) -> Result<Option<Self>, Fault> {
        asking.caller.require(&asking.ctx, scopes::READ)?;
        Ok(match node_type {
            NodeType::AccessToken => ApiAccessToken::find(asking, id).await?.map(Self::AccessToken),
            NodeType::AccessTokenCode => {
                ApiAccessTokenCode::find(asking, id).await?.map(Self::AccessTokenCode)
            }
            NodeType::Application => ApiApplication::find(asking, id).await?.map(Self::Application),
            NodeType::User => User::find(asking, id).await?.map(Self::User),
        })
    }
}
