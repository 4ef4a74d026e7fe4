//! What people agreed to, remembered as a grant of its own on which everything hangs that came from it.

use model::Uuid;
use model::entities::{
    AccessToken, AuditEventType, GrantKind, TrustedApplicationAuthorization as Authorization,
};
use store::{Change, Tx};
use token::TokenKind;

use super::request::{AuthorizationRequest, Prompt};
use crate::audit::{Actor, Event};
use crate::issue::NewGrant;
use crate::{Caller, ConsentPolicy, Contents, Ctx, Fault, Scopes};

/// Whether the person has to be asked: they have not agreed to all of this yet, or the application wants it.
pub(super) async fn is_needed(
    ctx: &Ctx,
    request: &AuthorizationRequest,
    caller: &Caller,
) -> Result<bool, Fault> {
    let asked_for = request.prompts.contains(&Prompt::Consent);
    Ok(match request.application.metadata.consent {
        ConsentPolicy::Always => true,
        ConsentPolicy::Once => asked_for || find(ctx, request, caller).await?.is_none(),
        ConsentPolicy::Never => asked_for,
    })
}

/// Finds the consent that covers a request.
pub(super) async fn find(
    ctx: &Ctx,
    request: &AuthorizationRequest,
    caller: &Caller,
) -> Result<Option<Uuid>, Fault> {
    let (user, application) = (caller.user.id, request.application.id);
    let listed = ctx.store().read(move |read| read.list_between(user, application, GrantKind::UserConsent));
    let mut listed: Vec<AccessToken> = listed.await?;
    let asked = request.scopes_of(ctx, caller);
    listed.retain(|consent| covers(consent, &asked));
    for consent in listed {
        if request.details.is_empty()
            || Contents::open(ctx, consent.id, consent.data.as_deref())?.details.covers(&request.details)
        {
            return Ok(Some(consent.id));
        }
    }
    Ok(None)
}

fn covers(consent: &AccessToken, asked: &Scopes) -> bool {
    let agreed = Scopes::stored(consent.scopes.as_deref());
    asked.iter().all(|scope| agreed.contains(scope))
}

/// The rows that say that a person agreed.
pub(super) struct Agreement {
    grant: AccessToken,
    granted: Vec<model::entities::AccessTokenScope>,
    authorization: Authorization,
}

impl Agreement {
    pub(super) fn id(&self) -> Uuid {
        self.grant.id
    }

    /// Prepares them. The secret of such a grant is never given to anybody.
    pub(super) fn prepare(
        ctx: &Ctx,
        request: &AuthorizationRequest,
        caller: &Caller,
        scopes: &Scopes,
    ) -> Result<Self, Fault> {
        let details = request.details.clone();
        let new = NewGrant {
            user: Some(&caller.user),
            contents: (!details.is_empty()).then(|| Contents { details, ..Contents::default() }),
            session: caller.session().map(|session| session.id.to_string()),
            authorized: Some((ctx.now, ctx.address)),
            ..NewGrant::of(GrantKind::UserConsent, &request.application, scopes.clone())
        };
        let (grant, granted) = new.with_opaque_secret(ctx, TokenKind::ReferenceAccess)?.rows();
        let authorization = Authorization {
            id: ctx.new_id()?,
            object_version: 1,
            external_id: None,
            external_system: None,
            updated_at: Some(ctx.now),
            grant_time_utc: ctx.now,
            is_revoked: false,
            notes: None,
            valid_from_utc: Some(ctx.now),
            valid_until_utc: None,
            context_user_id: caller.user.id,
            granting_user_id: caller.user.id,
            trusted_application_id: request.application.id,
        };
        Ok(Self { grant, granted, authorization })
    }

    /// Adds them. What was agreed to before and is now agreed to as well is kept by what hangs on it alone.
    pub(super) fn add(&self, ctx: &Ctx, tx: &mut Tx<'_>) -> Result<(), Fault> {
        tx.insert_grant(&self.grant, &self.granted)?;
        let event = Event::of_grant(AuditEventType::ConsentGiven, &self.grant)
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

/// The authorizations of an application by a user that hold.
fn authorizations(tx: &Tx<'_>, user: Uuid, application: Uuid) -> Result<Vec<Authorization>, Fault> {
    let of_user = model::Value::Guid(user);
    let mut found: Vec<Authorization> = tx.list_by(Authorization::ContextUser, &of_user, 1000)?;
    found.retain(|row| row.trusted_application_id == application && !row.is_revoked);
    Ok(found)
}

/// Notes that a person took back what they had agreed to.
pub(crate) fn withdraw(ctx: &Ctx, tx: &mut Tx<'_>, consent: Uuid) -> Result<(), Fault> {
    let Some(AccessToken { user_id: Some(user), trusted_application_id: Some(application), .. }) =
        tx.find(consent)?
    else {
        return Ok(());
    };
    if !tx.list_between(user, application, GrantKind::UserConsent)?.is_empty() {
        return Ok(());
    }
    for row in authorizations(tx, user, application)? {
        tx.change(Change::of::<Authorization>(row.id, ctx.now).set(Authorization::IsRevoked, &true))?;
    }
    Ok(())
}
