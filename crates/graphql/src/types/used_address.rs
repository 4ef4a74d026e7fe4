use async_graphql::SimpleObject;
use authority::Fault;
use model::entities::AccessTokenAddress;
use model::{Entity, Record as _};

use crate::date_time::DateTime;
use crate::row::{FromRow, Row};

/// An address from which a token was used
#[derive(SimpleObject)]
pub(crate) struct UsedAddress {
    /// The IP address
    address: String,
    /// The time when the token was first used from it
    first_used_at: Option<DateTime>,
    /// The time when the token was last used from it, exact to one hour
    last_used_at: Option<DateTime>,
}

impl FromRow for UsedAddress {
    const PROPERTIES: &'static [&'static str] = &["Address", "FirstUsedTimestamp", "LastUsedTimestamp"];

    fn entity() -> &'static Entity {
        AccessTokenAddress::entity()
    }

    fn from_row(row: &Row) -> Result<Self, Fault> {
        let (first_used_at, last_used_at) = (row.time("FirstUsedTimestamp")?, row.time("LastUsedTimestamp")?);
        Ok(Self { address: row.get("Address")?, first_used_at, last_used_at })
    }
}
