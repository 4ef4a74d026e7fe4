use std::sync::Arc;

use input::scopes;
use model::Uuid;
use model::entities::User;
use model::query::Actor;
use store::{SessionRow, StoreError, Tx};

use super::audience;
use super::payload::SignInPayload;
use super::proofs::check_bound;
use super::request_proofs::{PresentedToken, Scheme};
use super::resolve::resolve_valid;
use super::resolved::ResolvedGrant;
use super::state::check_user;
use crate::oidc::step_up;
use crate::{Ctx, Fault, Reason, Scopes, catalogue};

/// Who asks, how they proved it, and what they may do.
#[derive(Clone)]
pub struct Caller {
    /// The user.
    pub user: Arc<User>,
    /// How they proved who they are.
    pub credential: Credential,
}

/// How a caller proved who they are.
#[derive(Clone)]
pub enum Credential {
    /// By a token that the request carried.
    Token(Arc<ResolvedGrant>),
    /// By being signed in to the pages.
    Session(Arc<SessionRow>),
}

/// Returns whether both the application and the user of a token allow basic authentication.
fn allows_basic(live: &ResolvedGrant) -> bool {
    let application = live.application.as_ref();
    application.is_some_and(|client| client.application.basic_authentication_allowed)
        && live.user.as_ref().is_some_and(|user| user.basic_authentication_allowed)
}

impl Caller {
    /// The caller behind a token that a request carried alone.
    ///
    /// # Errors
    /// As [`from_presented`](Self::from_presented).
    pub async fn from_token(ctx: &Ctx, token: &str) -> Result<Self, Fault> {
        Self::from_presented(ctx, &PresentedToken { token: token.into(), scheme: Scheme::Bearer }).await
    }

    /// The caller behind a token that a request carried; it counts as used.
    ///
    /// # Errors
    /// [`Fault::Unauthenticated`] where the token is not a valid access token that may be used from this address,
    /// or is bound to what the request does not show; [`Fault::InvalidDpopProof`] and [`Fault::UseDpopNonce`].
    pub async fn from_presented(ctx: &Ctx, presented: &PresentedToken) -> Result<Self, Fault> {
        let live = resolve_valid(ctx, presented.token.expose()).await?;
        if !live.is_access_token() {
            return Err(Fault::Unauthenticated(Reason::WrongKind));
        }
        live.check_address(ctx.address).map_err(Fault::Unauthenticated)?;
        if presented.scheme == Scheme::Basic && !allows_basic(&live) {
            return Err(Fault::Unauthenticated(Reason::BasicNotAllowed));
        }
        check_bound(ctx, &live, presented).await?;
        let meant = |service: String| audience::covers(ctx, &live.payload.resources, &service);
        if !ctx.resource().is_none_or(meant) {
            return Err(Fault::Unauthenticated(Reason::WrongAudience));
        }
        let user = live.user.clone().ok_or(Fault::Unauthenticated(Reason::UserInactive))?;
        ctx.authority().last_uses.note(live.grant.id, ctx.now, ctx.address.known(), None);
        Ok(Self { user: Arc::new(user), credential: Credential::Token(live) })
    }

    /// The caller behind a page's session.
    pub(crate) fn from_session(session: SessionRow, user: User) -> Result<Self, Fault> {
        check_user(&user).map_err(Fault::Unauthenticated)?;
        Ok(Self { user: Arc::new(user), credential: Credential::Session(Arc::new(session)) })
    }

    /// The same caller as they are now, for what lasts longer than a request.
    ///
    /// # Errors
    /// [`Fault::Unauthenticated`] where the token, the session or the user is not valid any more.
    pub async fn renewed(&self, ctx: &Ctx) -> Result<Self, Fault> {
        let gone = |reason| Fault::Unauthenticated(reason);
        match &self.credential {
            Credential::Token(live) => {
                let id = live.grant.id;
                let found = ctx.store().read(move |read| read.find_grant_by_id(id)).await?;
                let found = found.ok_or(gone(Reason::Unknown))?;
                let live =
                    ResolvedGrant::new(ctx.keyring(), &*catalogue::at(ctx, found.catalogue).await?, found)?;
                live.check(ctx.now).and_then(|()| live.check_address(ctx.address)).map_err(gone)?;
                let user = live.user.clone().ok_or(gone(Reason::UserInactive))?;
                Ok(Self { user: Arc::new(user), credential: Credential::Token(Arc::new(live)) })
            }
            Credential::Session(session) => {
                let (id, owner, idle) = (session.id, self.user.id, ctx.settings().idle_since(ctx.now));
                let now = ctx.now;
                let found = ctx.store().read(move |read| {
                    let user: Option<User> = read.find(owner)?;
                    Ok::<_, StoreError>((read.list_sessions(owner, now, idle)?, user))
                });
                let (sessions, user) = found.await?;
                let session = sessions.into_iter().find(|session| session.id == id);
                let session = session.ok_or(gone(Reason::Unknown))?;
                Self::from_session(session, user.ok_or(gone(Reason::UserInactive))?)
            }
        }
    }

    /// Runs a verb's work on one transaction on behalf of the caller, whose session or token is checked in it.
    ///
    /// # Errors
    /// As [`Principal::check`](crate::principal::Principal::check), and those of the work.
    pub(crate) async fn transaction<T: Send + 'static>(
        &self,
        ctx: &Ctx,
        work: impl Fn(&Ctx, &mut Tx<'_>) -> Result<T, Fault> + Send + Sync + 'static,
    ) -> Result<T, Fault> {
        ctx.by(self).transaction(work).await
    }

    /// The session, where the caller is signed in to the pages.
    pub fn session(&self) -> Option<&SessionRow> {
        match &self.credential {
            Credential::Session(session) => Some(session),
            Credential::Token(_) => None,
        }
    }

    /// The token, where the request carried one.
    pub fn token(&self) -> Option<&ResolvedGrant> {
        match &self.credential {
            Credential::Token(live) => Some(live),
            Credential::Session(_) => None,
        }
    }

    /// What the caller may do; somebody at a page may do all that they may do at all.
    pub fn may(&self, scope: &str) -> bool {
        self.token().is_none_or(|live| live.scopes.contains(scope))
    }

    /// Returns whether the caller may learn who they are. A token of an application identifies the person only as far as
    /// agreed ([`ResolvedGrant::may_identify_user`]).
    pub fn may_identify_user(&self) -> bool {
        self.token().is_none_or(ResolvedGrant::may_identify_user)
    }

    /// Those of some permissions that the caller has, and so may pass on.
    pub fn limit(&self, scopes: &Scopes) -> Scopes {
        self.token().map_or_else(|| scopes.clone(), |live| scopes.shared_with(&live.scopes))
    }

    /// Asks for a permission, and notes that it was needed.
    ///
    /// # Errors
    /// [`Fault::InsufficientScope`] where the token lacks it.
    pub fn require(&self, ctx: &Ctx, scope: &str) -> Result<(), Fault> {
        if !self.may(scope) {
            return Err(Fault::InsufficientScope(scope.to_owned()));
        }
        self.noted(ctx, scope);
        Ok(())
    }

    /// Asks for an administrator with the security permission, who signed in as the operator wants it.
    ///
    /// # Errors
    /// [`Fault::Forbidden`] for anybody else, [`Fault::InsufficientScope`] for an administrator's lesser token;
    /// as [`require_sign_in`](Self::require_sign_in).
    pub fn require_administrator(&self, ctx: &Ctx) -> Result<(), Fault> {
        if !self.user.is_admin {
            return Err(Fault::Forbidden("only an administrator may do this".to_owned()));
        }
        self.require(ctx, scopes::SECURITY)?;
        self.require_sign_in(ctx)
    }

    /// Asks whoever administers to have signed in as recently and as strongly as the operator wants it (RFC 9470). A user
    /// that cannot sign in is an application, which proves at each token request who it is.
    ///
    /// # Errors
    /// [`Fault::InsufficientUserAuthentication`].
    pub(crate) fn require_sign_in(&self, ctx: &Ctx) -> Result<(), Fault> {
        if !self.user.user_type.can_sign_in() {
            return Ok(());
        }
        let demand = &ctx.settings().administration;
        let of_session = self.session().map(SignInPayload::from_session);
        let of_token = self.token().and_then(|live| live.payload.sign_in.as_ref());
        step_up::check(of_session.as_ref().or(of_token), &demand.acr_values, demand.max_age, ctx.now)
    }

    /// Whether every row may be seen: an administrator with the security permission.
    pub fn sees_all(&self) -> bool {
        self.user.is_admin && self.may(scopes::SECURITY)
    }

    /// For whom queries run. Whoever sees every row needed the security permission for it.
    pub fn actor(&self, ctx: &Ctx) -> Actor {
        Actor { user: Some(self.user.id), sees_all: self.sees_all() && self.noted(ctx, scopes::SECURITY) }
    }

    /// Whether a grant of this user is the caller's business.
    pub(crate) fn may_manage(&self, ctx: &Ctx, owner: Option<Uuid>) -> bool {
        owner == Some(self.user.id) || (self.sees_all() && self.noted(ctx, scopes::SECURITY))
    }

    /// Notes that a permission was needed that the caller has.
    fn noted(&self, ctx: &Ctx, scope: &str) -> bool {
        if let Some(live) = self.token() {
            ctx.authority().last_uses.note(live.grant.id, ctx.now, None, Some(scope));
        }
        true
    }
}
