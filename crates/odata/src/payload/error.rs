//! Errors as JSON.

use crate::OdataError;
use crate::json::Json;

/// An error as every OData answer has it (OData JSON 4.01, section 21). `position` is a character of the target.
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
    /// The error as the body of an answer.
    pub fn body(&self) -> Vec<u8> {
        error_body(self.code(), &self.to_string(), self.target(), self.position())
    }
}
