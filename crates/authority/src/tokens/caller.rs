use std::sync::Arc;

use grant_state::payload::SignInPayload;
use grant_state::resolved::ResolvedGrant;
use grant_state::state::check_user;
use input::scopes;
use model::Uuid;
use model::entities::User;
use model::query::Actor;
use store::{SessionRow, StoreError, Tx};

use super::audience;
use super::last_use::note_use;
use super::proofs::check_bound;
use super::request_proofs::{PresentedToken, Scheme};
use super::resolve::resolve_valid;
use crate::oidc::step_up;
use crate::{Ctx, Fault, Reason, Scopes, catalogue};

/// The authenticated caller of a request.
#[derive(Clone)]
pub struct Caller {
    /// The user.
    pub user: Arc<User>,
    /// The credential.
    pub credential: Credential,
}

/// The credential of a caller.
#[derive(Clone)]
pub enum Credential {
    /// The token of the request.
    Token(Arc<ResolvedGrant>),
    /// A session of the pages.
    Session(Arc<SessionRow>),
}

/// Returns whether both the application and the user of a token allow basic authentication.
fn allows_basic(live: &ResolvedGrant) -> bool {
    let application = live.application.as_ref();
    application.is_some_and(|client| client.application.basic_authentication_allowed)
        && live.user.as_ref().is_some_and(|user| user.basic_authentication_allowed)
}

impl Caller {
    /// Returns the caller of a bearer token.
    ///
    /// # Errors
    /// Those of [`from_presented`](Self::from_presented).
    pub async fn from_token(ctx: &Ctx, token: &str) -> Result<Self, Fault> {
        Self::from_presented(ctx, &PresentedToken { token: token.into(), scheme: Scheme::Bearer }).await
    }

    /// Returns the caller of a presented token, and records the use of the token.
    ///
    /// # Errors
    /// [`Fault::Unauthenticated`] if the token is not a valid access token, may not be used from this address, or is bound to a
    /// key or certificate that the request does not prove; [`Fault::InvalidDpopProof`] and [`Fault::UseDpopNonce`].
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
        note_use(ctx, &live.grant)?;
        Ok(Self { user: Arc::new(user), credential: Credential::Token(live) })
    }

    /// Returns the caller of a session.
    pub(crate) fn from_session(session: SessionRow, user: User) -> Result<Self, Fault> {
        check_user(&user).map_err(Fault::Unauthenticated)?;
        Ok(Self { user: Arc::new(user), credential: Credential::Session(Arc::new(session)) })
    }

    /// Reads the caller again, for work that lasts longer than a request.
    ///
    /// # Errors
    /// [`Fault::Unauthenticated`] if the token, the session or the user is no longer valid.
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

    /// Runs a verb's work in one transaction on behalf of the caller, which also checks the session or token.
    ///
    /// # Errors
    /// Those of [`Principal::check`](crate::principal::Principal::check) and of the work.
    pub async fn transaction<T: Send + 'static>(
        &self,
        ctx: &Ctx,
        work: impl Fn(&Ctx, &mut Tx<'_>) -> Result<T, Fault> + Send + Sync + 'static,
    ) -> Result<T, Fault> {
        ctx.by(self).transaction(work).await
    }

    /// Returns the session, if the caller is signed in to the pages.
    pub fn session(&self) -> Option<&SessionRow> {
        match &self.credential {
            Credential::Session(session) => Some(session),
            Credential::Token(_) => None,
        }
    }

    /// Returns the token, if the caller has one.
    pub fn token(&self) -> Option<&ResolvedGrant> {
        match &self.credential {
            Credential::Token(live) => Some(live),
            Credential::Session(_) => None,
        }
    }

    /// Returns whether the caller has a scope. A session has all scopes.
    pub fn may(&self, scope: &str) -> bool {
        self.token().is_none_or(|live| live.scopes.contains(scope))
    }

    /// Returns whether the identity of the user may be returned to the caller. For a token of a client, the consent decides
    /// ([`ResolvedGrant::may_identify_user`]).
    pub fn may_identify_user(&self) -> bool {
        self.token().is_none_or(ResolvedGrant::may_identify_user)
    }

    /// Returns those scopes that the caller has, and may pass on.
    pub fn limit(&self, scopes: &Scopes) -> Scopes {
        self.token().map_or_else(|| scopes.clone(), |live| scopes.shared_with(&live.scopes))
    }

    /// Requires a scope, and records that it was used.
    ///
    /// # Errors
    /// [`Fault::InsufficientScope`] if the token lacks it.
    pub fn require(&self, ctx: &Ctx, scope: &str) -> Result<(), Fault> {
        if !self.may(scope) {
            return Err(Fault::InsufficientScope(scope.to_owned()));
        }
        self.note_use(ctx, scope);
        Ok(())
    }

    /// Requires an administrator with the scope `sec` and a sign-in as demanded by the settings.
    ///
    /// # Errors
    /// [`Fault::Forbidden`] for other users; [`Fault::InsufficientScope`] for a token without the scope; those of
    /// [`require_sign_in`](Self::require_sign_in).
    pub fn require_administrator(&self, ctx: &Ctx) -> Result<(), Fault> {
        if !self.user.is_admin {
            return Err(Fault::Forbidden("only an administrator may do this".to_owned()));
        }
        self.require(ctx, scopes::SECURITY)?;
        self.require_sign_in(ctx)
    }

    /// Requires a sign-in as recent and as strong as the settings demand of administrators (RFC 9470). Users that cannot sign in
    /// are exempt: their clients authenticate at each token request.
    ///
    /// # Errors
    /// [`Fault::InsufficientUserAuthentication`].
    pub(crate) fn require_sign_in(&self, ctx: &Ctx) -> Result<(), Fault> {
        if !self.user.user_type.can_sign_in() {
            return Ok(());
        }
        let settings = &ctx.settings().sign_in;
        let of_session = self.session().map(SignInPayload::from_session);
        let of_token = self.token().and_then(|live| live.payload.sign_in.as_ref());
        step_up::check(
            of_session.as_ref().or(of_token),
            settings.administration_acr.as_slice(),
            settings.administration_max_age,
            ctx.now,
        )
    }

    /// Returns whether the caller sees all rows: an administrator with the scope `sec`.
    pub fn sees_all(&self) -> bool {
        self.user.is_admin && self.may(scopes::SECURITY)
    }

    /// Returns the actor of queries. Seeing all rows counts as a use of the scope `sec`.
    pub fn actor(&self, ctx: &Ctx) -> Actor {
        let sees_all = self.sees_all() && self.note_use(ctx, scopes::SECURITY);
        Actor { user: Some(self.user.id), sees_all, now: ctx.now }
    }

    /// Returns whether the caller may manage grants of this user.
    pub fn may_manage(&self, ctx: &Ctx, owner: Option<Uuid>) -> bool {
        owner == Some(self.user.id) || (self.sees_all() && self.note_use(ctx, scopes::SECURITY))
    }

    /// Records the use of a scope.
    fn note_use(&self, ctx: &Ctx, scope: &str) -> bool {
        if let Some(live) = self.token() {
            ctx.authority().last_uses.note(live.grant.id, ctx.now, None, Some(scope));
        }
        true
    }
}
