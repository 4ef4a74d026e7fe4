use uuid::Uuid;

use crate::Timestamp;

/// One value of one attribute, as the model, the store and the surfaces pass it on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    /// No value.
    Null,
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Text; the stored code, where the attribute is an enumeration.
    Text(String),
    /// A moment in UTC.
    Time(Timestamp),
    /// An identifier, or the identifier of the row that a reference points to.
    Guid(Uuid),
}

impl Value {
    /// Whether this is [`Value::Null`].
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The identifier, where this is one.
    pub fn as_guid(&self) -> Option<Uuid> {
        match self {
            Self::Guid(id) => Some(*id),
            _ => None,
        }
    }

    /// The text, where this is text.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}
