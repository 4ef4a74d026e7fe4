use async_graphql::{ID, SimpleObject};
use model::entities::Scope;

/// A permission of the catalogue
#[derive(SimpleObject)]
#[graphql(name = "APIScope")]
pub(crate) struct ApiScope {
    /// The identifier of the scope's row in the registry
    uuid: ID,
    /// The name on the wire
    name: String,
    /// What the scope is called where people see it
    display_name: String,
    /// What the scope allows, for the people who are asked to agree
    description: Option<String>,
    /// Whether the scope counts at all
    is_active: bool,
    /// Whether the scope is part of the product
    is_built_in: bool,
    /// Whether an application has the scope that registers itself and names none
    is_default: bool,
    /// Whether the metadata of the issuer name the scope
    is_listed: bool,
    /// Whether the scope counts for administrators alone
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
