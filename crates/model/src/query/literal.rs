use uuid::Uuid;

use super::QueryError;
use crate::{DataType, Property, Timestamp, Value};

/// A value in a query, before it is converted to the type of an attribute.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// Null.
    Null,
    /// A Boolean.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// Another number, as written.
    Number(String),
    /// Text.
    Text(String),
    /// A UUID.
    Guid(Uuid),
    /// A point in time; a date is its first moment.
    Time(Timestamp),
    /// A member of an enumeration, by name.
    Member(String),
}

impl Literal {
    /// Converts the literal to the type of a property. A reference takes a UUID or the text of an OData id
    /// such as `Systems_Security_Users(…)`.
    pub(super) fn typed(&self, property: Property) -> Result<Value, QueryError> {
        let wrong =
            |expected: String| QueryError::BadValue { property: property.name().to_owned(), expected };
        if let (Property::Reference(reference), Self::Text(text)) = (property, self) {
            let set = reference.target().set_name();
            return parse_odata_id(text, &set)
                .map(Value::Guid)
                .ok_or_else(|| wrong(format!("'{set}(<guid>)'")));
        }
        match (property.data_type(), self) {
            (_, Self::Null) => Ok(Value::Null),
            (DataType::Text, Self::Text(text)) if text.contains('\0') => {
                Err(wrong("text without the character U+0000".to_owned()))
            }
            (DataType::Text, Self::Text(text)) => Ok(Value::Text(text.clone())),
            (DataType::Text, _) => Err(wrong("text in single quotes".to_owned())),
            (DataType::Guid, Self::Guid(id)) => Ok(Value::Guid(*id)),
            (DataType::Guid, Self::Text(text)) => {
                Uuid::parse_str(text).map(Value::Guid).map_err(|_| wrong("a guid".to_owned()))
            }
            (DataType::Guid, _) => Err(wrong("a guid".to_owned())),
            (DataType::DateTime, Self::Time(time)) => Ok(Value::Time(*time)),
            (DataType::DateTime, _) => Err(wrong("a date and time such as 2026-08-01T00:00:00Z".to_owned())),
            (DataType::Int32, Self::Int(number)) => Ok(Value::Int(*number)),
            (DataType::Int32, _) => Err(wrong("a whole number".to_owned())),
            (DataType::Bool, Self::Bool(value)) => Ok(Value::Bool(*value)),
            (DataType::Bool, _) => Err(wrong("true or false".to_owned())),
            (DataType::Enum(kind), Self::Text(name) | Self::Member(name)) => {
                let member = kind.named_or_numbered(name);
                member.map(|member| member.code.value()).ok_or_else(|| wrong(members(kind)))
            }
            (DataType::Enum(kind), _) => Err(wrong(members(kind))),
        }
    }
}

fn members(kind: &crate::EnumType) -> String {
    let names: Vec<_> = kind.members.iter().map(|member| format!("'{}'", member.name)).collect();
    format!("one of {}", names.join(", "))
}

/// Parses an OData id of the given set: `Set(<guid>)`, optionally after a path.
fn parse_odata_id(text: &str, set: &str) -> Option<Uuid> {
    let last = text.rsplit('/').next()?;
    let inner = last.strip_prefix(set)?.strip_prefix('(')?.strip_suffix(')')?;
    Uuid::parse_str(inner).ok()
}
