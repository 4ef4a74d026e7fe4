use model::{DataType, DecodeError, Timestamp, Uuid, Value};

/// One value on its way to or from an engine. Both engines bind and give only these.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cell {
    /// NULL.
    Null,
    /// A truth value; SQLite gives it back as a number.
    Bool(bool),
    /// A number, or a time in microseconds.
    Int(i64),
    /// Text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// An identifier; SQLite gives it back as bytes.
    Uuid(Uuid),
}

impl Cell {
    /// The value as the model has it, by what the model says of its attribute.
    pub(crate) fn into_value(self, data_type: DataType) -> Result<Value, DecodeError> {
        Ok(match (data_type, self) {
            (_, Self::Null) => Value::Null,
            (DataType::DateTime, Self::Int(micros)) => Value::Time(Timestamp::from_micros(micros)),
            (DataType::Bool, Self::Int(number)) => Value::Bool(number != 0),
            (DataType::Bool, Self::Bool(value)) => Value::Bool(value),
            (DataType::Guid, cell) => Value::Guid(cell.uuid()?),
            (DataType::Text | DataType::Enum(_), Self::Text(text)) => Value::Text(text),
            (DataType::Int32 | DataType::Enum(_), Self::Int(number)) => Value::Int(number),
            _ => return Err(DecodeError { expected: "value of the attribute's type" }),
        })
    }

    pub(crate) fn uuid(self) -> Result<Uuid, DecodeError> {
        match self {
            Self::Uuid(id) => Ok(id),
            Self::Bytes(bytes) => Uuid::from_slice(&bytes).map_err(|_| DecodeError { expected: "guid" }),
            _ => Err(DecodeError { expected: "guid" }),
        }
    }

    pub(crate) fn text(self) -> Result<String, DecodeError> {
        match self {
            Self::Text(text) => Ok(text),
            _ => Err(DecodeError { expected: "text" }),
        }
    }

    pub(crate) fn int(self) -> Result<i64, DecodeError> {
        match self {
            Self::Int(number) => Ok(number),
            _ => Err(DecodeError { expected: "number" }),
        }
    }

    pub(crate) fn time(self) -> Result<Timestamp, DecodeError> {
        self.int().map(Timestamp::from_micros)
    }
}

/// A value of the model as a statement binds it. Without a value, the type says which NULL it is.
pub(crate) fn bound(value: &Value, data_type: DataType) -> sea_query::Value {
    match (value, data_type) {
        (Value::Null, DataType::DateTime | DataType::Int32) => sea_query::Value::BigInt(None),
        (Value::Null, DataType::Guid) => sea_query::Value::Uuid(None),
        (Value::Null, DataType::Bool) => sea_query::Value::Bool(None),
        (value, _) => bound_as_is(value),
    }
}

/// A value that says its type by itself; without one, a NULL of text.
pub(crate) fn bound_as_is(value: &Value) -> sea_query::Value {
    match value {
        Value::Null => sea_query::Value::String(None),
        Value::Bool(value) => sea_query::Value::Bool(Some(*value)),
        Value::Int(value) => sea_query::Value::BigInt(Some(*value)),
        Value::Text(value) => sea_query::Value::String(Some(value.clone())),
        Value::Time(value) => sea_query::Value::BigInt(Some(value.micros())),
        Value::Guid(value) => sea_query::Value::Uuid(Some(*value)),
    }
}
