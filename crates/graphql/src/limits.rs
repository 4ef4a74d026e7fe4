//! The limits of documents. Their errors have the same form: `extensions` has the code, the name of the limit, and its
//! value.

use async_graphql::{Pos, ServerError};

use super::error::code;

/// The code of a document that exceeds a limit.
pub(super) const LIMIT_EXCEEDED: &str = "LIMIT_EXCEEDED";

/// The limits that the operator sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The cost of an operation.
    pub cost: u64,
    /// The nesting of fields.
    pub depth: u64,
    /// The tokens of a document.
    pub tokens: u64,
    /// The aliases of an operation.
    pub aliases: u64,
    /// The fields of an operation's root.
    pub root_fields: u64,
    /// The requests in one body.
    pub batch: u64,
    /// How long a query may take, in seconds.
    pub seconds: u64,
    /// The subscriptions that one user may have open at a time.
    pub subscriptions: u64,
    /// Whether introspection is allowed.
    pub introspection: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            cost: 10_000,
            depth: 12,
            tokens: 4000,
            aliases: 30,
            root_fields: 20,
            batch: 1,
            seconds: 10,
            subscriptions: 20,
            introspection: true,
        }
    }
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
