use async_graphql::{ID, SimpleObject};
use authority::Fault;
use model::{Uuid, entities};

use super::Row;
use crate::graphql::caller::Asking;
use crate::graphql::id::NodeType;

/// A person, or something as which an application acts
#[derive(SimpleObject)]
pub(in crate::graphql) struct User {
    pub(super) id: ID,
    /// The identifier of the user's row in the registry
    uuid: ID,
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
}

const PROPERTIES: [&str; 5] = ["Login", "Name", "Email", "IsAdmin", "Active"];

impl User {
    /// Finds a user, unless the caller may not see them.
    pub(super) async fn find(asking: &Asking, id: Uuid) -> Result<Option<Self>, Fault> {
        let row = Row::find::<entities::User>(asking, id, &PROPERTIES).await?;
        row.as_ref().map(Self::from_row).transpose()
    }

    /// The user of a row.
    pub(in crate::graphql) fn from_row(row: &Row) -> Result<Self, Fault> {
        Ok(Self {
            id: NodeType::User.id(row.id()),
            uuid: row.id().into(),
            login: row.get("Login")?,
            name: row.get("Name")?,
            email: row.get("Email")?,
            is_admin: row.get("IsAdmin")?,
            active: row.get("Active")?,
        })
    }
}
