use async_graphql::{ComplexObject, Context, ID, SimpleObject};
use authority::Fault;
use model::entities::{self, AccessToken};
use model::{Entity, Record as _, Timestamp, Uuid};

use super::{DateTime, Grant, Row, Shown, UserType};
use crate::error::{Nullable, nullable};
use crate::id::NodeType;
use crate::question::{Connection, EnumOf, Filter, Order, Paging, asked, children, reference};

/// A person, or something as which an application acts
#[derive(SimpleObject)]
#[graphql(complex)]
pub(crate) struct User {
    #[graphql(skip)]
    row: Uuid,
    /// The name with which the user signs in
    login: String,
    /// The user's name
    name: String,
    /// The e-mail address
    email: Option<String>,
    /// Whether the user administers the system
    is_admin: bool,
    /// Whether the user may do anything at all
    active: bool,
    /// What the user is
    user_type: UserType,
    /// The time when the user was added
    created_at: DateTime,
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

    /// The grants that act as the user
    #[allow(clippy::too_many_arguments, reason = "they are the arguments of connections")]
    async fn grants(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "How many rows from the beginning")] first: Option<i32>,
        #[graphql(desc = "Only rows behind this cursor")] after: Option<String>,
        #[graphql(desc = "How many rows from the end")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor")] before: Option<String>,
        #[graphql(desc = "Which rows")] filter: Option<Filter<AccessToken>>,
        #[graphql(desc = "In which order")] order_by: Option<Vec<Order<AccessToken>>>,
    ) -> Nullable<Connection<Grant>> {
        let paging = Paging { first, after, last, before };
        nullable(grants(context, "User", self.row, filter, order_by, paging).await)
    }
}

/// The grants that refer to a user or an application.
pub(super) async fn grants(
    context: &Context<'_>,
    via: &str,
    owner: Uuid,
    filter: Option<Filter<AccessToken>>,
    order_by: Option<Vec<Order<AccessToken>>>,
    paging: Paging,
) -> Result<Option<Connection<Grant>>, Fault> {
    let via = reference(AccessToken::entity(), via)?;
    children(context, via, owner, asked(filter, order_by), &paging).await.map(Some)
}

impl Shown for User {
    const PROPERTIES: &'static [&'static str] =
        &["Active", "CreationTimeUtc", "Email", "IsAdmin", "Login", "Name", "UserType"];

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
            user_type: EnumOf(row.get("UserType")?),
            created_at: DateTime(row.get::<Timestamp>("CreationTimeUtc")?),
        })
    }
}
