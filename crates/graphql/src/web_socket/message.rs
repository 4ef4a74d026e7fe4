//! The messages of clients, and the codes with which a connection is closed.

use serde::Deserialize;
use serde_json::Value;

/// A message of a client.
#[derive(Deserialize)]
pub(super) struct ClientMessage {
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) id: Option<String>,
    pub(super) payload: Option<Value>,
}

impl ClientMessage {
    /// Reads a message: an object, in which no object has a name twice.
    pub(super) fn read(text: &str) -> Option<Self> {
        let members = authority::json::object(text.as_bytes()).ok()?;
        serde_json::from_value(Value::Object(members)).ok()
    }
}

/// The credentials in the payload of `connection_init`.
#[derive(Default)]
pub(super) struct InitPayload<'a> {
    pub(super) authorization: Option<&'a str>,
    pub(super) csrf: Option<&'a str>,
}

impl<'a> InitPayload<'a> {
    /// Reads a payload. Credentials of another type are refused: without them, those of the headers would be used.
    pub(super) fn read(payload: Option<&'a Value>) -> Result<Self, Close> {
        let members = match payload {
            None | Some(Value::Null) => return Ok(Self::default()),
            Some(Value::Object(members)) => members,
            Some(_) => return Err(Close(4400, "the payload is an object")),
        };
        let text = |name: &str| match members.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.as_str())),
            Some(_) => Err(Close(4400, "'authorization' and 'csrf' are strings")),
        };
        Ok(Self { authorization: text("authorization")?, csrf: text("csrf")? })
    }
}

/// The code and the reason with which a connection is closed.
pub(super) struct Close(pub(super) u16, pub(super) &'static str);
