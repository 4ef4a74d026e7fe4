//! Security events, written in the transaction of the change that they describe.

use grant_state::resolved::ResolvedGrant;
use model::Uuid;
use model::entities::{AccessToken, AuditEvent, AuditEventType, AuditSubject, TrustedApplication};
use serde_json::json;
use store::{RevokedGrant, Tx};

use crate::{Caller, Ctx, Fault};

/// Maximum length of a stored `User-Agent`, in characters.
const MAX_AGENT: usize = 256;

/// The actor of an event: a user, a token, and a client.
#[derive(Clone, Copy, Debug, Default)]
pub struct Actor {
    user: Option<Uuid>,
    grant: Option<Uuid>,
    application: Option<Uuid>,
}

impl Actor {
    /// A user who is signed in to the pages.
    pub const fn user(id: Uuid) -> Self {
        Self { user: Some(id), grant: None, application: None }
    }

    /// An authenticated client.
    pub const fn application(id: Uuid) -> Self {
        Self { user: None, grant: None, application: Some(id) }
    }

    /// A client that presented a token of this user.
    pub const fn with_grant(self, live: &ResolvedGrant) -> Self {
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

/// An event, not yet written.
pub struct Event {
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

    /// An event of a grant.
    pub fn for_grant(event_type: AuditEventType, grant: &AccessToken) -> Self {
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

    /// An event of a user, who is also the actor unless another one is set.
    pub(crate) fn for_user(event_type: AuditEventType, user: Uuid) -> Self {
        Self { owner: Some(user), ..Self::new(event_type, AuditSubject::User) }
    }

    /// An event of a client.
    pub(crate) fn for_client(event_type: AuditEventType, application: &TrustedApplication) -> Self {
        let event =
            Self { application: Some(application.id), ..Self::new(event_type, AuditSubject::Application) };
        event.with("client_id", application.application_uri.as_str())
    }

    /// An event of the catalogue.
    pub(crate) fn for_catalogue(what: &str, name: &str) -> Self {
        Self::new(AuditEventType::CatalogueChanged, AuditSubject::Catalogue).with(what, name)
    }

    /// An event of many grants.
    pub(crate) fn for_revocation(event_type: AuditEventType) -> Self {
        Self::new(event_type, AuditSubject::Grant)
    }

    /// About reading the contents of grants.
    pub(crate) fn for_contents() -> Self {
        Self::new(AuditEventType::ContentsRead, AuditSubject::Grant)
    }

    /// The end of an import.
    pub(crate) fn for_import(by: &Caller) -> Self {
        Self::for_user(AuditEventType::ObjectsImported, by.user.id)
    }

    /// Sets the actor. This is the only place where an event receives a token and a client.
    pub fn by(self, actor: impl Into<Actor>) -> Self {
        Self { actor: actor.into(), ..self }
    }

    /// Sets the user.
    pub fn about(self, user: Uuid) -> Self {
        Self { owner: Some(user), ..self }
    }

    /// Adds a detail, which must not be a secret.
    pub fn with(mut self, name: &str, value: impl Into<serde_json::Value>) -> Self {
        self.data.insert(name.to_owned(), value.into());
        self
    }

    /// Writes the event.
    pub fn note(self, ctx: &Ctx, tx: &mut Tx<'_>) -> Result<(), Fault> {
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

/// Records that a client obtained a grant, if the settings demand it: each costs a row.
pub fn note_issued(
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

/// Records a revocation as one event of the topmost grant.
pub fn note_revoked(
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
