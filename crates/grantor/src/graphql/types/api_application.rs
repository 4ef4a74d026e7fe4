use async_graphql::{ID, SimpleObject};
use authority::Fault;
use model::Uuid;
use model::entities::{ClientType, TrustedApplication};

use super::{ApiApplicationClientType, Row};
use crate::graphql::caller::Asking;
use crate::graphql::id::NodeType;

/// An application that can be granted access
#[derive(SimpleObject)]
#[graphql(name = "APIApplication")]
pub(in crate::graphql) struct ApiApplication {
    /// What the application is, for the people who are asked to trust it
    description: String,
    pub(super) id: ID,
    /// The name of the application
    name: String,
    /// The identifier with which the application presents itself: the client_id of OAuth
    client_id: String,
    /// Whether the application can keep a secret
    client_type: ApiApplicationClientType,
    /// What the application may be granted
    scopes: Vec<String>,
    /// Whether the application may do anything at all
    is_enabled: bool,
}

const PROPERTIES: [&str; 6] = ["ApplicationUri", "ClientType", "Description", "IsEnabled", "Name", "Scope"];

impl ApiApplication {
    /// Finds an application, unless the caller may not see it.
    pub(super) async fn find(asking: &Asking, id: Uuid) -> Result<Option<Self>, Fault> {
        let row = Row::find::<TrustedApplication>(asking, id, &PROPERTIES).await?;
        row.as_ref().map(Self::from_row).transpose()
    }

    /// The application of a row.
    pub(in crate::graphql) fn from_row(row: &Row) -> Result<Self, Fault> {
        Ok(Self {
            description: row.text_or_empty("Description")?,
            id: NodeType::Application.id(row.id()),
            name: row.get("Name")?,
            client_id: row.get("ApplicationUri")?,
            client_type: row.get::<ClientType>("ClientType")?.into(),
            scopes: row.scopes("Scope")?,
            is_enabled: row.get("IsEnabled")?,
        })
    }
}
