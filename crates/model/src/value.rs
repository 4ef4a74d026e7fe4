use uuid::Uuid;

use crate::Timestamp;

/// A value of an attribute, as exchanged between the model, the store and the surfaces.
///
/// ```
/// use model::Value;
///
/// assert_eq!(Value::Text("read".into()).as_text(), Some("read"));
/// assert_eq!(Value::Int(1).as_text(), None);
/// assert!(Value::Null.is_null());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    /// Null.
    Null,
    /// A Boolean.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// Text; the stored code if the attribute is an enumeration.
    Text(String),
    /// A point in time in UTC.
    Time(Timestamp),
    /// A UUID; for a reference, the identifier of the referenced row.
    Guid(Uuid),
}

impl Value {
    /// Returns whether this is [`Value::Null`].
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Returns the UUID, if this is one.
    pub fn as_guid(&self) -> Option<Uuid> {
        match self {
            Self::Guid(id) => Some(*id),
            _ => None,
        }
    }

    /// Returns the text, if this is text.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}
