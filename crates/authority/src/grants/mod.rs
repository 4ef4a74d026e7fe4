//! The ways to obtain a token at the token endpoint, one per file, and the one list of them.

mod access_token;
mod client_credentials;
mod device_code;
mod params;

use std::pin::Pin;
use std::sync::Arc;

use model::entities::TrustedApplication;

use crate::applications::authenticate;
use crate::{ClientCredentials, Ctx, Fault, Issued};

pub(crate) use device_code::DevicePolls;
pub use params::Params;

/// One way to obtain a token.
pub struct GrantType {
    /// The value of `grant_type`.
    pub name: &'static str,
    /// What it is for; product text.
    pub description: &'static str,
    redeem: fn(Ctx, Arc<TrustedApplication>, Arc<Params>) -> Redeeming,
}

type Redeeming = Pin<Box<dyn Future<Output = Result<Issued, Fault>> + Send>>;

/// Every way that is offered: the token endpoint, the metadata and the documents follow this list.
pub const GRANT_TYPES: &[GrantType] = &[client_credentials::GRANT, device_code::GRANT];

/// Answers a token request (RFC 6749, section 3.2).
pub async fn redeem(ctx: &Ctx, credentials: &ClientCredentials, params: Params) -> Result<Issued, Fault> {
    let application = authenticate(ctx, credentials).await?;
    let name = params.required("grant_type")?;
    let grant = GRANT_TYPES.iter().find(|grant| grant.name == name).ok_or(Fault::UnsupportedGrantType)?;
    (grant.redeem)(ctx.clone(), application, Arc::new(params)).await
}
