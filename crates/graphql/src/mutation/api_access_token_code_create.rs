use async_graphql::{Context, InputObject, SimpleObject};
use authority::{ClientCredentials, ClientProof, Fault, Params};
use flows::device;

use super::scope_list::listed;
use crate::context::ResolverContext;
use crate::types::ApiAccessTokenCode;
use crate::user_error::{UserError, refusable};

/// The application that requests a code, and its scopes
#[derive(InputObject)]
#[graphql(name = "APIAccessTokenCodeCreateMutationInput")]
pub(super) struct Input {
    /// A value that the payload repeats
    pub(super) client_mutation_id: Option<String>,
    /// The `client_id` of the application
    client_id: String,
    /// The secret of an application that has one
    client_secret: Option<String>,
    /// The purpose of the token, as shown to the user
    description: Option<String>,
    /// The scopes of the token; all scopes of the application, if left out
    scopes: Option<Vec<String>>,
}

/// The code for the user, and the code that the application exchanges
#[derive(Default, SimpleObject)]
#[graphql(name = "APIAccessTokenCodeCreateMutationPayload")]
pub(super) struct Payload {
    /// The code as shown to the user who decides
    #[graphql(name = "apiAccessTokenCode")]
    api_access_token_code: Option<ApiAccessTokenCode>,
    /// The code that the application exchanges at the token endpoint once a user has authorized it (RFC 8628)
    device_code: Option<String>,
    /// The address where the user enters the code
    verification_uri: Option<String>,
    /// The same address with the code in it
    verification_uri_complete: Option<String>,
    /// The number of seconds between two requests of the application to the token endpoint
    interval: Option<i64>,
    /// Why there is no code
    user_errors: Vec<UserError>,
    /// The value of the input
    client_mutation_id: Option<String>,
}

refusable!(Payload);

pub(super) async fn run(context: &Context<'_>, input: Input) -> Result<Payload, Fault> {
    let ctx = ResolverContext::find_ctx(context)?;
    let proof = input.client_secret.map_or(ClientProof::Nothing, |secret| ClientProof::Post(secret.into()));
    let credentials = ClientCredentials { client_id: input.client_id, proof };
    let scopes = input.scopes.map(listed).transpose()?;
    let scope = scopes.map(|scopes| ("scope".to_owned(), scopes.to_string()));
    let description = input.description.map(|text| ("description".to_owned(), text));
    let params = Params::new(scope.into_iter().chain(description))?;
    let started = device::start(ctx, &credentials, &params).await?;
    let user_code = started.user_code.to_string();
    let request = device::find_by_code(ctx, &user_code).await?;
    let uri = format!("{}/device", ctx.settings().public_url);
    Ok(Payload {
        api_access_token_code: Some(ApiAccessTokenCode::from_request(&request)?),
        device_code: Some(started.device_code.expose().to_owned()),
        verification_uri_complete: Some(format!("{uri}?user_code={user_code}")),
        verification_uri: Some(uri),
        interval: Some(started.interval),
        ..Payload::default()
    })
}
