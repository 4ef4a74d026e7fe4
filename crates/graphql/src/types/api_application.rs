use async_graphql::{ComplexObject, Context, ID, OutputType as _, SimpleObject};
use authority::Fault;
use model::entities::{AccessToken, TrustedApplication};
use model::{Entity, Record as _, Timestamp, Uuid};

use super::{ApiAccessTokenFormat, ApiApplicationClientType, ApiReferenceTokensPolicy, Grant, User};
use crate::connection::{Connection, ConnectionArguments, children, connections};
use crate::context::ResolverContext;
use crate::date_time::DateTime;
use crate::error::{Nullable, nullable};
use crate::id::NodeType;
use crate::model_types::ModelEnum;
use crate::row::{FromRow, Row};

/// An application that can be granted access
#[derive(SimpleObject)]
#[graphql(name = "APIApplication", complex)]
pub(crate) struct ApiApplication {
    #[graphql(skip)]
    row: Uuid,
    /// The description of the application on the consent page
    description: String,
    /// The name of the application
    name: String,
    /// The `client_id` of the application (OAuth)
    client_id: String,
    /// Whether the application can keep a secret
    client_type: ApiApplicationClientType,
    /// The scopes that the application can be granted
    scopes: Vec<String>,
    /// Whether the application is enabled; the tokens of a disabled application are refused
    is_enabled: bool,
    /// Which users can create tokens for the application
    reference_tokens: ApiReferenceTokensPolicy,
    /// The form of the access tokens that the application obtains
    access_token_format: ApiAccessTokenFormat,
    /// The redirect URIs of sign-ins
    redirect_uris: Vec<String>,
    /// The redirect URIs of sign-outs
    post_logout_redirect_uris: Vec<String>,
    /// The time when the application was registered
    created_at: DateTime,
    #[graphql(skip)]
    system_user: Option<Uuid>,
}

#[ComplexObject]
impl ApiApplication {
    pub(super) async fn id(&self) -> ID {
        NodeType::Application.id(self.row)
    }

    /// The identifier of the application's row in the registry
    async fn uuid(&self) -> ID {
        self.row.into()
    }

    /// The user for whom the application acts without a signed-in user
    async fn system_user(&self, context: &Context<'_>) -> Nullable<User> {
        nullable(find_user(context, self.system_user).await)
    }

    #[graphql(flatten)]
    async fn connections(&self) -> ApiApplicationConnections {
        ApiApplicationConnections(self.row)
    }
}

/// The connections of an application.
struct ApiApplicationConnections(Uuid);

connections! {
    ApiApplicationConnections:
    /// The grants of the application
    grants: Grant, of AccessToken, by ApiApplicationConnections::list_grants;
}

impl ApiApplicationConnections {
    async fn list_grants(
        &self,
        context: &Context<'_>,
        arguments: ConnectionArguments,
    ) -> Result<Connection<Grant>, Fault> {
        children(context, "TrustedApplication", self.0, arguments).await
    }
}

async fn find_user(context: &Context<'_>, id: Option<Uuid>) -> Result<Option<User>, Fault> {
    User::find_referenced(ResolverContext::from_context(context)?, id).await
}

impl FromRow for ApiApplication {
    const PROPERTIES: &'static [&'static str] = &[
        "AccessTokenFormat",
        "ApplicationUri",
        "ClientType",
        "CreationTimeUtc",
        "Description",
        "ImpersonateLoginUrl",
        "ImpersonateLogoutUrl",
        "IsEnabled",
        "Name",
        "ReferenceTokens",
        "Scope",
        "SystemUser",
    ];

    fn entity() -> &'static Entity {
        TrustedApplication::entity()
    }

    fn from_row(row: &Row) -> Result<Self, Fault> {
        Ok(Self {
            row: row.id(),
            description: row.text_or_empty("Description")?,
            name: row.get("Name")?,
            client_id: row.get("ApplicationUri")?,
            client_type: ModelEnum(row.get("ClientType")?),
            scopes: row.scopes("Scope")?,
            is_enabled: row.get("IsEnabled")?,
            reference_tokens: ModelEnum(row.get("ReferenceTokens")?),
            access_token_format: ModelEnum(row.get("AccessTokenFormat")?),
            redirect_uris: row.list("ImpersonateLoginUrl")?,
            post_logout_redirect_uris: row.list("ImpersonateLogoutUrl")?,
            created_at: DateTime(row.get::<Timestamp>("CreationTimeUtc")?),
            system_user: row.get("SystemUser")?,
        })
    }
}
