use async_graphql::{Context, InputObject, SimpleObject};
use authority::tokens::{CreateToken, create_token};
use authority::{AllowedAddresses, Fault};
use model::entities;

use super::scope_list::listed;
use crate::context::ResolverContext;
use crate::date_time::DateTime;
use crate::model_types::ModelEnum;
use crate::row::{FromRow as _, Row};
use crate::types::{ApiAccessToken, GrantKind};
use crate::user_error::{UserError, refusable};

/// Which token is created
#[derive(InputObject)]
#[graphql(name = "APIAccessTokenCreateMutationInput")]
pub(super) struct Input {
    /// A value that the payload repeats
    pub(super) client_mutation_id: Option<String>,
    /// PERSONAL_ACCESS_TOKEN or SERVICE_ACCESS_TOKEN
    kind: GrantKind,
    /// The application that the token is for
    client_id: String,
    /// What the token is for
    description: Option<String>,
    /// The scopes of the token; all scopes of the application, if left out
    scopes: Option<Vec<String>>,
    /// The time when the token will expire; never, if left out
    expires_at: Option<DateTime>,
    /// The addresses and networks (CIDR) from which the token may be used; everywhere, if left out
    #[graphql(name = "allowedIPAddresses")]
    allowed_ip_addresses: Option<Vec<String>>,
}

/// The token that was created
#[derive(Default, SimpleObject)]
#[graphql(name = "APIAccessTokenCreateMutationPayload")]
pub(super) struct Payload {
    /// The token
    #[graphql(name = "apiAccessToken")]
    api_access_token: Option<ApiAccessToken>,
    /// The token's secret, which is not shown again
    secret: Option<String>,
    /// Why no token was created
    user_errors: Vec<UserError>,
    /// The value of the input
    client_mutation_id: Option<String>,
}

refusable!(Payload);

pub(super) async fn run(context: &Context<'_>, input: Input) -> Result<Payload, Fault> {
    let ResolverContext { ctx, caller, .. } = ResolverContext::from_context(context)?;
    let arguments = CreateToken {
        service: is_service(input.kind)?,
        client_id: input.client_id,
        description: input.description,
        scopes: input.scopes.map(listed).transpose()?.unwrap_or_default(),
        expires: input.expires_at.map(|DateTime(time)| time),
        allowed: allowed(&input.allowed_ip_addresses.unwrap_or_default())?,
    };
    let issued = create_token(ctx, caller, arguments).await?;
    Ok(Payload {
        api_access_token: Some(ApiAccessToken::from_row(&Row::from_record(&issued.grant))?),
        secret: Some(issued.secret.expose().to_owned()),
        ..Payload::default()
    })
}

fn is_service(ModelEnum(kind): GrantKind) -> Result<bool, Fault> {
    match kind {
        entities::GrantKind::PersonalAccessToken => Ok(false),
        entities::GrantKind::ServiceAccessToken => Ok(true),
        _ => Err(Fault::BadField {
            field: "kind",
            message: "PERSONAL_ACCESS_TOKEN and SERVICE_ACCESS_TOKEN can be created".to_owned(),
        }),
    }
}

/// An entry without an address is not taken for none: that would be everywhere.
pub(super) fn allowed(networks: &[String]) -> Result<AllowedAddresses, Fault> {
    if networks.iter().any(|network| network.trim().is_empty()) {
        let message = "an entry is an IP address or a CIDR block such as 192.0.2.0/24";
        return Err(Fault::BadField { field: "allowed_ip_addresses", message: message.to_owned() });
    }
    Ok(AllowedAddresses::parse(&networks.join(" "))?)
}
