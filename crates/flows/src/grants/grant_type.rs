use std::pin::Pin;
use std::sync::Arc;

use grant_state::binding::Binding;
use grant_state::resolved::ResolvedGrant;
use token::{PlainToken, TokenKind};

use authority::tokens::resolve;
use authority::{AccessSecret, AuthorizationDetails, Client, Ctx, Fault, Issued, Params, Reason};

/// A grant type.
pub struct GrantType {
    /// The value of `grant_type`.
    pub name: &'static str,
    /// The description; product text.
    pub description: &'static str,
    pub(super) redeem: fn(Ctx, TokenRequest) -> Redeeming,
}

/// A token request of an authenticated client.
pub(crate) struct TokenRequest {
    /// The client.
    pub(crate) application: Arc<Client>,
    /// The parameters.
    pub(crate) params: Params,
    /// The key or certificate to which its tokens are bound.
    pub(crate) binding: Option<Binding>,
}

impl TokenRequest {
    /// Finds the presented grant, which must be of this kind and of the client. The caller checks whether it is valid.
    ///
    /// # Errors
    /// [`Fault::InvalidRequest`] if the parameter is missing; [`Fault::InvalidGrant`] if there is no such grant.
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

/// The response to a token request (RFC 6749, section 5.1).
pub struct Redeemed {
    /// The access token.
    pub access: Issued,
    /// The refresh token.
    pub refresh_token: Option<AccessSecret>,
    /// The ID token (OpenID Connect Core, section 3.1.3.3).
    pub id_token: Option<String>,
    /// The type of the access token, for a token exchange (RFC 8693, section 2.2.1).
    pub issued_token_type: Option<&'static str>,
    /// The `authorization_details` (RFC 9396, section 7).
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
