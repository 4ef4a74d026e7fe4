use uuid::Uuid;

use crate::{DataType, Default, Timestamp, Value};

/// A stored value does not have the data type of its attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the stored value is not a {expected}")]
pub struct DecodeError {
    /// Data type of the attribute.
    pub expected: &'static str,
}

/// A Rust type of a record's field. It determines the data type and nullability of the attribute, so that
/// neither is declared twice.
///
/// ```
/// use model::{Field, Value};
///
/// assert_eq!(Some(7).to_value(), Value::Int(7));
/// assert_eq!(Option::<String>::from_value(Value::Null), Ok(None));
/// assert_eq!(Option::<i32>::initial(None, model::Timestamp::from_seconds(0)), None);
/// assert_eq!(i32::from_value(Value::Null).unwrap_err().expected, "32-bit number");
/// ```
pub trait Field: Sized {
    /// Data type of the attribute.
    const TYPE: DataType;
    /// Whether the attribute may be null.
    const NULLABLE: bool = false;
    /// Returns the value in a row that is created at `now`: the default, or else the empty value of the type.
    fn initial(default: Option<Default>, now: Timestamp) -> Self;
    /// Returns the value to store.
    fn to_value(&self) -> Value;
    /// Reads the field from a stored value.
    fn from_value(value: Value) -> Result<Self, DecodeError>;
}

macro_rules! field {
    ($ty:ty, $data:ident, $value:ident, $expected:literal, $initial:expr) => {
        impl Field for $ty {
            const TYPE: DataType = DataType::$data;
            fn initial(default: Option<Default>, now: Timestamp) -> Self {
                let initial: fn(Option<Default>, Timestamp) -> Self = $initial;
                initial(default, now)
            }
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

field!(String, Text, Text, "text", |_, _| Self::new());
field!(bool, Bool, Bool, "truth value", |default, _| default == Some(Default::Bool(true)));
field!(Timestamp, DateTime, Time, "moment in time", |_, now| now);
field!(Uuid, Guid, Guid, "guid", |_, _| Self::nil());

impl Field for i32 {
    const TYPE: DataType = DataType::Int32;
    fn initial(default: Option<Default>, _: Timestamp) -> Self {
        match default {
            Some(Default::Int(number)) => Self::try_from(number).unwrap_or_default(),
            _ => 0,
        }
    }
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
    fn initial(default: Option<Default>, now: Timestamp) -> Self {
        default.map(|default| T::initial(Some(default), now))
    }
    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::Null, Field::to_value)
    }
    fn from_value(value: Value) -> Result<Self, DecodeError> {
        if value.is_null() { Ok(None) } else { T::from_value(value).map(Some) }
    }
}
