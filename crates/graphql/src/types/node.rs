use async_graphql::{ID, Interface};
use authority::{Fault, scopes};
use model::Uuid;

use super::grant::{ApiAuthorizationCode, ApiBackchannelRequest, ApiConsent, ApiDeviceCode, ApiRefreshToken};
use super::{ApiAccessToken, ApiAccessTokenCode, ApiApplication, AuditEvent, Grant, User};
use crate::context::ResolverContext;
use crate::id::NodeType;
use crate::row::FromRow as _;

/// An object with a global id
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "The global id of the object"))]
pub(crate) enum Node {
    AccessToken(ApiAccessToken),
    AccessTokenCode(ApiAccessTokenCode),
    RefreshToken(ApiRefreshToken),
    AuthorizationCode(ApiAuthorizationCode),
    DeviceCode(ApiDeviceCode),
    BackchannelRequest(ApiBackchannelRequest),
    Consent(ApiConsent),
    AuditEvent(AuditEvent),
    Application(ApiApplication),
    User(User),
}

impl From<Grant> for Node {
    fn from(grant: Grant) -> Self {
        match grant {
            Grant::AccessToken(token) => Self::AccessToken(token),
            Grant::RefreshToken(token) => Self::RefreshToken(token),
            Grant::AuthorizationCode(code) => Self::AuthorizationCode(code),
            Grant::DeviceCode(code) => Self::DeviceCode(code),
            Grant::BackchannelRequest(request) => Self::BackchannelRequest(request),
            Grant::Consent(consent) => Self::Consent(consent),
        }
    }
}

impl Node {
    /// Finds an object, unless the caller may not see it.
    pub(crate) async fn find(
        resolver: &ResolverContext,
        node_type: NodeType,
        id: Uuid,
    ) -> Result<Option<Self>, Fault> {
        resolver.caller.require(&resolver.ctx, scopes::READ)?;
        Ok(match node_type {
            NodeType::AccessTokenCode => {
                ApiAccessTokenCode::find(resolver, id).await?.map(Self::AccessTokenCode)
            }
            NodeType::Application => ApiApplication::find(resolver, id).await?.map(Self::Application),
            NodeType::AuditEvent => AuditEvent::find(resolver, id).await?.map(Self::AuditEvent),
            NodeType::User => User::find(resolver, id).await?.map(Self::User),
            // The type of a grant follows from its kind, not from its id.
            _ => Grant::find(resolver, id).await?.map(Self::from),
        })
    }
}
