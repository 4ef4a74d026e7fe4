//! Schemas of `authorization_details`: a subset of JSON Schema. A registration with another keyword is refused, because the
//! keyword would have no effect.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A schema for a JSON value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Schema {
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    kind: Option<Kind>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    properties: BTreeMap<String, Schema>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    required: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    additional_properties: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    items: Option<Box<Schema>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_items: Option<usize>,
    #[serde(rename = "enum", skip_serializing_if = "Option::is_none")]
    one_of: Option<Vec<Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_length: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    minimum: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    maximum: Option<i64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Object,
    Array,
    String,
    Number,
    Integer,
    Boolean,
}

impl Kind {
    fn fits(self, value: &Value) -> bool {
        match self {
            Self::Object => value.is_object(),
            Self::Array => value.is_array(),
            Self::String => value.is_string(),
            Self::Number => value.is_number(),
            Self::Integer => value.is_i64() || value.is_u64(),
            Self::Boolean => value.is_boolean(),
        }
    }
}

impl Schema {
    /// Whether a value is as it should be.
    ///
    /// # Errors
    /// Says where it is not; `at` is what the value is called.
    pub fn check(&self, at: &str, value: &Value) -> Result<(), String> {
        if self.kind.is_some_and(|kind| !kind.fits(value)) {
            return Err(format!("'{at}' has another type"));
        }
        if self.one_of.as_ref().is_some_and(|all| !all.contains(value)) {
            return Err(format!("'{at}' is none of the values that it can have"));
        }
        match value {
            Value::Object(members) => self.check_members(at, members),
            Value::Array(items) => self.check_items(at, items),
            Value::String(text) if self.max_length.is_some_and(|most| text.chars().count() > most) => {
                Err(format!("'{at}' is too long"))
            }
            Value::Number(number) => self.check_number(at, number),
            _ => Ok(()),
        }
    }

    fn check_members(&self, at: &str, members: &Map<String, Value>) -> Result<(), String> {
        if let Some(missing) = self.required.iter().find(|name| !members.contains_key(*name)) {
            return Err(format!("'{at}.{missing}' is missing"));
        }
        members.iter().try_for_each(|(name, value)| match self.properties.get(name) {
            Some(schema) => schema.check(&format!("{at}.{name}"), value),
            None if self.additional_properties == Some(false) => Err(format!("'{at}' has a member too many")),
            None => Ok(()),
        })
    }

    fn check_items(&self, at: &str, items: &[Value]) -> Result<(), String> {
        if self.max_items.is_some_and(|most| items.len() > most) {
            return Err(format!("'{at}' has too many items"));
        }
        let Some(schema) = &self.items else { return Ok(()) };
        items.iter().enumerate().try_for_each(|(index, item)| schema.check(&format!("{at}[{index}]"), item))
    }

    #[allow(clippy::cast_precision_loss, reason = "a bound need not be exact beyond 2^53")]
    fn check_number(&self, at: &str, number: &serde_json::Number) -> Result<(), String> {
        let number = number.as_f64().unwrap_or(f64::NAN);
        let fits = self.minimum.is_none_or(|least| number >= least as f64)
            && self.maximum.is_none_or(|most| number <= most as f64);
        if fits { Ok(()) } else { Err(format!("'{at}' is out of range")) }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn says_where_a_value_is_not_as_it_should_be() {
        let schema: Schema = serde_json::from_value(json!({
            "type": "object", "required": ["to"], "additionalProperties": false,
            "properties": {
                "to": {"type": "string", "maxLength": 3},
                "sum": {"type": "integer", "minimum": 1, "maximum": 9},
                "how": {"enum": ["now", 1]},
                "all": {"type": "array", "maxItems": 1, "items": {"type": "boolean"}},
            },
        }))
        .unwrap();
        for good in [json!({"to": "x"}), json!({"to": "xyz", "sum": 9, "how": 1, "all": [true]})] {
            assert_eq!(schema.check("pay", &good), Ok(()));
        }
        for (bad, named) in [
            (json!([]), "'pay'"),
            (json!({}), "'pay.to'"),
            (json!({"to": 1}), "'pay.to'"),
            (json!({"to": "four"}), "'pay.to'"),
            (json!({"to": "x", "sum": 0}), "'pay.sum'"),
            (json!({"to": "x", "sum": 10}), "'pay.sum'"),
            (json!({"to": "x", "sum": 1.5}), "'pay.sum'"),
            (json!({"to": "x", "how": "later"}), "'pay.how'"),
            (json!({"to": "x", "all": [1]}), "'pay.all[0]'"),
            (json!({"to": "x", "all": [true, true]}), "'pay.all'"),
            (json!({"to": "x", "more": 1}), "'pay'"),
        ] {
            let error = schema.check("pay", &bad).unwrap_err();
            assert!(error.contains(named), "{bad}: {error}");
        }
        assert!(serde_json::from_value::<Schema>(json!({"pattern": "x"})).is_err());
    }
}
