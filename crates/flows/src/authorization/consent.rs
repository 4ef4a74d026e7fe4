//! Consents. A consent is a grant, and the parent of all grants that came from it.

use model::Uuid;
use model::entities::{
    AccessToken, AuditEventType, ClientType, GrantKind, TrustedApplicationAuthorization as Authorization,
};
use store::Tx;
use token::TokenKind;

use super::request::{AuthorizationRequest, Prompt};
use super::terms::Terms;
use authority::registry::audit::{Actor, Event};
use authority::tokens::consents::authorizations;
use authority::tokens::issue::NewGrant;
use authority::{Caller, ConsentPolicy, Ctx, Fault};

/// Returns whether the user has to be asked: there is no consent to all of the request, or the user is asked each time.
pub(super) async fn is_needed(
    ctx: &Ctx,
    request: &AuthorizationRequest,
    caller: &Caller,
) -> Result<bool, Fault> {
    let asked_for = request.prompts.contains(&Prompt::Consent);
    Ok(match request.application.metadata.consent {
        ConsentPolicy::Always => true,
        ConsentPolicy::Once if asked_for || can_be_imitated(request) => true,
        ConsentPolicy::Once => find(ctx, request, caller, &request.terms(ctx, caller)).await?.is_none(),
        ConsentPolicy::Never => asked_for,
    })
}

/// Returns whether any program on the user's computer could impersonate the client: it is public, and its redirect URI is one
/// that every local program can receive (RFC 8252, section 8.6). The user is then asked each time.
fn can_be_imitated(request: &AuthorizationRequest) -> bool {
    request.application.client_type != ClientType::Confidential
        && !request.return_to.redirect_uri.starts_with("https://")
}

/// Finds a consent that includes all of the request.
pub(super) async fn find(
    ctx: &Ctx,
    request: &AuthorizationRequest,
    caller: &Caller,
    asked: &Terms,
) -> Result<Option<Uuid>, Fault> {
    let covers = |consent: &Terms| consent.cover(ctx, asked);
    find_where(ctx, request, caller, covers).await
}

/// Finds a consent with the same terms.
pub(super) async fn find_same(
    ctx: &Ctx,
    request: &AuthorizationRequest,
    caller: &Caller,
    agreed: &Terms,
) -> Result<Option<Uuid>, Fault> {
    let is_same = |consent: &Terms| consent.cover(ctx, agreed) && agreed.cover(ctx, consent);
    find_where(ctx, request, caller, is_same).await
}

async fn find_where(
    ctx: &Ctx,
    request: &AuthorizationRequest,
    caller: &Caller,
    fits: impl Fn(&Terms) -> bool,
) -> Result<Option<Uuid>, Fault> {
    let (user, application) = (caller.user.id, request.application.id);
    let listed = ctx.store().read(move |read| read.list_between(user, application, GrantKind::UserConsent));
    let listed: Vec<AccessToken> = listed.await?;
    for consent in &listed {
        if fits(&Terms::from_consent(ctx, consent)?) {
            return Ok(Some(consent.id));
        }
    }
    Ok(None)
}

/// The rows of a consent.
pub(super) struct Agreement {
    grant: AccessToken,
    granted: Vec<model::entities::AccessTokenScope>,
    authorization: Authorization,
}

impl Agreement {
    pub(super) fn id(&self) -> Uuid {
        self.grant.id
    }

    /// Prepares the rows of the consent. The secret of such a grant is discarded.
    pub(super) fn prepare(
        ctx: &Ctx,
        request: &AuthorizationRequest,
        caller: &Caller,
        terms: &Terms,
    ) -> Result<Self, Fault> {
        let new = NewGrant {
            user: Some(&caller.user),
            payload: terms.payload(),
            session: caller.session().map(|session| session.id.to_string()),
            authorized: Some((ctx.now, ctx.address)),
            ..NewGrant::new(GrantKind::UserConsent, &request.application, terms.scopes.clone())
        };
        let (grant, granted) = new.with_opaque_secret(ctx, TokenKind::ReferenceAccess)?.rows();
        let authorization = Authorization {
            valid_from_utc: Some(ctx.now),
            context_user_id: caller.user.id,
            granting_user_id: caller.user.id,
            trusted_application_id: request.application.id,
            ..Authorization::new(ctx.new_id()?, ctx.now)
        };
        Ok(Self { grant, granted, authorization })
    }

    /// Inserts the rows. A former consent that this one includes stays only as the parent of its grants.
    pub(super) fn add(&self, ctx: &Ctx, tx: &mut Tx<'_>) -> Result<(), Fault> {
        tx.insert_grant(&self.grant, &self.granted)?;
        let event = Event::for_grant(AuditEventType::ConsentGiven, &self.grant)
            .by(Actor::user(self.authorization.granting_user_id));
        event.with("scopes", self.grant.scopes.clone()).note(ctx, tx)?;
        let (user, application) =
            (self.authorization.context_user_id, self.authorization.trusted_application_id);
        if authorizations(tx, user, application)?.is_empty() {
            tx.insert(&self.authorization)?;
        }
        Ok(())
    }
}
