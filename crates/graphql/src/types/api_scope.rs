use async_graphql::{ID, SimpleObject};
use model::entities::Scope;

/// A scope of the catalogue
#[derive(SimpleObject)]
#[graphql(name = "APIScope")]
pub(crate) struct ApiScope {
    /// The identifier of the scope's row in the registry
    uuid: ID,
    /// The name in requests and tokens
    name: String,
    /// The name on the pages
    display_name: String,
    /// The description of the scope on the consent page
    description: Option<String>,
    /// Whether the scope can be used
    is_active: bool,
    /// Whether the scope is part of the product
    is_built_in: bool,
    /// Whether an application that registers itself without scopes gets this scope
    is_default: bool,
    /// Whether the issuer metadata lists the scope
    is_listed: bool,
    /// Whether only administrators can use the scope
    administrators_only: bool,
}

impl From<Scope> for ApiScope {
    fn from(scope: Scope) -> Self {
        Self {
            uuid: scope.id.into(),
            name: scope.name,
            display_name: scope.display_name,
            description: scope.description,
            is_active: scope.is_active,
            is_built_in: scope.is_built_in,
            is_default: scope.is_default,
            is_listed: scope.is_listed,
            administrators_only: scope.administrators_only,
        }
    }
}
