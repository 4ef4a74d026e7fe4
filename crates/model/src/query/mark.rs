use super::{Comparison, Condition, Literal, OrderBy, Query};
use crate::{Timestamp, Uuid};

/// What a client has that follows the changes of rows: all that changed up to a moment, and some rows changed since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The moment.
    pub since: Timestamp,
    /// Rows that changed since that moment, with the version in which the client has them or does without them.
    pub known: Vec<(Uuid, i64)>,
}

impl Mark {
    /// The question about the rows that changed since a moment, in the order in which they did.
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
