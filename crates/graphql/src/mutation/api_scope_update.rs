use async_graphql::{Context, InputObject, MaybeUndefined, SimpleObject};
use authority::Fault;
use authority::catalogue::scopes::{ChangeScope, change_scope};

use super::given::given;
use crate::context::ResolverContext;
use crate::types::ApiScope;
use crate::user_error::{UserError, refusable};

/// What is changed of a scope; what is left out stays
#[derive(InputObject)]
#[graphql(name = "APIScopeUpdateMutationInput")]
pub(super) struct Input {
    /// A value that the payload repeats
    pub(super) client_mutation_id: Option<String>,
    /// The name of the scope
    name: String,
    /// The name on the pages
    display_name: MaybeUndefined<String>,
    /// The description; empty for none
    description: MaybeUndefined<String>,
    /// Whether an application that registers itself can have the scope
    is_default: MaybeUndefined<bool>,
    /// Whether the issuer metadata lists the scope
    is_listed: MaybeUndefined<bool>,
    /// Whether only administrators can use the scope
    administrators_only: MaybeUndefined<bool>,
    /// Whether the scope can be used; false retires it
    is_active: MaybeUndefined<bool>,
}

/// The scope as it is now
#[derive(Default, SimpleObject)]
#[graphql(name = "APIScopeUpdateMutationPayload")]
pub(super) struct Payload {
    /// The scope
    #[graphql(name = "apiScope")]
    api_scope: Option<ApiScope>,
    /// Why nothing was changed
    user_errors: Vec<UserError>,
    /// The value of the input
    client_mutation_id: Option<String>,
}

refusable!(Payload);

pub(super) async fn run(context: &Context<'_>, input: Input) -> Result<Payload, Fault> {
    let ResolverContext { ctx, caller, .. } = ResolverContext::from_context(context)?;
    let arguments = ChangeScope {
        display_name: given("displayName", input.display_name)?,
        description: given("description", input.description)?,
        is_default: given("isDefault", input.is_default)?,
        is_listed: given("isListed", input.is_listed)?,
        administrators_only: given("administratorsOnly", input.administrators_only)?,
        is_active: given("isActive", input.is_active)?,
    };
    let scope = change_scope(ctx, caller, &input.name, arguments).await?;
    Ok(Payload { api_scope: Some(scope.into()), ..Payload::default() })
}
