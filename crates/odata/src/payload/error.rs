//! JSON errors.

use model::Message;

use crate::OdataError;
use crate::json::Json;

/// Returns the JSON body of an error (OData JSON 4.01, section 21).
///
/// ```
/// let body = odata::payload::error_body("BAD_OPTION", "'$top' takes a number", Some("$top"), None);
/// let json: serde_json::Value = serde_json::from_slice(&body)?;
/// assert_eq!(json["error"]["target"], "$top");
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn error_body(code: &str, message: &str, target: Option<&str>, position: Option<usize>) -> Vec<u8> {
    body(code, &Message::plain(message.to_owned()), target, position)
}

/// Writes an error. `innererror` has the message as a format with its parameters, and the position as a character index
/// in `target`.
fn body(code: &str, message: &Message, target: Option<&str>, position: Option<usize>) -> Vec<u8> {
    let mut json = Json::default();
    json.open(b'{');
    json.key("error");
    json.open_value(b'{');
    json.key("code");
    json.text(code);
    json.key("message");
    json.text(&message.to_string());
    if let Some(target) = target {
        json.key("target");
        json.text(target);
    }
    json.key("innererror");
    json.open_value(b'{');
    if let Some(position) = position {
        json.key("position");
        json.bare(position);
    }
    json.key("messageFormat");
    json.text(&message.format);
    json.key("parameters");
    json.open_value(b'[');
    for parameter in &message.parameters {
        json.item(parameter);
    }
    json.close(b']');
    json.close(b'}');
    json.close(b'}');
    json.close(b'}');
    json.finish()
}

impl OdataError {
    /// Returns the error as a JSON response body.
    ///
    /// ```
    /// let error = odata::QueryOptions::parse("$top=x").unwrap_err();
    /// let json: serde_json::Value = serde_json::from_slice(&error.body())?;
    /// let inner = &json["error"]["innererror"];
    /// assert_eq!((&inner["position"], &inner["messageFormat"]), (&0.into(), &"{0}, character {1}: {2}".into()));
    /// assert_eq!(inner["parameters"][0], "$top");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn body(&self) -> Vec<u8> {
        body(self.code(), &self.message(), self.target(), self.position())
    }
}
