//! What is answered to one operation.

use async_graphql::{ServerError, Value};
use authority::Fault;
use serde::ser::{Serialize, SerializeMap as _, Serializer};
use web::rate_limit::Left;

use super::error;

/// The answer to an operation (GraphQL, section 7.1).
#[derive(Debug, Default)]
pub(super) struct GraphqlResponse {
    /// The data; absent where the operation was not executed. It is null where a value failed that cannot be null.
    pub(super) data: Option<Value>,
    /// What failed.
    pub(super) errors: Vec<ServerError>,
    /// What the operation cost, and how much is left.
    pub(super) cost: Option<CostReport>,
}

/// What an operation costs, and what is left of the caller's rate limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub(super) struct CostReport {
    /// The cost of the operation.
    pub(super) requested: u64,
    #[serde(flatten)]
    pub(super) budget: Option<Budget>,
}

/// What is left of the caller's rate limit.
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
    /// The operation was not executed.
    pub(super) fn refused(error: ServerError) -> Self {
        Self::refusing(vec![error])
    }

    /// The operation was not executed, for several reasons.
    pub(super) fn refusing(errors: Vec<ServerError>) -> Self {
        Self { errors, ..Self::default() }
    }

    /// Whether a fault stands for everything that was asked for.
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

/// What an answer tells besides data and errors.
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
