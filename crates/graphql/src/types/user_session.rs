use async_graphql::{ID, SimpleObject};
use store::SessionRow;

use crate::date_time::DateTime;

/// Somewhere where a user is signed in to the pages
#[derive(SimpleObject)]
pub(crate) struct UserSession {
    /// The identifier of the session
    uuid: ID,
    /// The IP address from which the user signed in
    ip_address: String,
    /// What the browser calls itself
    user_agent: String,
    /// When the session began
    created_at: DateTime,
    /// When the user last proved who they are
    authenticated_at: DateTime,
    /// How they proved it (RFC 8176)
    methods: Vec<String>,
    /// When the session was last used
    last_seen_at: DateTime,
    /// When the session ends at the latest
    expires_at: DateTime,
}

impl From<SessionRow> for UserSession {
    fn from(session: SessionRow) -> Self {
        Self {
            uuid: session.id.into(),
            ip_address: session.address,
            user_agent: session.browser,
            created_at: DateTime(session.created_at),
            authenticated_at: DateTime(session.authenticated_at),
            methods: session.methods.split(' ').map(str::to_owned).collect(),
            last_seen_at: DateTime(session.last_seen_at),
            expires_at: DateTime(session.expires_at),
        }
    }
}
