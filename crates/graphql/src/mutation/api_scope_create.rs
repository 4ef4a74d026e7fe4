use async_graphql::{Context, InputObject, SimpleObject};
use authority::Fault;
use authority::catalogue::scopes::{CreateScope, create_scope};

use crate::context::ResolverContext;
use crate::types::ApiScope;
use crate::user_error::{UserError, refusable};

/// Which scope is added to the catalogue
#[derive(InputObject)]
#[graphql(name = "APIScopeCreateMutationInput")]
pub(super) struct Input {
    /// Comes back in the payload
    pub(super) client_mutation_id: Option<String>,
    /// The name on the wire
    name: String,
    /// What the scope is called where people see it; its name, where it is left out
    display_name: Option<String>,
    /// What the scope allows, for the people who are asked to agree
    description: Option<String>,
    /// Whether an application may have the scope that registers itself; not, where it is left out
    is_default: Option<bool>,
    /// Whether the metadata of the issuer name the scope; they do, where it is left out
    is_listed: Option<bool>,
    /// Whether the scope counts for administrators alone; not, where it is left out
    administrators_only: Option<bool>,
}

/// The scope that was added
#[derive(Default, SimpleObject)]
#[graphql(name = "APIScopeCreateMutationPayload")]
pub(super) struct Payload {
    /// The scope
    #[graphql(name = "apiScope")]
    api_scope: Option<ApiScope>,
    /// Why nothing was added
    user_errors: Vec<UserError>,
    /// As it was in the input
    client_mutation_id: Option<String>,
}

refusable!(Payload);

pub(super) async fn run(context: &Context<'_>, input: Input) -> Result<Payload, Fault> {
    let ResolverContext { ctx, caller, .. } = ResolverContext::from_context(context)?;
    let arguments = CreateScope {
        display_name: input.display_name.unwrap_or_else(|| input.name.clone()),
        name: input.name,
        description: input.description,
        is_default: input.is_default.unwrap_or_default(),
        is_listed: input.is_listed.unwrap_or(true),
        administrators_only: input.administrators_only.unwrap_or_default(),
    };
    let scope = create_scope(ctx, caller, arguments).await?;
    Ok(Payload { api_scope: Some(scope.into()), ..Payload::default() })
}
