//! The response to an operation.

use async_graphql::{ServerError, Value};
use authority::Fault;
use serde::ser::{Serialize, SerializeMap as _, Serializer};
use web::rate_limit::Left;

use super::error;

/// The response to an operation (GraphQL, section 7.1).
#[derive(Debug, Default)]
pub(super) struct GraphqlResponse {
    /// The data; absent where the operation was not executed. It is null where a value failed that cannot be null.
    pub(super) data: Option<Value>,
    /// The errors.
    pub(super) errors: Vec<ServerError>,
    /// The cost of the operation and the rest of the rate limit.
    pub(super) cost: Option<CostReport>,
}

/// The cost of an operation, and the rest of the caller's rate limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub(super) struct CostReport {
    /// The cost of the operation.
    pub(super) requested: u64,
    #[serde(flatten)]
    pub(super) budget: Option<Budget>,
}

/// The rest of the caller's rate limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Budget {
    /// The points that are allowed within a minute.
    limit: u64,
    /// How many of them are left.
    remaining: u64,
    /// After how many seconds all of them are left again.
    reset_seconds: u64,
}

impl From<Left> for Budget {
    fn from(Left { limit, remaining, reset_seconds }: Left) -> Self {
        Self { limit, remaining, reset_seconds }
    }
}

impl GraphqlResponse {
    /// Returns the response to an operation that was not executed.
    pub(super) fn refused(error: ServerError) -> Self {
        Self::refusing(vec![error])
    }

    /// Returns the response to an operation that was not executed, with several errors.
    pub(super) fn refusing(errors: Vec<ServerError>) -> Self {
        Self { errors, ..Self::default() }
    }

    /// Returns whether every selected root field is null.
    pub(super) fn has_no_value(&self) -> bool {
        match &self.data {
            Some(Value::Object(members)) => members.values().all(|value| *value == Value::Null),
            Some(data) => *data == Value::Null,
            None => true,
        }
    }
}

impl From<&Fault> for GraphqlResponse {
    fn from(fault: &Fault) -> Self {
        Self::refused(error::from_fault(fault))
    }
}

/// The extensions of a response.
#[derive(serde::Serialize)]
struct Extensions<'a> {
    cost: &'a CostReport,
}

impl Serialize for GraphqlResponse {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(None)?;
        if let Some(data) = &self.data {
            members.serialize_entry("data", data)?;
        }
        if !self.errors.is_empty() {
            members.serialize_entry("errors", &self.errors)?;
        }
        if let Some(cost) = &self.cost {
            members.serialize_entry("extensions", &Extensions { cost })?;
        }
        members.end()
    }
}
