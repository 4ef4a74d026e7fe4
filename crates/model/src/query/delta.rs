use super::{Comparison, Condition, Literal, OrderBy, Query};
use crate::{Timestamp, Uuid};

/// The state of a client that follows the changes of rows: all changes up to a time, and some rows changed
/// since then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeltaState {
    /// Time up to which the client has all changes.
    pub since: Timestamp,
    /// Rows that changed since then, with the version that the client has seen, including rows that it no
    /// longer lists.
    pub known: Vec<(Uuid, i64)>,
}

impl DeltaState {
    /// Returns the query for the rows that changed since a time, in the order of their changes.
    pub fn changed_since(since: Timestamp) -> Query {
        let changed = "AggregateLastUpdateTimeUtc".to_owned();
        let since = Condition::Compare(vec![changed.clone()], Comparison::Gt, Literal::Time(since));
        Query {
            filter: Some(since),
            order_by: vec![OrderBy { name: changed, descending: false }],
            select: vec!["Id".to_owned()],
            ..Query::default()
        }
    }
}
