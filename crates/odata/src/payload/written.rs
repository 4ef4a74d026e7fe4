//! Answers to writes: created rows with their secrets, and errors that concern several members.

use model::query::{BoundQuery, Object};
use model::writing::FieldError;
use model::{Entity, Uuid};

use super::Style;
use crate::json::Json;

/// The annotation with the secret of a new row, which no later answer has.
const SECRET: &str = "@grantor.secret";

impl Style<'_> {
    /// Returns a row that was written, as [`Style::object`], with its secret if it has one.
    pub fn created(self, query: &BoundQuery, select: &str, object: &Object, secret: Option<&str>) -> Vec<u8> {
        let mut row = self.object(query, select, object);
        let Some(secret) = secret else { return row };
        let mut json = Json::default();
        json.open(b'{');
        json.key(SECRET);
        json.text(secret);
        json.close(b'}');
        // The members of the second object continue those of the first.
        if row.pop().is_some() && !row.ends_with(b"{") {
            row.push(b',');
        }
        row.extend_from_slice(json.finish().get(1..).unwrap_or_default());
        row
    }

    /// Returns the identifier and the secret of a new row.
    ///
    /// ```
    /// use model::Uuid;
    /// use odata::negotiate::{JsonForm, Version};
    /// use odata::payload::Style;
    ///
    /// let tokens = model::find_entity("Systems_Security_AccessTokens").expect("an entity");
    /// let root = "https://example.org/";
    /// let style = Style { root, version: Version::V4_0, form: JsonForm::default(), skip_nulls: false };
    /// let json: serde_json::Value = serde_json::from_slice(&style.brief(tokens, Uuid::nil(), "grt_pat_x"))?;
    /// assert_eq!(json["@grantor.secret"], "grt_pat_x");
    /// assert_eq!(json["Id"], "00000000-0000-0000-0000-000000000000");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn brief(self, entity: &Entity, id: Uuid, secret: &str) -> Vec<u8> {
        let mut json = Json::default();
        let set = entity.set_name();
        json.open(b'{');
        self.context(&mut json, &format!("{set}({})/$entity", entity.id().name));
        self.identifier(&mut json, &set, id);
        json.key(entity.id().name);
        json.quoted(id);
        json.key(SECRET);
        json.text(secret);
        json.close(b'}');
        json.finish()
    }
}

/// Returns the body of an error that names several members (OData JSON 4.01, section 21.1).
///
/// ```
/// use model::writing::FieldError;
///
/// let errors = [FieldError::new("Login", "REQUIRED", "a value is needed")];
/// let body = odata::payload::fields_body("BAD_USER_INPUT", "Login: a value is needed", &errors);
/// let json: serde_json::Value = serde_json::from_slice(&body)?;
/// assert_eq!(json["error"]["details"][0]["target"], "Login");
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn fields_body(code: &str, message: &str, errors: &[FieldError]) -> Vec<u8> {
    let mut json = Json::default();
    json.open(b'{');
    json.key("error");
    json.open_value(b'{');
    json.key("code");
    json.text(code);
    json.key("message");
    json.text(message);
    if let [only] = errors {
        json.key("target");
        json.text(&only.target);
    }
    json.key("details");
    json.open_value(b'[');
    for error in errors {
        json.open(b'{');
        json.key("code");
        json.text(error.code);
        json.key("message");
        json.text(&error.message);
        json.key("target");
        json.text(&error.target);
        json.close(b'}');
    }
    json.close(b']');
    json.close(b'}');
    json.close(b'}');
    json.finish()
}

/// Returns the body of an error about a condition that the row does not meet, with the row's version.
pub fn stale_body(code: &str, version: i64) -> Vec<u8> {
    let mut json = Json::default();
    json.open(b'{');
    json.key("error");
    json.open_value(b'{');
    json.key("code");
    json.text(code);
    json.key("message");
    json.text(&format!("the row does not meet the condition of the request: its ObjectVersion is {version}"));
    json.key("target");
    json.text("ObjectVersion");
    json.key("innererror");
    json.open_value(b'{');
    json.key("objectVersion");
    json.bare(version);
    json.close(b'}');
    json.close(b'}');
    json.close(b'}');
    json.finish()
}
