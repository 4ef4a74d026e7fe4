use async_graphql::{Context, InputObject, Json, SimpleObject};
use authority::Fault;
use authority::clients::{CreateApplication, create_application};
use model::entities::{AccessTokenFormat, ReferenceTokens};
use serde_json::{Map, Value};

use super::scope_list::listed;
use crate::context::ResolverContext;
use crate::row::{FromRow as _, Row};
use crate::types::{
    ApiAccessTokenFormat, ApiApplication, ApiApplicationClientType, ApiReferenceTokensPolicy,
};
use crate::user_error::{UserError, refusable};

/// Which application is registered
#[derive(InputObject)]
#[graphql(name = "APIApplicationCreateMutationInput")]
pub(super) struct Input {
    /// Comes back in the payload
    pub(super) client_mutation_id: Option<String>,
    /// The identifier with which the application will present itself
    client_id: String,
    /// The name of the application
    name: String,
    /// What the application is, for the people who are asked to trust it
    description: Option<String>,
    /// Whether the application can keep a secret
    client_type: ApiApplicationClientType,
    /// What the application may be granted
    scopes: Vec<String>,
    /// Where a sign-in may return to
    redirect_uris: Option<Vec<String>>,
    /// Where a sign-out may return to
    post_logout_redirect_uris: Option<Vec<String>>,
    /// What the application says about itself besides, by the names of RFC 7591, such as { "dpop_bound_access_tokens": true }
    metadata: Option<Json<Map<String, Value>>>,
    /// The login of the user as whom the application acts without a person, which enables client credentials: one that nobody
    /// signs in as, who is added where there is none
    system_user: Option<String>,
    /// Who may make tokens for the application; nobody, where it is left out
    reference_tokens: Option<ApiReferenceTokensPolicy>,
    /// The form of the access tokens that the application obtains; opaque, where it is left out
    access_token_format: Option<ApiAccessTokenFormat>,
}

/// The application that was registered
#[derive(Default, SimpleObject)]
#[graphql(name = "APIApplicationCreateMutationPayload")]
pub(super) struct Payload {
    /// The application
    #[graphql(name = "apiApplication")]
    api_application: Option<ApiApplication>,
    /// The secret of a confidential application, which is not shown again
    client_secret: Option<String>,
    /// Why no application was registered
    user_errors: Vec<UserError>,
    /// As it was in the input
    client_mutation_id: Option<String>,
}

refusable!(Payload);

pub(super) async fn run(context: &Context<'_>, input: Input) -> Result<Payload, Fault> {
    let ResolverContext { ctx, caller, .. } = ResolverContext::from_context(context)?;
    let arguments = CreateApplication {
        client_id: input.client_id,
        name: input.name,
        description: input.description,
        client_type: input.client_type.0,
        scopes: listed(input.scopes)?,
        redirect_uris: input.redirect_uris.unwrap_or_default(),
        post_logout_redirect_uris: input.post_logout_redirect_uris.unwrap_or_default(),
        metadata: input.metadata.map(|Json(members)| members).unwrap_or_default(),
        system_user: input.system_user,
        reference_tokens: input.reference_tokens.map_or(ReferenceTokens::None, |policy| policy.0),
        access_token_format: input
            .access_token_format
            .map_or(AccessTokenFormat::Reference, |format| format.0),
    };
    let (application, secret) = create_application(ctx, caller, arguments).await?;
    Ok(Payload {
        api_application: Some(ApiApplication::from_row(&Row::from_record(&application))?),
        client_secret: secret.map(|secret| secret.expose().to_owned()),
        ..Payload::default()
    })
}
