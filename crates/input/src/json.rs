//! JSON from outside, read strictly: one value, in which no object has a name twice. The parsers of two programs can take
//! different ones of two members with one name (RFC 8259, section 4).

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// Why a text is not read. It has no part of the text, which may be a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// It is not one JSON value, or is nested too deeply.
    #[error("it is not JSON")]
    Malformed,
    /// An object has two members with one name.
    #[error("an object in it has two members with one name")]
    Repeated,
    /// It is another kind of value than an object.
    #[error("it is not a JSON object")]
    NotAnObject,
}

/// Reads a value.
///
/// # Errors
/// [`JsonError::Malformed`] and [`JsonError::Repeated`].
pub fn value(text: &[u8]) -> Result<Value, JsonError> {
    let read = serde_json::from_slice::<Strict>(text);
    read.map(|Strict(value)| value).map_err(|error| {
        // The one error of the visitor's own.
        if error.is_data() { JsonError::Repeated } else { JsonError::Malformed }
    })
}

/// Reads an object.
///
/// # Errors
/// [`JsonError`].
pub fn object(text: &[u8]) -> Result<Map<String, Value>, JsonError> {
    match value(text)? {
        Value::Object(members) => Ok(members),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Err(JsonError::NotAnObject)
        }
    }
}

struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Self)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut read = Vec::new();
        while let Some(Strict(item)) = items.next_element()? {
            read.push(item);
        }
        Ok(read.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut read = Map::new();
        while let Some((name, Strict(value))) = members.next_entry::<String, Strict>()? {
            if read.insert(name, value).is_some() {
                return Err(de::Error::custom("two members have one name"));
            }
        }
        Ok(read.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::kinds;

    #[test]
    fn what_is_read_is_what_serde_reads() {
        for kind in kinds() {
            let text = kind.to_string();
            assert_eq!(value(text.as_bytes()), Ok(kind.clone()), "{text}");
            assert_eq!(object(text.as_bytes()).is_ok(), kind.is_object(), "{text}");
        }
    }

    #[test]
    fn no_name_is_there_twice_and_nothing_follows() {
        let deep = "[".repeat(100_000);
        for (text, error) in [
            (r#"{"a":1,"a":1}"#, JsonError::Repeated),
            (r#"{"a":1,"\u0061":2}"#, JsonError::Repeated),
            (r#"[{"b":{"a":1,"c":2,"a":null}}]"#, JsonError::Repeated),
            ("", JsonError::Malformed),
            ("{}{}", JsonError::Malformed),
            ("{\"a\":1,}", JsonError::Malformed),
            ("1e999", JsonError::Malformed),
            (r#""\ud800""#, JsonError::Malformed),
            (&deep, JsonError::Malformed),
        ] {
            assert_eq!(value(text.as_bytes()), Err(error), "{}", &text[..text.len().min(40)]);
        }
        assert_eq!(value(b"\"\xff\""), Err(JsonError::Malformed));
        assert_eq!(object(b"[]"), Err(JsonError::NotAnObject));
    }
}
