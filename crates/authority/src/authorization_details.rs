//! What an application asks for in detail (RFC 9396).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::grants::Params;
use crate::text::visible;
use crate::{Client, Fault};

/// The details of a request or a grant, each an object with a `type` (section 2).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AuthorizationDetails(Vec<Map<String, Value>>);

/// The longest details of one request, in bytes.
const LONGEST: usize = 8 * 1024;
/// How many there may be.
const MOST: usize = 20;
/// The parameter.
const NAME: &str = "authorization_details";

impl AuthorizationDetails {
    /// Those that a request has, each of a type that the application registered, and as that type looks.
    ///
    /// # Errors
    /// [`Fault::InvalidAuthorizationDetails`] (section 5).
    pub(crate) fn asked(application: &Client, params: &Params) -> Result<Self, Fault> {
        let bad = |message: String| Fault::InvalidAuthorizationDetails(message);
        let Some(text) = params.get(NAME) else { return Ok(Self::default()) };
        let read: Option<Self> = (text.len() <= LONGEST).then(|| serde_json::from_str(text).ok()).flatten();
        let read = read.filter(|read| (1..=MOST).contains(&read.0.len()));
        let read =
            read.ok_or_else(|| bad(format!("{NAME} is a list of up to {MOST} objects, of {LONGEST} bytes")))?;
        let metadata = &application.metadata;
        for detail in &read.0 {
            let kind = detail.get("type").and_then(Value::as_str).unwrap_or_default();
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
    /// [`Fault::InvalidAuthorizationDetails`] for one that was not agreed on.
    pub(crate) fn narrowed(self, application: &Client, params: &Params) -> Result<Self, Fault> {
        let asked = Self::asked(application, params)?;
        if asked.is_empty() {
            Ok(self)
        } else if self.covers(&asked) {
            Ok(asked)
        } else {
            Err(Fault::InvalidAuthorizationDetails("these details were not agreed on".to_owned()))
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether all of these are among them.
    pub(crate) fn covers(&self, asked: &Self) -> bool {
        asked.0.iter().all(|detail| self.0.contains(detail))
    }

    /// Each with its type and the rest as text, for the person who is asked. Characters that hide or turn text are escaped.
    pub fn shown(&self) -> Vec<(String, String)> {
        let shown = |detail: &Map<String, Value>| {
            let kind = detail.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
            let mut rest = detail.clone();
            rest.remove("type");
            let text = serde_json::to_string_pretty(&rest).unwrap_or_default();
            (visible(&kind, json_escape), visible(&text, json_escape))
        };
        self.0.iter().map(shown).collect()
    }
}

/// A character as JSON escapes it (RFC 8259, section 7).
fn json_escape(letter: char) -> String {
    letter.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect()
}
