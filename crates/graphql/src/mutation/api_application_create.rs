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
    /// A value that the payload repeats
    pub(super) client_mutation_id: Option<String>,
    /// The `client_id` of the application
    client_id: String,
    /// The name of the application
    name: String,
    /// The description of the application on the consent page
    description: Option<String>,
    /// Whether the application can keep a secret
    client_type: ApiApplicationClientType,
    /// The scopes that the application can be granted
    scopes: Vec<String>,
    /// The redirect URIs of sign-ins
    redirect_uris: Option<Vec<String>>,
    /// The redirect URIs of sign-outs
    post_logout_redirect_uris: Option<Vec<String>>,
    /// Further client metadata, by the names of RFC 7591, such as { "dpop_bound_access_tokens": true }
    metadata: Option<Json<Map<String, Value>>>,
    /// The login of the user for whom the application acts with client credentials: a system user that cannot sign in.
    /// The user is added if it does not exist
    system_user: Option<String>,
    /// Which users can create tokens for the application; none, if left out
    reference_tokens: Option<ApiReferenceTokensPolicy>,
    /// The form of the access tokens that the application obtains; opaque, if left out
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
    /// The value of the input
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
