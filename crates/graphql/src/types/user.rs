use async_graphql::{ComplexObject, Context, ID, OutputType as _, SimpleObject};
use authority::Fault;
use model::entities::{self, AccessToken};
use model::{Entity, Record as _, Timestamp, Uuid};

use super::{Grant, UserType};
use crate::connection::{Connection, ConnectionArguments, children, connections};
use crate::date_time::DateTime;
use crate::id::NodeType;
use crate::model_types::ModelEnum;
use crate::row::{FromRow, Row};

/// A person, or a system user for whom an application acts
#[derive(SimpleObject)]
#[graphql(complex)]
pub(crate) struct User {
    #[graphql(skip)]
    row: Uuid,
    /// The login of the user
    login: String,
    /// The user's name
    name: String,
    /// The e-mail address
    email: Option<String>,
    /// Whether the user administers the system
    is_admin: bool,
    /// Whether the user is active; the tokens of an inactive user are refused
    active: bool,
    /// The type of the user
    user_type: UserType,
    /// The time when the user was added
    created_at: DateTime,
    /// The time when a session or a token of the user was last used, to within a few minutes
    last_seen_at: Option<DateTime>,
}

#[ComplexObject]
impl User {
    pub(super) async fn id(&self) -> ID {
        NodeType::User.id(self.row)
    }

    /// The identifier of the user's row in the registry
    async fn uuid(&self) -> ID {
        self.row.into()
    }

    #[graphql(flatten)]
    async fn connections(&self) -> UserConnections {
        UserConnections(self.row)
    }
}

/// The connections of a user.
struct UserConnections(Uuid);

connections! {
    UserConnections:
    /// The grants that act for the user
    grants: Grant, of AccessToken, by UserConnections::list_grants;
}

impl UserConnections {
    async fn list_grants(
        &self,
        context: &Context<'_>,
        arguments: ConnectionArguments,
    ) -> Result<Connection<Grant>, Fault> {
        children(context, "User", self.0, arguments).await
    }
}

impl FromRow for User {
    const PROPERTIES: &'static [&'static str] =
        &["Active", "CreationTimeUtc", "Email", "IsAdmin", "LastSeenTimestamp", "Login", "Name", "UserType"];

    fn entity() -> &'static Entity {
        entities::User::entity()
    }

    fn from_row(row: &Row) -> Result<Self, Fault> {
        Ok(Self {
            row: row.id(),
            login: row.get("Login")?,
            name: row.get("Name")?,
            email: row.get("Email")?,
            is_admin: row.get("IsAdmin")?,
            active: row.get("Active")?,
            user_type: ModelEnum(row.get("UserType")?),
            created_at: DateTime(row.get::<Timestamp>("CreationTimeUtc")?),
            last_seen_at: row.get::<Option<Timestamp>>("LastSeenTimestamp")?.map(DateTime),
        })
    }
}
