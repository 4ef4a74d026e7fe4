//! The ways to obtain a token at the token endpoint, one per file, and the one list of them.

mod access_token;
mod client_credentials;
mod device_code;
mod params;

use std::pin::Pin;
use std::sync::Arc;

use crate::applications::authenticate;
use crate::binding::Binding;
use crate::{Client, ClientCredentials, Ctx, Fault, Issued, proofs};

pub(crate) use device_code::DevicePolls;
pub use params::Params;

/// One way to obtain a token.
pub struct GrantType {
    /// The value of `grant_type`.
    pub name: &'static str,
    /// What it is for; product text.
    pub description: &'static str,
    redeem: fn(Ctx, TokenRequest) -> Redeeming,
}

/// A token request whose application has proven who it is.
pub(crate) struct TokenRequest {
    /// The application.
    pub(crate) application: Arc<Client>,
    /// What it asks for.
    pub(crate) params: Params,
    /// What the tokens that it is given are bound to.
    pub(crate) binding: Option<Binding>,
}

type Redeeming = Pin<Box<dyn Future<Output = Result<Issued, Fault>> + Send>>;

/// Every way that is offered: the token endpoint, the metadata and the documents follow this list.
pub const GRANT_TYPES: &[GrantType] = &[client_credentials::GRANT, device_code::GRANT];

/// Answers a token request (RFC 6749, section 3.2).
pub async fn redeem(ctx: &Ctx, credentials: &ClientCredentials, params: Params) -> Result<Issued, Fault> {
    let application = authenticate(ctx, credentials).await?;
    let name = params.required("grant_type")?;
    let grant = GRANT_TYPES.iter().find(|grant| grant.name == name).ok_or(Fault::UnsupportedGrantType)?;
    let binding = proofs::bind(ctx, &application).await?;
    let request = TokenRequest { application, params, binding };
    (grant.redeem)(ctx.clone(), request).await
}
