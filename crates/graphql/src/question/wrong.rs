//! Errors in input values that the model gives their shape.

use async_graphql::Value;

/// What is wrong in an input value, and where in it.
pub(crate) struct Wrong {
    /// The path within the value, such as `.owner.active`.
    pub(crate) path: String,
    pub(crate) message: String,
}

impl Wrong {
    /// The words for an error about a value of this name.
    pub(crate) fn told(&self, name: &str) -> String {
        format!("{name}{}: {}", self.path, self.message)
    }
}

/// Refuses the value at a path.
pub(super) fn wrong<T>(path: &str, message: impl Into<String>) -> Result<T, Wrong> {
    Err(Wrong { path: path.to_owned(), message: message.into() })
}

/// Refuses a value that has not the shape of its place.
pub(super) fn unexpected<T>(path: &str, expected: &str, value: &Value) -> Result<T, Wrong> {
    match value {
        Value::Null => {
            wrong(path, format!("expected {expected}, found null; leave the field out to say nothing"))
        }
        other => wrong(path, format!("expected {expected}, found {}", crate::input::kind_of(other))),
    }
}
