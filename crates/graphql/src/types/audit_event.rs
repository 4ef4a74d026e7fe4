use async_graphql::{ComplexObject, Context, ID, Json, SimpleObject};
use authority::Fault;
use model::entities::{self, AuditSubject as Subject};
use model::{Entity, Record as _, Timestamp, Uuid};

use super::{ApiApplication, AuditEventType, AuditSubject, Grant, Node, User};
use crate::context::ResolverContext;
use crate::date_time::DateTime;
use crate::error::{Nullable, nullable};
use crate::id::NodeType;
use crate::model_types::ModelEnum;
use crate::row::{FromRow, Row};

/// A security event, with its actor, subject, time and origin
#[derive(SimpleObject)]
#[graphql(complex)]
pub(crate) struct AuditEvent {
    #[graphql(skip)]
    row: Uuid,
    /// The time of the event
    time: DateTime,
    /// The type of the event
    #[graphql(name = "type")]
    event_type: AuditEventType,
    /// The kind of the subject
    subject_type: AuditSubject,
    /// The origin of the request
    context: AuditEventContext,
    /// Further data, by names that depend on the type; it contains no secrets
    data: Option<Json<serde_json::Value>>,
    #[graphql(skip)]
    actor_id: Option<Uuid>,
    #[graphql(skip)]
    actor_grant_id: Option<Uuid>,
    #[graphql(skip)]
    actor_application_id: Option<Uuid>,
    #[graphql(skip)]
    grant_id: Option<Uuid>,
    #[graphql(skip)]
    user_id: Option<Uuid>,
    #[graphql(skip)]
    application_id: Option<Uuid>,
}

/// The origin of a request
#[derive(SimpleObject)]
struct AuditEventContext {
    /// The IP address
    #[graphql(name = "ipAddress")]
    ip_address: Option<String>,
    /// The user agent of the client
    user_agent: Option<String>,
}

#[ComplexObject]
impl AuditEvent {
    pub(super) async fn id(&self) -> ID {
        NodeType::AuditEvent.id(self.row)
    }

    /// The identifier of the event's row in the registry
    async fn uuid(&self) -> ID {
        self.row.into()
    }

    /// The user who acted; null if the user is unknown, or if no user acted
    async fn actor(&self, context: &Context<'_>) -> Nullable<User> {
        nullable(find_user(context, self.actor_id).await)
    }

    /// The token of the request; null if it had none
    async fn actor_grant(&self, context: &Context<'_>) -> Nullable<Grant> {
        nullable(find_grant(context, self.actor_grant_id).await)
    }

    /// The application that acted: the application of the token, or the client that authenticated itself
    async fn actor_application(&self, context: &Context<'_>) -> Nullable<ApiApplication> {
        nullable(find_application(context, self.actor_application_id).await)
    }

    /// The grant, user or application that the event is about; null if it was deleted, or if the caller may not see it
    async fn subject(&self, context: &Context<'_>) -> Nullable<Node> {
        nullable(self.find_subject(context).await)
    }

    /// The user whose grant, password or factor the event is about
    async fn subject_user(&self, context: &Context<'_>) -> Nullable<User> {
        nullable(find_user(context, self.user_id).await)
    }

    /// The application that the event is about, or the application of the grant
    async fn application(&self, context: &Context<'_>) -> Nullable<ApiApplication> {
        nullable(find_application(context, self.application_id).await)
    }
}

impl AuditEvent {
    async fn find_subject(&self, context: &Context<'_>) -> Result<Option<Node>, Fault> {
        let resolver = ResolverContext::from_context(context)?;
        Ok(match self.subject_type.0 {
            Subject::Grant => Grant::find_referenced(resolver, self.grant_id).await?.map(Node::from),
            Subject::User => User::find_referenced(resolver, self.user_id).await?.map(Node::User),
            Subject::Application => {
                find_application(context, self.application_id).await?.map(Node::Application)
            }
            // The data has its name; the catalogue has no global ids.
            Subject::Catalogue => None,
        })
    }
}

async fn find_user(context: &Context<'_>, id: Option<Uuid>) -> Result<Option<User>, Fault> {
    User::find_referenced(ResolverContext::from_context(context)?, id).await
}

async fn find_grant(context: &Context<'_>, id: Option<Uuid>) -> Result<Option<Grant>, Fault> {
    Grant::find_referenced(ResolverContext::from_context(context)?, id).await
}

async fn find_application(context: &Context<'_>, id: Option<Uuid>) -> Result<Option<ApiApplication>, Fault> {
    ApiApplication::find_referenced(ResolverContext::from_context(context)?, id).await
}

impl FromRow for AuditEvent {
    const PROPERTIES: &'static [&'static str] = &[
        "ActorApplication",
        "ActorGrant",
        "ActorUser",
        "Data",
        "Grant",
        "IPAddress",
        "Subject",
        "SubjectUser",
        "TimeUtc",
        "TrustedApplication",
        "Type",
        "UserAgent",
    ];

    fn entity() -> &'static Entity {
        entities::AuditEvent::entity()
    }

    fn from_row(row: &Row) -> Result<Self, Fault> {
        let data: Option<String> = row.get("Data")?;
        Ok(Self {
            row: row.id(),
            time: DateTime(row.get::<Timestamp>("TimeUtc")?),
            event_type: ModelEnum(row.get("Type")?),
            subject_type: ModelEnum(row.get("Subject")?),
            context: AuditEventContext {
                ip_address: row.get("IPAddress")?,
                user_agent: row.get("UserAgent")?,
            },
            data: data.map(|text| serde_json::from_str(&text)).transpose()?.map(Json),
            actor_id: row.get("ActorUser")?,
            actor_grant_id: row.get("ActorGrant")?,
            actor_application_id: row.get("ActorApplication")?,
            grant_id: row.get("Grant")?,
            user_id: row.get("SubjectUser")?,
            application_id: row.get("TrustedApplication")?,
        })
    }
}
