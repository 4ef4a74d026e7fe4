use async_graphql::{ComplexObject, ID, SimpleObject};
use authority::Fault;
use flows::device::{self, DeviceRequest};
use model::Uuid;

use super::ApiApplication;
use crate::context::ResolverContext;
use crate::date_time::DateTime;
use crate::id::NodeType;
use crate::row::{FromRow as _, Row};

/// A code that is used by an API Application to request an API Access Token
#[derive(SimpleObject)]
#[graphql(name = "APIAccessTokenCode", complex)]
pub(crate) struct ApiAccessTokenCode {
    application: Option<ApiApplication>,
    /// The time when this code was authorized by a user
    authorized_at: Option<DateTime>,
    /// The IP address of the client that authorized this code
    #[graphql(name = "authorizedIPAddress")]
    authorized_ip_address: Option<String>,
    /// The actual code used to find this API Access Token Code record
    code: String,
    /// The description of the code provided by the API Application
    description: String,
    /// The time when this code will expire
    expires_at: DateTime,
    #[graphql(skip)]
    row: Uuid,
}

#[ComplexObject]
impl ApiAccessTokenCode {
    pub(super) async fn id(&self) -> ID {
        NodeType::AccessTokenCode.id(self.row)
    }
}

impl ApiAccessTokenCode {
    /// Finds the code of a grant, unless the caller may not see it.
    pub(crate) async fn find(resolver: &ResolverContext, id: Uuid) -> Result<Option<Self>, Fault> {
        Self::from_found(device::find(&resolver.ctx, &resolver.caller, id).await)
    }

    /// Finds a code that waits for a decision by what a person typed.
    pub(crate) async fn find_by_code(resolver: &ResolverContext, typed: &str) -> Result<Option<Self>, Fault> {
        Self::from_found(device::find_by_code(&resolver.ctx, typed).await)
    }

    /// The code of a request.
    pub(crate) fn from_request(request: &DeviceRequest) -> Result<Self, Fault> {
        let grant = &request.grant;
        let expires = grant.expire_timestamp;
        let expires = expires
            .ok_or_else(|| Fault::Internal(format!("the device code {} does not expire", grant.id)))?;
        Ok(Self {
            application: Some(ApiApplication::from_row(&Row::from_record(&request.application))?),
            authorized_at: grant.authorized_timestamp.map(DateTime),
            authorized_ip_address: grant.authorized_ip_address.clone(),
            code: request.user_code.expose().to_owned(),
            description: grant.description.clone().unwrap_or_default(),
            expires_at: DateTime(expires),
            row: grant.id,
        })
    }

    /// What cannot be found is null.
    fn from_found(found: Result<DeviceRequest, Fault>) -> Result<Option<Self>, Fault> {
        match found {
            Ok(request) => Self::from_request(&request).map(Some),
            Err(Fault::NotFound(_)) => Ok(None),
            Err(fault) => Err(fault),
        }
    }
}
