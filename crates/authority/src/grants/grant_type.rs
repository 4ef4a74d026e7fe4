use std::pin::Pin;
use std::sync::Arc;

use grant_state::binding::Binding;
use grant_state::resolved::ResolvedGrant;
use token::{PlainToken, TokenKind};

use crate::tokens::resolve;
use crate::{AccessSecret, AuthorizationDetails, Client, Ctx, Fault, Issued, Params, Reason};

/// One way to obtain a token.
pub struct GrantType {
    /// The value of `grant_type`.
    pub name: &'static str,
    /// What it is for; product text.
    pub description: &'static str,
    pub(super) redeem: fn(Ctx, TokenRequest) -> Redeeming,
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
    pub(super) async fn presented(
        &self,
        ctx: &Ctx,
        parameter: &str,
        kind: TokenKind,
    ) -> Result<Arc<ResolvedGrant>, Fault> {
        let secret = PlainToken::parse(ctx.authority().prefix(), self.params.required(parameter)?);
        let secret = secret.ok().filter(|secret| secret.kind() == kind);
        let secret = secret.ok_or(Fault::InvalidGrant(Reason::Malformed))?;
        let found = resolve::find(ctx, secret.hash()).await?.ok_or(Fault::InvalidGrant(Reason::Unknown))?;
        if found.grant.trusted_application_id == Some(self.application.id) {
            Ok(found)
        } else {
            Err(Fault::InvalidGrant(Reason::WrongApplication))
        }
    }
}

pub(super) type Redeeming = Pin<Box<dyn Future<Output = Result<Redeemed, Fault>> + Send>>;

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
