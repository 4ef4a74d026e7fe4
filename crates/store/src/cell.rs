use model::{DataType, DecodeError, Timestamp, Uuid, Value};

/// A value in a statement or result. Both engines bind and return only these.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cell {
    /// NULL.
    Null,
    /// A Boolean; SQLite returns it as a number.
    Bool(bool),
    /// A number, or a timestamp in microseconds since 1970-01-01T00:00:00Z.
    Int(i64),
    /// Text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// A UUID; SQLite returns it as bytes.
    Uuid(Uuid),
}

impl Cell {
    /// Converts the cell to a value of the model, given the data type of its attribute.
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

/// Converts a value of the model to a parameter of a statement. The data type determines the type of NULL.
pub(crate) fn bound(value: &Value, data_type: DataType) -> sea_query::Value {
    match (value, data_type) {
        (Value::Null, DataType::DateTime | DataType::Int32) => sea_query::Value::BigInt(None),
        (Value::Null, DataType::Guid) => sea_query::Value::Uuid(None),
        (Value::Null, DataType::Bool) => sea_query::Value::Bool(None),
        (value, _) => bound_as_is(value),
    }
}

/// Converts a value that determines its own type to a parameter; null becomes a NULL of type text.
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
