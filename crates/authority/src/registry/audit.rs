//! What happened that matters for security, written in the transaction of what happened: a verb notes it in one line.

use grant_state::resolved::ResolvedGrant;
use model::Uuid;
use model::entities::{AccessToken, AuditEvent, AuditEventType, AuditSubject, TrustedApplication};
use serde_json::json;
use store::{RevokedGrant, Tx};

use crate::{Caller, Ctx, Fault};

/// The most that is kept of what a client calls itself, in characters.
const MAX_AGENT: usize = 256;

/// Who did something: a user, the token that the request carried, and the application of that token or that asked.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Actor {
    user: Option<Uuid>,
    grant: Option<Uuid>,
    application: Option<Uuid>,
}

impl Actor {
    /// A user who is signed in to the pages.
    pub(crate) const fn user(id: Uuid) -> Self {
        Self { user: Some(id), grant: None, application: None }
    }

    /// An application that proved who it is.
    pub(crate) const fn application(id: Uuid) -> Self {
        Self { user: None, grant: None, application: Some(id) }
    }

    /// An application that presented a token of this user.
    pub(crate) const fn with_grant(self, live: &ResolvedGrant) -> Self {
        Self { user: live.grant.user_id, grant: Some(live.grant.id), ..self }
    }
}

impl From<&ResolvedGrant> for Actor {
    fn from(live: &ResolvedGrant) -> Self {
        Self { application: live.grant.trusted_application_id, ..Self::default() }.with_grant(live)
    }
}

impl From<&Caller> for Actor {
    fn from(caller: &Caller) -> Self {
        caller.token().map_or_else(|| Self::user(caller.user.id), Self::from)
    }
}

/// An event that is about to be written.
pub(crate) struct Event {
    event_type: AuditEventType,
    subject: AuditSubject,
    actor: Actor,
    owner: Option<Uuid>,
    grant: Option<Uuid>,
    application: Option<Uuid>,
    data: serde_json::Map<String, serde_json::Value>,
}

impl Event {
    fn new(event_type: AuditEventType, subject: AuditSubject) -> Self {
        let data = serde_json::Map::new();
        Self {
            event_type,
            subject,
            actor: Actor::default(),
            owner: None,
            grant: None,
            application: None,
            data,
        }
    }

    /// About a grant.
    pub(crate) fn for_grant(event_type: AuditEventType, grant: &AccessToken) -> Self {
        let event = Self {
            owner: grant.user_id,
            grant: Some(grant.id),
            application: grant.trusted_application_id,
            ..Self::new(event_type, AuditSubject::Grant)
        };
        let event = event.with("kind", grant.kind.code());
        match &grant.description {
            Some(description) => event.with("description", description.as_str()),
            None => event,
        }
    }

    /// About a user, who did it unless something else is said.
    pub(crate) fn for_user(event_type: AuditEventType, user: Uuid) -> Self {
        Self { owner: Some(user), ..Self::new(event_type, AuditSubject::User) }
    }

    /// About an application.
    pub(crate) fn for_client(event_type: AuditEventType, application: &TrustedApplication) -> Self {
        let event =
            Self { application: Some(application.id), ..Self::new(event_type, AuditSubject::Application) };
        event.with("client_id", application.application_uri.as_str())
    }

    /// About what can be granted.
    pub(crate) fn for_catalogue(what: &str, name: &str) -> Self {
        Self::new(AuditEventType::CatalogueChanged, AuditSubject::Catalogue).with(what, name)
    }

    /// About reading the contents of grants.
    pub(crate) fn for_contents() -> Self {
        Self::new(AuditEventType::ContentsRead, AuditSubject::Grant)
    }

    /// Done by somebody. This is the one place where an event learns of a token and an application.
    pub(crate) fn by(self, actor: impl Into<Actor>) -> Self {
        Self { actor: actor.into(), ..self }
    }

    /// Concerning a user.
    pub(crate) fn about(self, user: Uuid) -> Self {
        Self { owner: Some(user), ..self }
    }

    /// With something else that is known. Never a secret.
    pub(crate) fn with(mut self, name: &str, value: impl Into<serde_json::Value>) -> Self {
        self.data.insert(name.to_owned(), value.into());
        self
    }

    /// Writes it.
    pub(crate) fn note(self, ctx: &Ctx, tx: &mut Tx<'_>) -> Result<(), Fault> {
        let data = (!self.data.is_empty()).then(|| serde_json::Value::Object(self.data).to_string());
        Ok(tx.insert(&AuditEvent {
            data,
            ip_address: ctx.address.text(),
            subject: self.subject,
            event_type: self.event_type,
            user_agent: ctx.agent().map(|agent| agent.chars().take(MAX_AGENT).collect()),
            actor_application_id: self.actor.application,
            actor_grant_id: self.actor.grant,
            actor_user_id: self.actor.user,
            grant_id: self.grant,
            subject_user_id: self.owner,
            trusted_application_id: self.application,
            ..AuditEvent::new(ctx.new_id()?, ctx.now)
        })?)
    }
}

/// Notes that an application obtained a grant, where the operator wants that: it is one more row for each.
pub(crate) fn note_issued(
    ctx: &Ctx,
    tx: &mut Tx<'_>,
    by: impl Into<Actor>,
    grant: &AccessToken,
) -> Result<(), Fault> {
    if !ctx.settings().retention.audit_issued_tokens {
        return Ok(());
    }
    Event::for_grant(AuditEventType::TokenIssued, grant).by(by).note(ctx, tx)
}

/// Notes that grants were revoked, as one event about the one that the others came from.
pub(crate) fn note_revoked(
    ctx: &Ctx,
    tx: &mut Tx<'_>,
    by: impl Into<Actor>,
    root: Uuid,
    revoked: &[RevokedGrant],
) -> Result<(), Fault> {
    let (false, Some(grant)) = (revoked.is_empty(), tx.find::<AccessToken>(root)?) else { return Ok(()) };
    let event_type = match grant.kind {
        model::entities::GrantKind::UserConsent => AuditEventType::ConsentWithdrawn,
        _ => AuditEventType::GrantRevoked,
    };
    let reason = grant.revocation_reason.map(|reason| reason.code());
    let event = Event::for_grant(event_type, &grant).by(by);
    event.with("revoked", revoked.len()).with("reason", json!(reason)).note(ctx, tx)
}
