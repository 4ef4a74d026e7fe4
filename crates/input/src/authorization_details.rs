//! What an application asks for in detail (RFC 9396).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::text::visible;
use crate::{ClientMetadata, Invalid, Params, json};

/// The details of a request or a grant, each an object with a `type` (section 2).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AuthorizationDetails(Vec<Map<String, Value>>);

/// The longest details of one request, in bytes.
const MAX_LENGTH: usize = 8 * 1024;
/// How many there may be.
const MAX_DETAILS: usize = 20;
/// The parameter.
const NAME: &str = "authorization_details";

impl AuthorizationDetails {
    /// Reads the details of a request: objects, each with a `type` (section 2).
    ///
    /// # Errors
    /// [`Invalid::AuthorizationDetails`] where they have another form, or are too many.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let shape = || {
            let message =
                format!("{NAME} is a list of up to {MAX_DETAILS} objects with a type, of {MAX_LENGTH} bytes");
            Invalid::AuthorizationDetails(message)
        };
        if text.len() > MAX_LENGTH {
            return Err(shape());
        }
        let unread = |error| Invalid::AuthorizationDetails(format!("{NAME} cannot be read: {error}"));
        let Value::Array(items) = json::value(text.as_bytes()).map_err(unread)? else { return Err(shape()) };
        let detail = |item| match item {
            Value::Object(members) if kind(&members).is_some() => Ok(members),
            _ => Err(shape()),
        };
        let details = items.into_iter().map(detail).collect::<Result<Vec<_>, _>>()?;
        if (1..=MAX_DETAILS).contains(&details.len()) { Ok(Self(details)) } else { Err(shape()) }
    }

    /// Those that a request has, each of a type that the application registered, and as that type looks.
    ///
    /// # Errors
    /// [`Invalid::AuthorizationDetails`] (section 5).
    pub fn asked(metadata: &ClientMetadata, params: &Params) -> Result<Self, Invalid> {
        let bad = |message: String| Invalid::AuthorizationDetails(message);
        let Some(text) = params.get(NAME) else { return Ok(Self::default()) };
        let read = Self::parse(text)?;
        for detail in &read.0 {
            let kind = kind(detail).ok_or_else(|| bad("details have a type".to_owned()))?;
            if !metadata.authorization_details_types.iter().any(|own| own == kind) {
                return Err(bad("the application has not registered this type of details".to_owned()));
            }
            if let Some(schema) = metadata.authorization_details_schemas.get(kind) {
                // The type itself is known to be right: a schema need not speak of it.
                let rest = detail.iter().filter(|(name, _)| *name != "type");
                let rest = rest.map(|(name, value)| (name.clone(), value.clone())).collect();
                schema.check(kind, &Value::Object(rest)).map_err(bad)?;
            }
        }
        Ok(read)
    }

    /// Those that were agreed on of which a token request asks for some (section 6); all where it names none.
    ///
    /// # Errors
    /// [`Invalid::AuthorizationDetails`] for one that was not agreed on.
    pub fn narrowed(self, metadata: &ClientMetadata, params: &Params) -> Result<Self, Invalid> {
        let asked = Self::asked(metadata, params)?;
        if asked.is_empty() {
            Ok(self)
        } else if self.covers(&asked) {
            Ok(asked)
        } else {
            Err(Invalid::AuthorizationDetails("these details were not agreed on".to_owned()))
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether all of these are among them.
    pub fn covers(&self, asked: &Self) -> bool {
        asked.0.iter().all(|detail| self.0.contains(detail))
    }

    /// Returns each with its type and the other members as text, for the consent page. Characters that hide or turn text are escaped.
    pub fn shown(&self) -> Vec<(String, String)> {
        let shown = |detail: &Map<String, Value>| {
            let kind = kind(detail).unwrap_or("?");
            let mut rest = detail.clone();
            rest.remove("type");
            let text = serde_json::to_string_pretty(&rest).unwrap_or_default();
            (visible(kind, json_escape), visible(&text, json_escape))
        };
        self.0.iter().map(shown).collect()
    }
}

/// The type of a detail, where it has one.
fn kind(detail: &Map<String, Value>) -> Option<&str> {
    detail.get("type").and_then(Value::as_str).filter(|kind| !kind.is_empty())
}

/// A character as JSON escapes it (RFC 8259, section 7).
fn json_escape(letter: char) -> String {
    letter.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::kinds;

    /// Every kind of JSON at every position: what is no list of objects with a type is refused, and never read as if no details
    /// were asked for.
    #[test]
    fn every_kind_at_every_position_is_read_or_refused() {
        type Place = fn(&Value) -> Value;
        type Shape = fn(&Value) -> bool;
        let positions: [(Place, Shape); 5] = [
            (Value::clone, |_| false),
            (|kind| json!([kind]), |_| false),
            (|kind| json!([{"type": "pay"}, kind]), |_| false),
            (|kind| json!([{ "type": kind }]), |kind| *kind == json!("x")),
            (|kind| json!([{"type": "pay", "other": kind}]), |_| true),
        ];
        for (put, is_right) in positions {
            for kind in kinds() {
                let text = put(&kind).to_string();
                match AuthorizationDetails::parse(&text) {
                    Ok(read) => assert!(is_right(&kind) && !read.is_empty(), "{text}"),
                    Err(Invalid::AuthorizationDetails(_)) => assert!(!is_right(&kind), "{text}"),
                    Err(other) => panic!("{text}: {other:?}"),
                }
            }
        }
        let twice = r#"[{"type":"pay","type":"read"}]"#;
        let many = json!(vec![json!({"type": "pay"}); MAX_DETAILS + 1]).to_string();
        let long = json!([{"type": "x".repeat(MAX_LENGTH)}]).to_string();
        for text in ["", "[", "[{\"type\":\"pay\"}]x", twice, &many, &long] {
            assert!(AuthorizationDetails::parse(text).is_err(), "{text}");
        }
    }
}
