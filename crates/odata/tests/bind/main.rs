//! Binding of query texts to queries that the model accepts.

mod conditions;
mod options;
mod refused;

use model::entities::AccessToken;
use model::query::{Actor, Query};
use model::{Record, Timestamp};
use odata::{OdataError, QueryOptions};

/// 2026-08-01T00:00:00Z
const NOW: Timestamp = Timestamp::from_seconds(1_785_542_400);

fn question(query: &str) -> Result<Query, OdataError> {
    let options = QueryOptions::parse(query)?;
    let query = odata::bind(AccessToken::entity(), &options.query, NOW)?;
    query.bind(AccessToken::entity(), Actor::SYSTEM)?;
    Ok(query)
}

/// Returns the filter as a condition of the model, or the error with its status.
fn filter(text: &str) -> String {
    match question(&format!("$filter={text}")) {
        Ok(query) => query.filter.map(|filter| short(&format!("{filter:?}"))).unwrap_or_default(),
        Err(error) => format!("{} {}: {error}", error.kind().status(), error.code()),
    }
}

/// Removes irrelevant parts of the debug notation.
fn short(debug: &str) -> String {
    debug.replace('"', "")
}
