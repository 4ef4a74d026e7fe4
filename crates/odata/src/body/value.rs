//! JSON values as values of the model (OData JSON 4.01, section 7.1).

use model::writing::{FieldError, codes};
use model::{Attribute, DataType, EnumType, Timestamp, Uuid, Value};
use serde_json::Value as Json;

/// Converts a JSON value to the type of an attribute.
///
/// ```
/// use model::Value;
/// use odata::body::typed;
///
/// let users = model::find_entity("Systems_Security_Users").expect("an entity");
/// let active = users.attribute("Active").expect("an attribute");
/// assert_eq!(typed(active, &true.into()), Ok(Value::Bool(true)));
/// assert_eq!(typed(active, &1.into()).unwrap_err().code, "BAD_VALUE");
/// ```
///
/// # Errors
/// [`FieldError`] for a value of another type.
pub fn typed(attribute: &Attribute, json: &Json) -> Result<Value, FieldError> {
    let wrong =
        |expected: &str| FieldError::new(attribute.name, codes::BAD_VALUE, format!("{expected} is expected"));
    match (attribute.data_type, json) {
        (_, Json::Null) => Ok(Value::Null),
        (DataType::Text, Json::String(text)) if text.contains('\0') => {
            Err(wrong("a text without the character U+0000"))
        }
        (DataType::Text, Json::String(text)) => Ok(Value::Text(text.clone())),
        (DataType::Text, _) => Err(wrong("a text")),
        (DataType::DateTime, Json::String(text)) => Timestamp::parse(text)
            .map(Value::Time)
            .map_err(|_| wrong("a date and time such as \"2026-08-01T00:00:00Z\"")),
        (DataType::DateTime, _) => Err(wrong("a date and time such as \"2026-08-01T00:00:00Z\"")),
        (DataType::Guid, Json::String(text)) => {
            Uuid::parse_str(text).map(Value::Guid).map_err(|_| wrong("a guid"))
        }
        (DataType::Guid, _) => Err(wrong("a guid")),
        (DataType::Int32, Json::Number(number)) => number
            .as_i64()
            .filter(|number| i32::try_from(*number).is_ok())
            .map(Value::Int)
            .ok_or_else(|| wrong("a whole number of 32 bits")),
        (DataType::Int32, _) => Err(wrong("a whole number")),
        (DataType::Bool, Json::Bool(value)) => Ok(Value::Bool(*value)),
        (DataType::Bool, _) => Err(wrong("true or false")),
        (DataType::Enum(kind), Json::String(name)) => {
            kind.member(name).map(|member| member.code.value()).ok_or_else(|| wrong(&members(kind)))
        }
        (DataType::Enum(kind), _) => Err(wrong(&members(kind))),
    }
}

fn members(kind: &EnumType) -> String {
    let names: Vec<_> = kind.members.iter().map(|member| format!("\"{}\"", member.name)).collect();
    format!("one of {}", names.join(", "))
}
