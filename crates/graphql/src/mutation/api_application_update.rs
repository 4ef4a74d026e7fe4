use async_graphql::{Context, ID, InputObject, Json, MaybeUndefined, SimpleObject};
use authority::Fault;
use authority::clients::{UpdateApplication, update_application};
use serde_json::{Map, Value};

use super::given::given;
use super::scope_list::listed;
use crate::context::ResolverContext;
use crate::id::decode_application;
use crate::row::{FromRow as _, Row};
use crate::types::{ApiAccessTokenFormat, ApiApplication, ApiReferenceTokensPolicy};
use crate::user_error::{UserError, refusable};

/// How an application is changed; what is left out stays
#[derive(InputObject)]
#[graphql(name = "APIApplicationUpdateMutationInput")]
pub(super) struct Input {
    /// A value that the payload repeats
    pub(super) client_mutation_id: Option<String>,
    /// The global id or the uuid of the application
    id: ID,
    /// The name of the application
    name: MaybeUndefined<String>,
    /// The description of the application on the consent page
    description: MaybeUndefined<String>,
    /// The scopes that the application can be granted
    scopes: MaybeUndefined<Vec<String>>,
    /// The redirect URIs of sign-ins
    redirect_uris: MaybeUndefined<Vec<String>>,
    /// The redirect URIs of sign-outs
    post_logout_redirect_uris: MaybeUndefined<Vec<String>>,
    /// All further client metadata, by the names of RFC 7591
    metadata: MaybeUndefined<Json<Map<String, Value>>>,
    /// Which users can create tokens for the application
    reference_tokens: MaybeUndefined<ApiReferenceTokensPolicy>,
    /// The form of the access tokens that the application obtains
    access_token_format: MaybeUndefined<ApiAccessTokenFormat>,
    /// Whether the application is enabled; the tokens of a disabled application are refused at once
    is_enabled: MaybeUndefined<bool>,
}

/// The application that was changed
#[derive(Default, SimpleObject)]
#[graphql(name = "APIApplicationUpdateMutationPayload")]
pub(super) struct Payload {
    /// The application
    #[graphql(name = "apiApplication")]
    api_application: Option<ApiApplication>,
    /// Why nothing was changed
    user_errors: Vec<UserError>,
    /// The value of the input
    client_mutation_id: Option<String>,
}

refusable!(Payload);

pub(super) async fn run(context: &Context<'_>, input: Input) -> Result<Payload, Fault> {
    let ResolverContext { ctx, caller, .. } = ResolverContext::from_context(context)?;
    let arguments = UpdateApplication {
        name: given("name", input.name)?,
        description: given("description", input.description)?,
        scopes: given("scopes", input.scopes)?.map(listed).transpose()?,
        redirect_uris: given("redirectUris", input.redirect_uris)?,
        post_logout_redirect_uris: given("postLogoutRedirectUris", input.post_logout_redirect_uris)?,
        metadata: given("metadata", input.metadata)?.map(|Json(members)| members),
        reference_tokens: given("referenceTokens", input.reference_tokens)?.map(|policy| policy.0),
        access_token_format: given("accessTokenFormat", input.access_token_format)?.map(|format| format.0),
        is_enabled: given("isEnabled", input.is_enabled)?,
    };
    let application = update_application(ctx, caller, decode_application(&input.id)?, arguments).await?;
    Ok(Payload {
        api_application: Some(ApiApplication::from_row(&Row::from_record(&application))?),
        ..Payload::default()
    })
}
