//! Errors in input values whose types are derived from the model.

use async_graphql::Value;

/// An error in an input value, with its position.
pub(crate) struct InputError {
    /// The path within the value, such as `.owner.active`.
    pub(crate) path: String,
    pub(crate) message: String,
}

impl InputError {
    /// Returns the message for a value of this name.
    pub(crate) fn message_for(&self, name: &str) -> String {
        format!("{name}{}: {}", self.path, self.message)
    }
}

/// Refuses the value at a path.
pub(super) fn input_error<T>(path: &str, message: impl Into<String>) -> Result<T, InputError> {
    Err(InputError { path: path.to_owned(), message: message.into() })
}

/// Refuses a value of another type than its position needs.
pub(super) fn unexpected<T>(path: &str, expected: &str, value: &Value) -> Result<T, InputError> {
    match value {
        Value::Null => {
            input_error(path, format!("expected {expected}, found null; leave the field out instead"))
        }
        other => input_error(path, format!("expected {expected}, found {}", describe(other))),
    }
}

/// Describes a value without repeating what it holds, which may be a secret.
pub(crate) fn describe(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Boolean(value) => value.to_string(),
        Value::Number(_) => "a number".to_owned(),
        Value::String(_) => "a string".to_owned(),
        Value::Enum(name) => format!("the name {name}"),
        Value::List(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
        Value::Binary(_) => "binary data".to_owned(),
    }
}
