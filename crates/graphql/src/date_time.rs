use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use model::Timestamp;

/// A moment.
#[derive(Clone, Copy)]
pub(crate) struct DateTime(pub(crate) Timestamp);

/// A date and time as RFC 3339 writes it, such as `2026-08-01T00:00:00Z`. Responses are in UTC.
#[Scalar(name = "DateTime", specified_by_url = "https://www.rfc-editor.org/rfc/rfc3339")]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::String(text) => Ok(Self(Timestamp::parse(text)?)),
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn is_valid(value: &Value) -> bool {
        matches!(value, Value::String(_))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}
