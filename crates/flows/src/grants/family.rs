//! The tokens of a sign-in: access tokens, successive refresh tokens, and ID tokens.

use grant_state::payload::{RefreshPayload, SignInPayload};
use grant_state::resolved::ResolvedGrant;
use input::scopes;
use model::entities::{ClientType, GrantKind, User};
use model::{Timestamp, Uuid};
use store::Tx;
use token::TokenKind;

use super::consume::consume;
use super::grant_type::{Redeemed, TokenRequest};
use authority::oidc::id_token::IdToken;
use authority::oidc::subject::subject;
use authority::registry::audit::{Actor, note_issued};
use authority::tokens::issue::{NewGrant, Prepared};
use authority::tokens::{access_token, audience};
use authority::{
    AuthorizationDetails, Binding, Client, ClientAddress, Ctx, Fault, GrantPayload, Reason, Scopes,
};

/// A sign-in with its tokens, which are all below its first grant.
pub(super) struct Family<'a> {
    pub(super) application: &'a Client,
    pub(super) user: &'a User,
    /// The first grant: revoking it ends the family.
    pub(super) root: Uuid,
    pub(super) scopes: Scopes,
    pub(super) session: Option<String>,
    pub(super) authorized: Option<(Timestamp, ClientAddress)>,
    pub(super) sign_in: Option<SignInPayload>,
    /// The scopes of the consent, which all refresh tokens of the family have.
    pub(super) agreed: Target,
    /// The resource servers and details of the access token.
    pub(super) asked: Target,
    /// The end of the family. A refresh does not change it.
    pub(super) ends: Timestamp,
    /// The refresh token that is replaced.
    pub(super) before: Option<Uuid>,
    /// The idle lifetime of refresh tokens in seconds; that of the type of the client, if absent.
    pub(super) idle: Option<i64>,
    /// The description of the tokens.
    pub(super) description: Option<String>,
    /// The key or certificate to which the tokens are bound.
    pub(super) binding: Option<Binding>,
}

/// The target of tokens: resource servers (RFC 8707) and details (RFC 9396).
#[derive(Clone)]
pub(super) struct Target {
    pub(super) resources: Vec<String>,
    pub(super) details: AuthorizationDetails,
}

impl Target {
    /// Returns the target of a grant.
    pub(super) fn from_payload(payload: &GrantPayload) -> Self {
        Self { resources: payload.resources.clone(), details: payload.details.clone() }
    }

    /// Returns the requested part of the target; all of it, if the request names none.
    ///
    /// # Errors
    /// [`Fault::InvalidTarget`] and [`Fault::InvalidAuthorizationDetails`] outside of the target.
    pub(super) fn narrowed(&self, ctx: &Ctx, request: &TokenRequest) -> Result<Self, Fault> {
        let (application, params) = (&request.application, &request.params);
        Ok(Self {
            resources: audience::narrowed(ctx, application, params, self.resources.clone())?,
            details: self.details.clone().narrowed(&application.metadata, params)?,
        })
    }
}

/// Prepared tokens, not yet written.
pub(super) struct Tokens {
    pub(super) access: Prepared,
    pub(super) refresh: Option<Prepared>,
}

impl<'a> Family<'a> {
    /// Creates the family of a one-time grant that a user authorized. `session` is the session that the sign-in depends on.
    ///
    /// # Errors
    /// [`Fault::InvalidTarget`] and [`Fault::InvalidAuthorizationDetails`] outside of the target of the grant.
    pub(super) fn new(
        ctx: &Ctx,
        request: &'a TokenRequest,
        root: &'a ResolvedGrant,
        payload: &GrantPayload,
        session: Option<String>,
    ) -> Result<Self, Fault> {
        let own = request.application.metadata.refresh_token_absolute_lifetime;
        let agreed = Target::from_payload(payload);
        Ok(Self {
            application: &request.application,
            user: root.user.as_ref().ok_or(Fault::InvalidGrant(Reason::UserInactive))?,
            root: root.grant.id,
            scopes: root.scopes.clone(),
            session,
            authorized: root.authorized(),
            sign_in: payload.sign_in.clone(),
            asked: agreed.narrowed(ctx, request)?,
            agreed,
            ends: ctx.now.plus_seconds(own.unwrap_or(ctx.settings().lifetimes.refresh_absolute_lifetime)),
            before: None,
            idle: None,
            description: root.grant.description.clone(),
            binding: request.binding.clone(),
        })
    }

    /// Issues the first tokens of the family, and consumes the grant with which it begins.
    ///
    /// # Errors
    /// [`Fault::InvalidGrant`] if a concurrent request consumed it.
    pub(super) async fn begin(self, ctx: &Ctx, nonce: Option<&str>) -> Result<Redeemed, Fault> {
        let tokens = self.prepare(ctx, self.scopes.clone())?;
        let id_token = self.id_token(ctx, tokens.access.expose(), nonce)?;
        let (root, insert) = (self.root, tokens.rows());
        ctx.transaction(move |ctx, tx| {
            consume(ctx, tx, root)?;
            insert(ctx, tx)
        })
        .await?;
        Ok(Redeemed { details: self.asked.details, ..tokens.redeemed(id_token) })
    }

    /// Prepares an access token, and with `offline_access` a refresh token to which it belongs.
    pub(super) fn prepare(&self, ctx: &Ctx, access_scopes: Scopes) -> Result<Tokens, Fault> {
        let refresh = self.scopes.contains(scopes::OFFLINE_ACCESS).then(|| self.refresh(ctx)).transpose()?;
        let parent = refresh.as_ref().map_or(self.root, |refresh| refresh.grant.id);
        Ok(Tokens { access: self.access(ctx, access_scopes, parent)?, refresh })
    }

    /// Prepares an access token that belongs to a grant of the family.
    pub(super) fn access(&self, ctx: &Ctx, scopes: Scopes, parent: Uuid) -> Result<Prepared, Fault> {
        let payload = GrantPayload {
            sign_in: self.sign_in.clone(),
            resources: self.asked.resources.clone(),
            details: self.asked.details.clone(),
            ..GrantPayload::default()
        };
        let new = NewGrant {
            expires: Some(ctx.now.plus_seconds(ctx.settings().lifetimes.access_token_lifetime)),
            payload: Some(payload),
            parent: Some(parent),
            ..self.new_grant(GrantKind::ReferenceToken, scopes)
        };
        access_token::prepare(ctx, self.application, new, &subject(ctx, self.application, self.user.id))
    }

    fn refresh(&self, ctx: &Ctx) -> Result<Prepared, Fault> {
        let usual = self.idle.unwrap_or_else(|| match self.application.client_type {
            ClientType::Confidential => ctx.settings().lifetimes.refresh_token_lifetime,
            ClientType::Public | ClientType::None => ctx.settings().lifetimes.public_refresh_token_lifetime,
        });
        let idle = self.application.metadata.refresh_token_lifetime.unwrap_or(usual);
        let payload = GrantPayload {
            sign_in: self.sign_in.clone(),
            resources: self.agreed.resources.clone(),
            details: self.agreed.details.clone(),
            refresh: Some(RefreshPayload { ends: self.ends.seconds(), before: self.before, idle: self.idle }),
            ..GrantPayload::default()
        };
        let new = NewGrant {
            expires: Some(ctx.now.plus_seconds(idle).min(self.ends)),
            payload: Some(payload),
            parent: Some(self.root),
            ..self.new_grant(GrantKind::RefreshToken, self.scopes.clone())
        };
        new.with_opaque_secret(ctx, TokenKind::Refresh)
    }

    /// Access tokens are bound to the key or certificate of the request. So are refresh tokens of public clients (RFC 9449,
    /// section 5).
    fn bound(&self, kind: GrantKind) -> Option<Binding> {
        let by_itself =
            kind == GrantKind::RefreshToken && self.application.client_type == ClientType::Confidential;
        self.binding.clone().filter(|_| !by_itself)
    }

    fn new_grant(&self, kind: GrantKind, scopes: Scopes) -> NewGrant<'_> {
        NewGrant {
            user: Some(self.user),
            description: self.description.clone(),
            session: self.session.clone(),
            authorized: self.authorized,
            binding: self.bound(kind),
            ..NewGrant::new(kind, self.application, scopes)
        }
    }

    /// Signs the ID token of an access token, if the scope `openid` was granted.
    pub(super) fn id_token(
        &self,
        ctx: &Ctx,
        access_token: &str,
        nonce: Option<&str>,
    ) -> Result<Option<String>, Fault> {
        let Some(sign_in) = self.sign_in.as_ref().filter(|_| self.scopes.contains(scopes::OPENID)) else {
            return Ok(None);
        };
        let id_token = IdToken {
            application: self.application,
            user: self.user,
            session: self.session.as_deref(),
            sign_in,
            scopes: &self.scopes,
            nonce,
            access_token,
        };
        id_token.sign(ctx).map(Some)
    }
}

impl Tokens {
    /// Returns the rows to insert, which do not contain the secrets.
    pub(super) fn rows(&self) -> impl Fn(&Ctx, &mut Tx<'_>) -> Result<(), Fault> + Send + Sync + use<> {
        let rows: Vec<_> = self.refresh.iter().chain([&self.access]).map(Prepared::rows).collect();
        move |ctx, tx| {
            rows.iter().try_for_each(|(grant, granted)| {
                let by = grant.trusted_application_id.map(Actor::application).unwrap_or_default();
                tx.insert_grant(grant, granted)?;
                note_issued(ctx, tx, by, grant)
            })
        }
    }

    /// Returns the tokens, after the rows were committed.
    pub(super) fn redeemed(self, id_token: Option<String>) -> Redeemed {
        Redeemed {
            access: self.access.issued(),
            refresh_token: self.refresh.map(|refresh| refresh.issued().secret),
            id_token,
            issued_token_type: None,
            details: AuthorizationDetails::default(),
        }
    }
}
