use async_graphql::{Context, InputObject, SimpleObject};
use authority::Fault;
use authority::catalogue::resources::{CreateResource, create_resource};

use super::scope_list::listed;
use crate::context::ResolverContext;
use crate::types::{ApiAccessTokenFormat, ApiResource};
use crate::user_error::{UserError, refusable};

/// The resource server that is added
#[derive(InputObject)]
#[graphql(name = "APIResourceCreateMutationInput")]
pub(super) struct Input {
    /// A value that the payload repeats
    pub(super) client_mutation_id: Option<String>,
    /// The address by which applications name the service
    identifier: String,
    /// The name of the service
    name: String,
    /// The description of the service on the consent page
    description: Option<String>,
    /// The scopes that the service accepts; all, if left out
    scopes: Option<Vec<String>>,
    /// The longest lifetime of tokens for the service, in seconds
    access_token_lifetime: Option<i32>,
    /// The form of tokens for the service; that of the application, if left out
    access_token_format: Option<ApiAccessTokenFormat>,
}

/// The service that was added
#[derive(Default, SimpleObject)]
#[graphql(name = "APIResourceCreateMutationPayload")]
pub(super) struct Payload {
    /// The service
    #[graphql(name = "apiResource")]
    api_resource: Option<ApiResource>,
    /// Why nothing was added
    user_errors: Vec<UserError>,
    /// The value of the input
    client_mutation_id: Option<String>,
}

refusable!(Payload);

pub(super) async fn run(context: &Context<'_>, input: Input) -> Result<Payload, Fault> {
    let ResolverContext { ctx, caller, .. } = ResolverContext::from_context(context)?;
    let arguments = CreateResource {
        identifier: input.identifier,
        name: input.name,
        description: input.description,
        scopes: input.scopes.map(listed).transpose()?.unwrap_or_default(),
        access_token_lifetime: input.access_token_lifetime,
        access_token_format: input.access_token_format.map(|format| format.0),
    };
    let resource = create_resource(ctx, caller, arguments).await?;
    Ok(Payload { api_resource: Some(resource.into()), ..Payload::default() })
}
