//! The tokens that come from one sign-in: access tokens, refresh tokens one after the other, ID tokens.

use grant_state::payload::{RefreshPayload, SignInPayload};
use grant_state::resolved::ResolvedGrant;
use input::scopes;
use model::entities::{ClientType, GrantKind, User};
use model::{Timestamp, Uuid};
use store::Tx;
use token::TokenKind;

use super::consume::consume;
use super::grant_type::{Redeemed, TokenRequest};
use crate::oidc::id_token::IdToken;
use crate::oidc::subject::subject;
use crate::registry::audit::{Actor, note_issued};
use crate::tokens::issue::{NewGrant, Prepared};
use crate::tokens::{access_token, audience};
use crate::{AuthorizationDetails, Binding, Client, ClientAddress, Ctx, Fault, GrantPayload, Reason, Scopes};

/// A sign-in from which tokens come, all of them below the grant that began it.
pub(super) struct Family<'a> {
    pub(super) application: &'a Client,
    pub(super) user: &'a User,
    /// The grant that began it: revoking it ends the family.
    pub(super) root: Uuid,
    pub(super) scopes: Scopes,
    pub(super) session: Option<String>,
    pub(super) authorized: Option<(Timestamp, ClientAddress)>,
    pub(super) sign_in: Option<SignInPayload>,
    /// What was agreed on: every refresh token of the family keeps all of it.
    pub(super) agreed: Target,
    /// What of it the access token is for.
    pub(super) asked: Target,
    /// When it ends, however often it is refreshed.
    pub(super) ends: Timestamp,
    /// The refresh token in whose place a new one comes.
    pub(super) before: Option<Uuid>,
    /// How long a refresh token may wait to be used, in seconds; as the kind of its application says where there is none.
    pub(super) idle: Option<i64>,
    /// What the application says that the tokens are for.
    pub(super) description: Option<String>,
    /// What the tokens are bound to.
    pub(super) binding: Option<Binding>,
}

/// What tokens are for: services (RFC 8707), and details (RFC 9396).
#[derive(Clone)]
pub(super) struct Target {
    pub(super) resources: Vec<String>,
    pub(super) details: AuthorizationDetails,
}

impl Target {
    /// What a grant was agreed on for.
    pub(super) fn from_payload(payload: &GrantPayload) -> Self {
        Self { resources: payload.resources.clone(), details: payload.details.clone() }
    }

    /// What of it a request asks for; all where it names nothing.
    ///
    /// # Errors
    /// [`Fault::InvalidTarget`] and [`Fault::InvalidAuthorizationDetails`] for what was not agreed on.
    pub(super) fn narrowed(&self, ctx: &Ctx, request: &TokenRequest) -> Result<Self, Fault> {
        let (application, params) = (&request.application, &request.params);
        Ok(Self {
            resources: audience::narrowed(ctx, application, params, self.resources.clone())?,
            details: self.details.clone().narrowed(&application.metadata, params)?,
        })
    }
}

/// Tokens that are about to be given.
pub(super) struct Tokens {
    pub(super) access: Prepared,
    pub(super) refresh: Option<Prepared>,
}

impl<'a> Family<'a> {
    /// The family that begins with a grant that a person authorized and that works once. `session` is where they are signed in by it.
    ///
    /// # Errors
    /// [`Fault::InvalidTarget`] and [`Fault::InvalidAuthorizationDetails`] for what was not agreed on.
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

    /// Gives the first tokens of the family, and uses up what it begins with.
    ///
    /// # Errors
    /// [`Fault::InvalidGrant`] where somebody else was faster.
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

    /// Access tokens are bound to what the request shows. So are refresh tokens of applications that have nothing else
    /// to prove who they are (RFC 9449, section 5).
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

    /// The ID token beside an access token, where the application signs people in by OpenID Connect.
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
    /// What enters the transaction: everything but the secrets.
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

    /// Once the rows have been committed.
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
