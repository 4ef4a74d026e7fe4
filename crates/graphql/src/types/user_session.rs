use async_graphql::{ID, SimpleObject};
use store::SessionRow;

use crate::date_time::DateTime;

/// A session of a user at the pages
#[derive(SimpleObject)]
pub(crate) struct UserSession {
    /// The identifier of the session
    uuid: ID,
    /// The IP address from which the user signed in
    ip_address: String,
    /// The user agent of the browser
    user_agent: String,
    /// The time when the session began
    created_at: DateTime,
    /// The time of the last authentication
    authenticated_at: DateTime,
    /// The methods of that authentication (RFC 8176)
    methods: Vec<String>,
    /// The time when the session was last used
    last_seen_at: DateTime,
    /// The time when the session ends at the latest
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
