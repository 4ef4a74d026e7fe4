//! JSON responses (OData JSON format 4.01), in the notation of version 4.0 or 4.01.
//!
//! Two conventions are specific to this product: a reference that is not expanded appears as `{"@odata.id":
//! "Set(<guid>)"}`, and every row carries its `@odata.id` also with minimal metadata.

mod computed;
mod context;
mod error;
mod page;
mod plan;
mod row;
mod written;

use model::query::{BoundQuery, Object};
use model::{Attribute, Entity, Method, Uuid, Value};

pub use context::select_list;
pub use error::error_body;
pub use page::{Links, PageWriter};
pub use row::{etag, odata_id};
pub use written::{fields_body, stale_body};

use crate::control_names::{ControlNames, control_names};
use crate::json::Json;
use crate::metadata::return_type_name;
use crate::negotiate::{JsonForm, MetadataLevel, Version};
use plan::Plan;
use row::write_value;

/// The format of responses.
#[derive(Clone, Copy, Debug)]
pub struct Style<'a> {
    /// The absolute URL of the service, with a trailing slash.
    pub root: &'a str,
    /// The protocol version, which decides the names of control information.
    pub version: Version,
    /// The amount of control information, and the notation of numbers.
    pub form: JsonForm,
    /// Whether properties without a value are omitted.
    pub skip_nulls: bool,
}

/// Approximate size of a row, in bytes.
const ROW: usize = 1024;

impl Style<'_> {
    /// Returns one row. `select` is the result of [`select_list`].
    pub fn object(self, query: &BoundQuery, select: &str, object: &Object) -> Vec<u8> {
        let plan = Plan::new(query);
        let mut json = Json::with_capacity(ROW);
        json.open(b'{');
        self.context(&mut json, &format!("{}{select}/$entity", plan.set));
        self.members(&mut json, &plan, object);
        json.close(b'}');
        json.finish()
    }

    /// Returns the members of a row's object.
    pub(crate) fn members_of(
        self,
        query: &BoundQuery,
        object: &Object,
    ) -> serde_json::Map<String, serde_json::Value> {
        let mut json = Json::with_capacity(ROW);
        json.open(b'{');
        self.members(&mut json, &Plan::new(query), object);
        json.close(b'}');
        // What was written is an object.
        serde_json::from_slice(&json.finish()).unwrap_or_default()
    }

    /// Returns one attribute of a row (`Set(key)/Name`).
    pub fn attribute(self, object: &Object, attribute: &Attribute) -> Vec<u8> {
        let mut json = Json::default();
        json.open(b'{');
        let row = odata_id(&object.entity.set_name(), object.id);
        self.context(&mut json, &format!("{row}/{}", attribute.name));
        self.type_of(&mut json, "", attribute.data_type);
        json.key("value");
        if attribute.column.is_none() {
            json.text(&object.display_text());
        } else {
            write_value(&mut json, attribute.data_type, object.value(attribute.name).unwrap_or(&Value::Null));
        }
        json.close(b'}');
        json.finish()
    }

    /// Returns the identifier of a row (`Set(key)/$ref`, `Set(key)/Reference/$ref`).
    ///
    /// ```
    /// use model::Uuid;
    /// use odata::negotiate::{JsonForm, Version};
    /// use odata::payload::Style;
    ///
    /// let users = model::find_entity("Systems_Security_Users").expect("an entity");
    /// let root = "https://example.org/";
    /// let style = Style { root, version: Version::V4_01, form: JsonForm::default(), skip_nulls: false };
    /// let json: serde_json::Value = serde_json::from_slice(&style.reference(users, Uuid::nil()))?;
    /// assert_eq!(json["@id"], "Systems_Security_Users(00000000-0000-0000-0000-000000000000)");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn reference(self, entity: &Entity, id: Uuid) -> Vec<u8> {
        let mut json = Json::default();
        json.open(b'{');
        self.context(&mut json, "$ref");
        self.identifier(&mut json, &entity.set_name(), id);
        json.close(b'}');
        json.finish()
    }

    /// Returns an empty collection as the result of a function.
    pub fn empty_collection(self, method: &Method) -> Vec<u8> {
        let mut json = Json::default();
        json.open(b'{');
        self.context(&mut json, &return_type_name(method.return_type).unwrap_or_default());
        json.key("value");
        json.open_value(b'[');
        json.close(b']');
        json.close(b'}');
        json.finish()
    }

    fn context(self, json: &mut Json, fragment: &str) {
        if self.form.level != MetadataLevel::None {
            json.key(self.names().context);
            json.text(&format!("{}$metadata#{fragment}", self.root));
        }
    }

    fn names(self) -> &'static ControlNames {
        control_names(self.version)
    }

    /// Writes a number of the type `Int64`.
    fn int64(self, json: &mut Json, value: u64) {
        if self.form.ieee754 {
            json.quoted(value);
        } else {
            json.bare(value);
        }
    }
}

/// Returns the raw value of an attribute (`/$value`); `None` if it is null.
pub fn raw_value(object: &Object, attribute: &Attribute) -> Option<String> {
    if attribute.column.is_none() { Some(object.display_text()) } else { object.text(attribute.name) }
}
