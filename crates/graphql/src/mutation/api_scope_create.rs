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
    /// A value that the payload repeats
    pub(super) client_mutation_id: Option<String>,
    /// The name in requests and tokens
    name: String,
    /// The name on the pages; the name in requests, if left out
    display_name: Option<String>,
    /// The description of the scope on the consent page
    description: Option<String>,
    /// Whether an application that registers itself can have the scope; no, if left out
    is_default: Option<bool>,
    /// Whether the issuer metadata lists the scope; yes, if left out
    is_listed: Option<bool>,
    /// Whether only administrators can use the scope; no, if left out
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
    /// The value of the input
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
