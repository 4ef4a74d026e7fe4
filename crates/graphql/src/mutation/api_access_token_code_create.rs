use async_graphql::{Context, InputObject, SimpleObject};
use authority::{ClientCredentials, ClientProof, Fault, Params, device};

use super::scope_list::listed;
use crate::context::ResolverContext;
use crate::types::ApiAccessTokenCode;
use crate::user_error::{UserError, refusable};

/// Which application asks for a code, and for what
#[derive(InputObject)]
#[graphql(name = "APIAccessTokenCodeCreateMutationInput")]
pub(super) struct Input {
    /// Comes back in the payload
    pub(super) client_mutation_id: Option<String>,
    /// The identifier with which the application presents itself
    client_id: String,
    /// The secret of an application that has one
    client_secret: Option<String>,
    /// What the application wants the token for, as the person will read it
    description: Option<String>,
    /// What the token will be used for; all that the application has, where it is left out
    scopes: Option<Vec<String>>,
}

/// The code that a person is shown, and the one that the application exchanges
#[derive(Default, SimpleObject)]
#[graphql(name = "APIAccessTokenCodeCreateMutationPayload")]
pub(super) struct Payload {
    /// The code as the person who decides sees it
    #[graphql(name = "apiAccessTokenCode")]
    api_access_token_code: Option<ApiAccessTokenCode>,
    /// What the application exchanges at the token endpoint once a person has authorized the code (RFC 8628)
    device_code: Option<String>,
    /// Where the person enters the code
    verification_uri: Option<String>,
    /// The same with the code in it
    verification_uri_complete: Option<String>,
    /// How many seconds the application waits between two questions at the token endpoint
    interval: Option<i64>,
    /// Why there is no code
    user_errors: Vec<UserError>,
    /// As it was in the input
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
