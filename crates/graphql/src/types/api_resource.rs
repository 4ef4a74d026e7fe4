use async_graphql::{ID, SimpleObject};
use authority::Scopes;
use model::entities::Resource;

use super::ApiAccessTokenFormat;
use crate::model_types::ModelEnum;

/// A resource server for which clients can request tokens
#[derive(SimpleObject)]
#[graphql(name = "APIResource")]
pub(crate) struct ApiResource {
    /// The identifier of the service's row in the registry
    uuid: ID,
    /// The address by which applications name the service: the resource of RFC 8707
    identifier: String,
    /// The name of the service
    name: String,
    /// The description of the service on the consent page
    description: Option<String>,
    /// The scopes that the service accepts; all scopes if the list is empty
    scopes: Vec<String>,
    /// The longest lifetime of tokens for the service, in seconds
    access_token_lifetime: Option<i32>,
    /// The form of tokens for the service; null for the form of the application
    access_token_format: Option<ApiAccessTokenFormat>,
    /// Whether tokens are issued for the service
    is_active: bool,
}

impl From<Resource> for ApiResource {
    fn from(resource: Resource) -> Self {
        Self {
            uuid: resource.id.into(),
            identifier: resource.identifier,
            name: resource.name,
            description: resource.description,
            scopes: Scopes::stored(resource.scope.as_deref()).iter().map(str::to_owned).collect(),
            access_token_lifetime: resource.access_token_lifetime,
            access_token_format: resource.access_token_format.map(ModelEnum),
            is_active: resource.is_active,
        }
    }
}
