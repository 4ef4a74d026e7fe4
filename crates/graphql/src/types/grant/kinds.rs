#![allow(clippy::duplicated_attributes, reason = "fields of one interface may have the same type")]

use async_graphql::{Context, ID, Interface, Object};
use authority::Fault;
use model::entities::{self, AccessToken};
use model::{Entity, Record as _};

use super::grant_type::grant_type;
use super::row::{GrantRow, PROPERTIES};
use crate::connection::{Connection, ConnectionArguments, Paging};
use crate::date_time::DateTime;
use crate::error::{Nullable, nullable};
use crate::id::NodeType;
use crate::model_types::{Filter, ModelEnum, Order};
use crate::row::{FromRow, Row};
use crate::types::{
    ApiAccessTokenCode, ApiApplication, GrantKind, GrantState, GrantedScope, RevocationReason, UsedAddress,
    User,
};

grant_type! {
    /// An access token: personal, of a service, or obtained by an application
    ApiAccessToken = "APIAccessToken", AccessToken {
        /// The networks from which the token may be used; if there are none, it may be used from everywhere
        #[graphql(name = "allowedIPAddresses")]
        async fn allowed_ip_addresses(&self) -> Vec<&str> {
            self.0.allowed_ip_addresses.as_deref().unwrap_or_default().split_whitespace().collect()
        }

        /// The IP address from which the token was last used
        #[graphql(name = "ipAddress")]
        async fn ip_address(&self) -> Option<&str> {
            self.0.ip_address.as_deref()
        }

        /// The time when the token was last used
        async fn last_accessed_at(&self) -> Option<DateTime> {
            self.0.last_accessed_at
        }

        /// The user who created the token; for a service access token, an administrator
        async fn created_by(&self, context: &Context<'_>) -> Nullable<User> {
            nullable(self.0.created_by(context).await)
        }

        /// The token that this token replaced by rotation
        async fn predecessor(&self, context: &Context<'_>) -> Nullable<ApiAccessToken> {
            nullable(self.0.predecessor(context).await)
        }

        /// The token that replaced this token by rotation
        async fn successor(&self, context: &Context<'_>) -> Nullable<ApiAccessToken> {
            nullable(self.0.successor(context).await)
        }

        /// The addresses from which a personal or service access token was used
        async fn used_addresses(
            &self,
            context: &Context<'_>,
            #[graphql(desc = "The number of rows from the beginning")] first: Option<i32>,
            #[graphql(desc = "Only rows after this cursor")] after: Option<String>,
            #[graphql(desc = "The number of rows from the end")] last: Option<i32>,
            #[graphql(desc = "Only rows before this cursor")] before: Option<String>,
        ) -> Nullable<Connection<UsedAddress>> {
            nullable(self.0.used_addresses(context, Paging { first, after, last, before }).await)
        }
    }
}

grant_type! {
    /// A token that obtains further access tokens
    ApiRefreshToken = "APIRefreshToken", RefreshToken, once {}
}

grant_type! {
    /// A code that an application exchanges once after a sign-in in the browser
    ApiAuthorizationCode = "APIAuthorizationCode", AuthorizationCode, once {}
}

grant_type! {
    /// A code that a device exchanges once after a user approved it, with its outcome
    ApiDeviceCode = "APIDeviceCode", DeviceCode, decided {
        /// The code as shown to the user who decides
        #[graphql(name = "apiAccessTokenCode")]
        async fn api_access_token_code(&self, context: &Context<'_>) -> Nullable<ApiAccessTokenCode> {
            nullable(self.0.code(context).await)
        }
    }
}

grant_type! {
    /// A request of an application to sign a user in on the user's own device, with its outcome
    ApiBackchannelRequest = "APIBackchannelRequest", BackchannelRequest, decided {}
}

grant_type! {
    /// The consent of a user to the scopes of an application
    ApiConsent = "APIConsent", Consent {}
}

/// A grant of the registry: a token, a code or a consent. A grant ends with its parent
#[derive(Interface)]
#[graphql(
    field(name = "id", ty = "ID", desc = "The global id of the grant"),
    field(name = "uuid", ty = "ID", desc = "The identifier of the grant's row in the registry"),
    field(name = "kind", ty = "GrantKind", desc = "The kind of the grant"),
    field(name = "description", ty = "Option<&str>", desc = "The purpose of the grant"),
    field(name = "scopes", ty = "&[String]", desc = "The scopes of the grant"),
    field(name = "created_at", ty = "DateTime", desc = "The time when the grant was created"),
    field(
        name = "expires_at",
        ty = "Option<DateTime>",
        desc = "The time when the grant expires; null if it does not expire"
    ),
    field(name = "state", ty = "Nullable<GrantState>", desc = "Whether the grant can be used, and why not"),
    field(name = "revoked_at", ty = "Option<DateTime>", desc = "The time when the grant was revoked"),
    field(
        name = "revocation_reason",
        ty = "Option<RevocationReason>",
        desc = "The reason for the revocation"
    ),
    field(
        name = "application",
        ty = "Nullable<ApiApplication>",
        desc = "The application to which the grant was given"
    ),
    field(name = "owner", ty = "Nullable<User>", desc = "The user for whom the grant acts"),
    field(name = "parent", ty = "Nullable<Grant>", desc = "The grant from which this grant was created"),
    field(
        name = "children",
        ty = "Nullable<Connection<Grant>>",
        desc = "The grants that were created from this grant; they end with it",
        arg(name = "first", ty = "Option<i32>", desc = "The number of rows from the beginning"),
        arg(name = "after", ty = "Option<String>", desc = "Only rows after this cursor"),
        arg(name = "last", ty = "Option<i32>", desc = "The number of rows from the end"),
        arg(name = "before", ty = "Option<String>", desc = "Only rows before this cursor"),
        arg(name = "filter", ty = "Option<Filter<AccessToken>>", desc = "The condition for the rows"),
        arg(name = "order_by", ty = "Option<Vec<Order<AccessToken>>>", desc = "The order of the rows")
    )
)]
pub(crate) enum Grant {
    AccessToken(ApiAccessToken),
    RefreshToken(ApiRefreshToken),
    AuthorizationCode(ApiAuthorizationCode),
    DeviceCode(ApiDeviceCode),
    BackchannelRequest(ApiBackchannelRequest),
    Consent(ApiConsent),
}

impl Grant {
    /// Returns the row.
    pub(super) fn row(&self) -> &GrantRow {
        match self {
            Self::AccessToken(ApiAccessToken(row))
            | Self::RefreshToken(ApiRefreshToken(row))
            | Self::AuthorizationCode(ApiAuthorizationCode(row))
            | Self::DeviceCode(ApiDeviceCode(row))
            | Self::BackchannelRequest(ApiBackchannelRequest(row))
            | Self::Consent(ApiConsent(row)) => row,
        }
    }
}

impl FromRow for Grant {
    const PROPERTIES: &'static [&'static str] = PROPERTIES;

    fn entity() -> &'static Entity {
        AccessToken::entity()
    }

    fn from_row(row: &Row) -> Result<Self, Fault> {
        use entities::GrantKind as Kind;
        let row = GrantRow::read(row)?;
        Ok(match row.kind {
            Kind::PersonalAccessToken | Kind::ServiceAccessToken | Kind::ReferenceToken => {
                Self::AccessToken(ApiAccessToken(row))
            }
            Kind::RefreshToken => Self::RefreshToken(ApiRefreshToken(row)),
            Kind::AuthorizationCode => Self::AuthorizationCode(ApiAuthorizationCode(row)),
            Kind::DeviceCode => Self::DeviceCode(ApiDeviceCode(row)),
            Kind::BackchannelRequest => Self::BackchannelRequest(ApiBackchannelRequest(row)),
            Kind::UserConsent => Self::Consent(ApiConsent(row)),
        })
    }
}

impl FromRow for ApiAccessToken {
    const PROPERTIES: &'static [&'static str] = PROPERTIES;

    fn entity() -> &'static Entity {
        AccessToken::entity()
    }

    fn from_row(row: &Row) -> Result<Self, Fault> {
        GrantRow::read(row).map(Self)
    }
}
