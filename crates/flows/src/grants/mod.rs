//! The grant types of the token endpoint, one per file, and their list.

mod authorization_code;
mod ciba;
mod client_credentials;
mod consume;
mod device_code;
mod family;
mod grant_type;
mod jwt_bearer;
pub(crate) mod refresh_token;
mod token_exchange;

use authority::clients::authenticate::authenticate;
use authority::tokens::proofs;
use authority::{ClientCredentials, Ctx, Fault, Params};
use grant_type::TokenRequest;
pub use grant_type::{GrantType, Redeemed};

/// All grant types. The token endpoint, the metadata and the reference use this list.
pub const GRANT_TYPES: &[GrantType] = &[
    authorization_code::GRANT,
    refresh_token::GRANT,
    client_credentials::GRANT,
    device_code::GRANT,
    ciba::GRANT,
    jwt_bearer::GRANT,
    token_exchange::GRANT,
];

/// Processes a token request (RFC 6749, section 3.2).
pub async fn redeem(ctx: &Ctx, credentials: &ClientCredentials, params: Params) -> Result<Redeemed, Fault> {
    let (acting, application) = authenticate(ctx, credentials).await?;
    let name = params.required("grant_type")?;
    let grant = GRANT_TYPES.iter().find(|grant| grant.name == name).ok_or(Fault::UnsupportedGrantType)?;
    let (ctx, binding) = proofs::bind(&acting, &application)?;
    let request = TokenRequest { application, params, binding };
    let redeemed = (grant.redeem)(ctx.clone(), request).await?;
    // A repeated response writes nothing, but consumes a proof as well.
    ctx.consume_proof().await?;
    Ok(redeemed)
}
