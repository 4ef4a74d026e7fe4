use async_graphql::SimpleObject;
use authority::Fault;
use model::entities::AccessTokenScope;
use model::{Entity, Record as _};

use crate::date_time::DateTime;
use crate::row::{FromRow, Row};

/// A scope of a grant, with the time of its last use
#[derive(SimpleObject)]
pub(crate) struct GrantedScope {
    /// The scope
    scope: String,
    /// The time when a request last needed it
    last_used_at: Option<DateTime>,
}

impl FromRow for GrantedScope {
    const PROPERTIES: &'static [&'static str] = &["Scope", "LastUsedTimestamp"];

    fn entity() -> &'static Entity {
        AccessTokenScope::entity()
    }

    fn from_row(row: &Row) -> Result<Self, Fault> {
        Ok(Self { scope: row.get("Scope")?, last_used_at: row.time("LastUsedTimestamp")? })
    }
}
