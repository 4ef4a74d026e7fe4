use uuid::Uuid;

use crate::{DataType, Timestamp, Value};

/// A stored value is not what the model says its attribute holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the stored value is not a {expected}")]
pub struct DecodeError {
    /// What the attribute holds.
    pub expected: &'static str,
}

/// A Rust type that a record's field may have. The type says the attribute's
/// data type and whether it is nullable, so neither is declared a second time.
pub trait Field: Sized {
    /// The data type of an attribute with such a field.
    const TYPE: DataType;
    /// Whether the attribute may be null.
    const NULLABLE: bool = false;
    /// The value as it is stored.
    fn to_value(&self) -> Value;
    /// The field from a stored value.
    fn from_value(value: Value) -> Result<Self, DecodeError>;
}

macro_rules! field {
    ($ty:ty, $data:ident, $value:ident, $expected:literal) => {
        impl Field for $ty {
            const TYPE: DataType = DataType::$data;
            fn to_value(&self) -> Value {
                Value::$value(self.clone())
            }
            fn from_value(value: Value) -> Result<Self, DecodeError> {
                match value {
                    Value::$value(inner) => Ok(inner),
                    _ => Err(DecodeError { expected: $expected }),
                }
            }
        }
    };
}

field!(String, Text, Text, "text");
field!(bool, Bool, Bool, "truth value");
field!(Timestamp, DateTime, Time, "moment in time");
field!(Uuid, Guid, Guid, "guid");

impl Field for i32 {
    const TYPE: DataType = DataType::Int32;
    fn to_value(&self) -> Value {
        Value::Int(i64::from(*self))
    }
    fn from_value(value: Value) -> Result<Self, DecodeError> {
        let expected = DecodeError { expected: "32-bit number" };
        match value {
            Value::Int(number) => Self::try_from(number).map_err(|_| expected),
            _ => Err(expected),
        }
    }
}

impl<T: Field> Field for Option<T> {
    const TYPE: DataType = T::TYPE;
    const NULLABLE: bool = true;
    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::Null, Field::to_value)
    }
    fn from_value(value: Value) -> Result<Self, DecodeError> {
        if value.is_null() { Ok(None) } else { T::from_value(value).map(Some) }
    }
}
