use async_graphql::{Context, InputObject, SimpleObject};
use authority::Fault;
use authority::catalogue::resources::{CreateResource, create_resource};

use super::scope_list::listed;
use crate::context::ResolverContext;
use crate::types::{ApiAccessTokenFormat, ApiResource};
use crate::user_error::{UserError, refusable};

/// For which service tokens can be asked for
#[derive(InputObject)]
#[graphql(name = "APIResourceCreateMutationInput")]
pub(super) struct Input {
    /// Comes back in the payload
    pub(super) client_mutation_id: Option<String>,
    /// The address by which applications name the service
    identifier: String,
    /// The name of the service
    name: String,
    /// What the service is, for the people who are asked to agree
    description: Option<String>,
    /// The scopes that mean something to the service; it takes all, where it is left out
    scopes: Option<Vec<String>>,
    /// How long tokens for the service are valid at the most, in seconds
    access_token_lifetime: Option<i32>,
    /// The form of tokens for the service; that of the application, where it is left out
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
    /// As it was in the input
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
