//! The limits of documents. Their errors have the same form: `extensions` has the code, the name of the limit, and its
//! value.

use async_graphql::{Pos, ServerError};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smart_default::SmartDefault;

use super::error::code;

/// The code of a document that exceeds a limit.
pub(super) const LIMIT_EXCEEDED: &str = "LIMIT_EXCEEDED";

/// GraphQL
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize, SmartDefault, PartialEq, Eq)]
#[serde(default)]
pub struct Limits {
    /// Maximum cost of a GraphQL operation: objects cost 1, connections multiply.
    #[serde(rename = "graphql_max_cost")]
    #[default = 10_000]
    #[schemars(range(min = 1))]
    pub cost: u64,
    /// Maximum nesting depth of the fields of an operation.
    #[serde(rename = "graphql_max_depth")]
    #[default = 12]
    #[schemars(range(min = 1))]
    pub depth: u64,
    /// Maximum number of tokens in a document.
    #[serde(rename = "graphql_max_tokens")]
    #[default = 4000]
    #[schemars(range(min = 1))]
    pub tokens: u64,
    /// Maximum number of aliases in an operation.
    #[serde(rename = "graphql_max_aliases")]
    #[default = 30]
    pub aliases: u64,
    /// Maximum number of root fields in an operation.
    #[serde(rename = "graphql_max_root_fields")]
    #[default = 20]
    #[schemars(range(min = 1))]
    pub root_fields: u64,
    /// Maximum number of GraphQL requests in one body. With `1`, batches are refused.
    #[serde(rename = "graphql_max_batch")]
    #[default = 1]
    #[schemars(range(min = 1))]
    pub batch: u64,
    /// Timeout of a query, in seconds.
    #[serde(rename = "graphql_timeout")]
    #[default = 10]
    #[schemars(range(min = 1))]
    pub seconds: u64,
    /// Maximum number of open subscriptions per user. With `0`, subscriptions are off.
    #[serde(rename = "graphql_max_subscriptions")]
    #[default = 20]
    pub subscriptions: u64,
    /// Whether introspection of the schema is allowed.
    #[serde(rename = "graphql_introspection")]
    #[default = true]
    pub introspection: bool,
}

/// One limit: how the errors name it, and what it counts.
#[derive(Clone, Copy)]
pub(super) struct Limit {
    pub(super) name: &'static str,
    pub(super) subject: &'static str,
    pub(super) max: u64,
}

impl Limit {
    pub(super) const fn new(name: &'static str, subject: &'static str, max: u64) -> Self {
        Self { name, subject, max }
    }

    /// Refuses what exceeds the limit.
    pub(super) fn check(self, found: u64, pos: Option<Pos>) -> Result<(), ServerError> {
        if found <= self.max {
            return Ok(());
        }
        let message = format!("{} exceeds the limit of {}", self.subject, self.max);
        let mut extensions = code(LIMIT_EXCEEDED);
        extensions.set("limit", self.name);
        extensions.set("maximum", self.max);
        Err(ServerError { extensions: Some(extensions), ..ServerError::new(message, pos) })
    }
}
