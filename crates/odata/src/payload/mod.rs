//! Answers as JSON (OData JSON format 4.01), with the names of version 4.0 or 4.01.
//!
//! Two conventions are this product's own: a reference that is not expanded appears as
//! `{"@odata.id": "Set(<guid>)"}`, and every row carries its `@odata.id` also in minimal metadata.

mod computed;
mod context;
mod error;
mod page;
mod plan;
mod row;

use model::query::{BoundQuery, Object};
use model::{Attribute, Entity, Method, Uuid, Value};

pub use context::select_list;
pub use error::error_body;
pub use page::{Links, PageWriter};
pub use row::{etag, odata_id};

use crate::control_names::{ControlNames, control_names};
use crate::json::Json;
use crate::metadata::return_type_name;
use crate::negotiate::{JsonForm, MetadataLevel, Version};
use plan::Plan;
use row::write_value;

/// How answers are written.
#[derive(Clone, Copy, Debug)]
pub struct Style<'a> {
    /// The absolute URL of the service, with a slash at its end.
    pub root: &'a str,
    /// The version of the protocol, which decides how control information is called.
    pub version: Version,
    /// How much control information there is, and how long numbers are written.
    pub form: JsonForm,
    /// Whether properties without a value are left out.
    pub skip_nulls: bool,
}

/// About how long a row is, in bytes.
const ROW: usize = 1024;

impl Style<'_> {
    /// One row.
    pub fn object(self, query: &BoundQuery, select: &str, object: &Object) -> Vec<u8> {
        let plan = Plan::new(query);
        let mut json = Json::with_capacity(ROW);
        json.open(b'{');
        self.context(&mut json, &format!("{}{select}/$entity", plan.set));
        self.members(&mut json, &plan, object);
        json.close(b'}');
        json.finish()
    }

    /// One attribute of a row (`Set(key)/Name`).
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

    /// The identifier of a row (`Set(key)/$ref`, `Set(key)/Reference/$ref`).
    pub fn reference(self, entity: &Entity, id: Uuid) -> Vec<u8> {
        let mut json = Json::default();
        json.open(b'{');
        self.context(&mut json, "$ref");
        self.identifier(&mut json, &entity.set_name(), id);
        json.close(b'}');
        json.finish()
    }

    /// The answer of a function that gives a collection, where there is nothing to give.
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

    /// A number of the type `Int64`.
    fn int64(self, json: &mut Json, value: u64) {
        if self.form.ieee754 {
            json.quoted(value);
        } else {
            json.bare(value);
        }
    }
}

/// The bare value of an attribute (`/$value`); none where it is null.
pub fn raw_value(object: &Object, attribute: &Attribute) -> Option<String> {
    if attribute.column.is_none() { Some(object.display_text()) } else { object.text(attribute.name) }
}
