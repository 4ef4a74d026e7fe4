use async_graphql::{ComplexObject, Context, ID, SimpleObject};
use authority::Fault;
use model::{Timestamp, Uuid, entities};

use super::{ApiApplication, DateTime, GrantKind, Row, User};
use crate::graphql::caller::Asking;
use crate::graphql::error::{Nullable, nullable};
use crate::graphql::id::NodeType;

/// A token, or another grant in the registry
#[derive(SimpleObject)]
#[graphql(name = "APIAccessToken", complex)]
pub(in crate::graphql) struct ApiAccessToken {
    /// The time when the token will expire; a token without one does not expire
    expires_at: Option<DateTime>,
    pub(super) id: ID,
    /// The identifier of the token's row in the registry
    uuid: ID,
    /// The time when the token was created
    created_at: DateTime,
    /// What the token is for
    description: Option<String>,
    /// The IP address from which the token was last used
    #[graphql(name = "ipAddress")]
    ip_address: Option<String>,
    /// The time when the token was last used
    last_accessed_at: Option<DateTime>,
    /// The time when the token was revoked
    revoked_at: Option<DateTime>,
    /// What the token may be used for
    scopes: Vec<String>,
    /// What the grant is
    kind: GrantKind,
    #[graphql(skip)]
    application_id: Option<Uuid>,
    #[graphql(skip)]
    owner_id: Option<Uuid>,
}

#[ComplexObject]
impl ApiAccessToken {
    /// The application to which the token was given
    async fn application(&self, context: &Context<'_>) -> Nullable<ApiApplication> {
        nullable(self.find_application(context).await)
    }

    /// The user as whom the token acts
    async fn owner(&self, context: &Context<'_>) -> Nullable<User> {
        nullable(self.find_owner(context).await)
    }
}

const PROPERTIES: [&str; 10] = [
    "CreationTimestamp",
    "Description",
    "ExpireTimestamp",
    "Kind",
    "LastUsedIPAddress",
    "LastUsedTimestamp",
    "RevokedTimestamp",
    "Scopes",
    "TrustedApplication",
    "User",
];

impl ApiAccessToken {
    /// Finds a grant, unless the caller may not see it.
    pub(in crate::graphql) async fn find(asking: &Asking, id: Uuid) -> Result<Option<Self>, Fault> {
        let row = Row::find::<entities::AccessToken>(asking, id, &PROPERTIES).await?;
        row.as_ref().map(Self::from_row).transpose()
    }

    /// The grant of a row.
    pub(in crate::graphql) fn from_row(row: &Row) -> Result<Self, Fault> {
        Ok(Self {
            expires_at: row.time("ExpireTimestamp")?,
            id: NodeType::AccessToken.id(row.id()),
            uuid: row.id().into(),
            created_at: DateTime(row.get::<Timestamp>("CreationTimestamp")?),
            description: row.get("Description")?,
            ip_address: row.get("LastUsedIPAddress")?,
            last_accessed_at: row.time("LastUsedTimestamp")?,
            revoked_at: row.time("RevokedTimestamp")?,
            scopes: row.scopes("Scopes")?,
            kind: row.get::<entities::GrantKind>("Kind")?.into(),
            application_id: row.get("TrustedApplication")?,
            owner_id: row.get("User")?,
        })
    }

    async fn find_application(&self, context: &Context<'_>) -> Result<Option<ApiApplication>, Fault> {
        match self.application_id {
            Some(id) => ApiApplication::find(Asking::of(context)?, id).await,
            None => Ok(None),
        }
    }

    async fn find_owner(&self, context: &Context<'_>) -> Result<Option<User>, Fault> {
        match self.owner_id {
            Some(id) => User::find(Asking::of(context)?, id).await,
            None => Ok(None),
        }
    }
}
