//! JSON errors.

use crate::OdataError;
use crate::json::Json;

/// Returns the JSON body of an error (OData JSON 4.01, section 21). `position` is a character index in
/// `target`.
///
/// ```
/// let body = odata::payload::error_body("BadOption", "'$top' takes a number", Some("$top"), None);
/// let json: serde_json::Value = serde_json::from_slice(&body)?;
/// assert_eq!(json["error"]["target"], "$top");
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn error_body(code: &str, message: &str, target: Option<&str>, position: Option<usize>) -> Vec<u8> {
    let mut json = Json::default();
    json.open(b'{');
    json.key("error");
    json.open_value(b'{');
    json.key("code");
    json.text(code);
    json.key("message");
    json.text(message);
    if let Some(target) = target {
        json.key("target");
        json.text(target);
    }
    if let Some(position) = position {
        json.key("innererror");
        json.open_value(b'{');
        json.key("position");
        json.bare(position);
        json.close(b'}');
    }
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
    /// assert_eq!(json["error"]["innererror"]["position"], 0);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn body(&self) -> Vec<u8> {
        error_body(self.code(), &self.to_string(), self.target(), self.position())
    }
}
