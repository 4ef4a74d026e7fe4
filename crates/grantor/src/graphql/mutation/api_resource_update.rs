use async_graphql::{Context, InputObject, SimpleObject};
use authority::actions::resources::{ChangeResource, change_resource};
use authority::{Fault, Scopes};

use crate::graphql::caller::Asking;
use crate::graphql::types::{ApiAccessTokenFormat, ApiResource};
use crate::graphql::user_error::{UserError, refusable};

/// What is changed of a service; what is left out stays
#[derive(InputObject)]
#[graphql(name = "APIResourceUpdateMutationInput")]
pub(super) struct Input {
    /// Comes back in the payload
    pub(super) client_mutation_id: Option<String>,
    /// The address by which applications name the service
    identifier: String,
    /// The name of the service
    name: Option<String>,
    /// What the service is; empty for nothing
    description: Option<String>,
    /// The scopes that mean something to the service; empty for all
    scopes: Option<Vec<String>>,
    /// How long tokens for the service are valid at the most, in seconds; 0 for as long as those of the application
    access_token_lifetime: Option<i32>,
    /// The form of tokens for the service
    access_token_format: Option<ApiAccessTokenFormat>,
    /// Whether tokens are given for the service; false retires it
    is_active: Option<bool>,
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
    /// As it was in the input
    client_mutation_id: Option<String>,
}

refusable!(Payload);

pub(super) async fn run(context: &Context<'_>, input: Input) -> Result<Payload, Fault> {
    let Asking { ctx, caller, .. } = Asking::of(context)?;
    let asked = ChangeResource {
        name: input.name,
        description: input.description,
        scopes: input.scopes.map(Scopes::of).transpose()?,
        access_token_lifetime: input.access_token_lifetime,
        access_token_format: input.access_token_format.map(|format| Some(format.0)),
        is_active: input.is_active,
    };
    let resource = change_resource(ctx, caller, &input.identifier, asked).await?;
    Ok(Payload {
        api_resource: Some(resource.into()),
        user_errors: Vec::new(),
        client_mutation_id: input.client_mutation_id,
    })
}
