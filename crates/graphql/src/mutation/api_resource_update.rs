use async_graphql::{Context, InputObject, MaybeUndefined, SimpleObject};
use authority::catalogue::resources::{ChangeResource, change_resource};
use authority::{Fault, Scopes};

use super::given::given;
use super::scope_list::listed;
use crate::context::ResolverContext;
use crate::types::{ApiAccessTokenFormat, ApiResource};
use crate::user_error::{UserError, refusable};

/// What is changed of a service; what is left out stays
#[derive(InputObject)]
#[graphql(name = "APIResourceUpdateMutationInput")]
pub(super) struct Input {
    /// A value that the payload repeats
    pub(super) client_mutation_id: Option<String>,
    /// The address by which applications name the service
    identifier: String,
    /// The name of the service
    name: MaybeUndefined<String>,
    /// The description; empty for none
    description: MaybeUndefined<String>,
    /// The scopes that the service accepts
    scopes: MaybeUndefined<Vec<String>>,
    /// Whether the service accepts every scope; true instead of `scopes`
    takes_all_scopes: Option<bool>,
    /// The longest lifetime of tokens for the service, in seconds; 0 for the lifetime of the application
    access_token_lifetime: MaybeUndefined<i32>,
    /// The form of tokens for the service
    access_token_format: MaybeUndefined<ApiAccessTokenFormat>,
    /// Whether tokens are issued for the service; false retires it
    is_active: MaybeUndefined<bool>,
}

/// The service as it is now
#[derive(Default, SimpleObject)]
#[graphql(name = "APIResourceUpdateMutationPayload")]
pub(super) struct Payload {
    /// The service
    #[graphql(name = "apiResource")]
    api_resource: Option<ApiResource>,
    /// Why nothing was changed
    user_errors: Vec<UserError>,
    /// The value of the input
    client_mutation_id: Option<String>,
}

refusable!(Payload);

pub(super) async fn run(context: &Context<'_>, input: Input) -> Result<Payload, Fault> {
    let ResolverContext { ctx, caller, .. } = ResolverContext::from_context(context)?;
    let arguments = ChangeResource {
        name: given("name", input.name)?,
        description: given("description", input.description)?,
        scopes: scopes(input.scopes, input.takes_all_scopes)?,
        access_token_lifetime: given("accessTokenLifetime", input.access_token_lifetime)?,
        access_token_format: given("accessTokenFormat", input.access_token_format)?
            .map(|format| Some(format.0)),
        is_active: given("isActive", input.is_active)?,
    };
    let resource = change_resource(ctx, caller, &input.identifier, arguments).await?;
    Ok(Payload { api_resource: Some(resource.into()), ..Payload::default() })
}

/// The scopes of the service, as the registry keeps them: all, where the list is empty.
fn scopes(listed_ones: MaybeUndefined<Vec<String>>, all: Option<bool>) -> Result<Option<Scopes>, Fault> {
    match (given("scopes", listed_ones)?, all) {
        (Some(_), Some(true)) => Err(Fault::BadField {
            field: "takesAllScopes",
            message: "give 'scopes' or 'takesAllScopes', not both".to_owned(),
        }),
        (None, Some(true)) => Ok(Some(Scopes::default())),
        (scopes, _) => scopes.map(listed).transpose(),
    }
}
