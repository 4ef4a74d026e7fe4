//! The ways to obtain a token at the token endpoint, one per file, and the one list of them.

pub(crate) mod access_token;
mod authorization_code;
mod ciba;
mod client_credentials;
mod device_code;
mod family;
mod jwt_bearer;
mod params;
pub(crate) mod refresh_token;
mod token_exchange;

use std::pin::Pin;
use std::sync::Arc;

use model::Uuid;
use model::entities::AccessToken;
use store::{Change, Tx};
use token::{PlainToken, TokenKind};

use crate::applications::authenticate;
use crate::binding::Binding;
use crate::live::{self, Live};
use crate::{
    AccessSecret, AuthorizationDetails, Client, ClientCredentials, Ctx, Fault, Issued, Reason, proofs,
};

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

impl TokenRequest {
    /// The grant behind a secret that the application presents: one of this kind that it was given itself. Whether it is
    /// still valid is for the grant type to judge.
    ///
    /// # Errors
    /// [`Fault::InvalidRequest`] where the parameter is missing, [`Fault::InvalidGrant`] where there is no such grant.
    async fn presented(&self, ctx: &Ctx, parameter: &str, kind: TokenKind) -> Result<Arc<Live>, Fault> {
        let secret = PlainToken::parse(ctx.authority().prefix(), self.params.required(parameter)?);
        let secret = secret.ok().filter(|secret| secret.kind() == kind);
        let secret = secret.ok_or(Fault::InvalidGrant(Reason::Malformed))?;
        let found = live::find(ctx, secret.hash()).await?.ok_or(Fault::InvalidGrant(Reason::Unknown))?;
        if found.grant.trusted_application_id == Some(self.application.id) {
            Ok(found)
        } else {
            Err(Fault::InvalidGrant(Reason::WrongApplication))
        }
    }
}

/// Uses up a grant that works once, in the transaction that gives what it is exchanged for: of several who try, one succeeds
/// (RFC 6749, section 4.1.2; RFC 8628, section 3.5; OpenID CIBA, section 11).
///
/// # Errors
/// [`Fault::InvalidGrant`] where it was used, revoked or has expired meanwhile.
fn use_up(ctx: &Ctx, tx: &mut Tx<'_>, id: Uuid) -> Result<(), Fault> {
    let consume = Change::new::<AccessToken>(id, ctx.now)
        .set(AccessToken::ConsumedTimestamp, &Some(ctx.now))
        .if_null(AccessToken::ConsumedTimestamp)
        .if_null(AccessToken::RevokedTimestamp)
        .if_after(AccessToken::ExpireTimestamp, ctx.now);
    if tx.change(consume)? { Ok(()) } else { Err(Fault::InvalidGrant(Reason::Consumed)) }
}

type Redeeming = Pin<Box<dyn Future<Output = Result<Redeemed, Fault>> + Send>>;

/// What a token request gives (RFC 6749, section 5.1).
pub struct Redeemed {
    /// The access token.
    pub access: Issued,
    /// The token that gives the next ones.
    pub refresh_token: Option<AccessSecret>,
    /// Who signed in, and how (OpenID Connect Core, section 3.1.3.3).
    pub id_token: Option<String>,
    /// What the access token is, where it was exchanged for another (RFC 8693, section 2.2.1).
    pub issued_token_type: Option<&'static str>,
    /// What it is for in detail (RFC 9396, section 7).
    pub details: AuthorizationDetails,
}

impl From<Issued> for Redeemed {
    fn from(access: Issued) -> Self {
        Self {
            access,
            refresh_token: None,
            id_token: None,
            issued_token_type: None,
            details: AuthorizationDetails::default(),
        }
    }
}

/// Every way that is offered: the token endpoint, the metadata and the documents follow this list.
pub const GRANT_TYPES: &[GrantType] = &[
    authorization_code::GRANT,
    refresh_token::GRANT,
    client_credentials::GRANT,
    device_code::GRANT,
    ciba::GRANT,
    jwt_bearer::GRANT,
    token_exchange::GRANT,
];

/// Answers a token request (RFC 6749, section 3.2).
pub async fn redeem(ctx: &Ctx, credentials: &ClientCredentials, params: Params) -> Result<Redeemed, Fault> {
    let application = authenticate(ctx, credentials).await?;
    let name = params.required("grant_type")?;
    let grant = GRANT_TYPES.iter().find(|grant| grant.name == name).ok_or(Fault::UnsupportedGrantType)?;
    let (ctx, binding) = proofs::bind(ctx, &application)?;
    let request = TokenRequest { application, params, binding };
    let redeemed = (grant.redeem)(ctx.clone(), request).await?;
    // An answer that is given again changes nothing, and takes a proof all the same.
    ctx.use_proof().await?;
    Ok(redeemed)
}
