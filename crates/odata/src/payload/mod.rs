//! Answers as JSON (OData JSON format 4.01), with the names of version 4.0 or 4.01.
//!
//! Two conventions are this product's own: a reference that is not expanded appears as
//! `{"@odata.id": "Set(<guid>)"}`, and every row carries its `@odata.id` also in minimal metadata.

mod computed;
mod context;
mod error;
mod names;
mod plan;
mod row;

use model::query::{BoundQuery, Object, Page};
use model::{Attribute, Entity, Uuid, Value};

pub use context::select_list;
pub use error::error_body;
pub(crate) use names::control_names;
pub use row::{etag, odata_id};

use crate::json::Json;
use crate::negotiate::{JsonForm, MetadataLevel, Version};
use names::ControlNames;
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
    /// A page of rows. `select` is what [`select_list`] gave; `next_link` is the URL of the next page.
    pub fn page(self, query: &BoundQuery, select: &str, page: &Page, next_link: Option<&str>) -> Vec<u8> {
        let plan = Plan::new(query);
        let context = format!("{}{select}", plan.set);
        self.collection(&context, page, next_link, |json, object| self.members(json, &plan, object))
    }

    /// The identifiers of a page of rows (`Set/$ref`).
    pub fn references(self, query: &BoundQuery, page: &Page, next_link: Option<&str>) -> Vec<u8> {
        let set = query.entity().set_name();
        self.collection("Collection($ref)", page, next_link, |json, object| {
            json.key(self.names().id);
            json.quoted(odata_id(&set, object.id));
        })
    }

    fn collection(
        self,
        context: &str,
        page: &Page,
        next_link: Option<&str>,
        members: impl Fn(&mut Json, &Object),
    ) -> Vec<u8> {
        let mut json = Json::with_capacity(ROW * (page.objects.len() + 1));
        json.open(b'{');
        self.context(&mut json, context);
        if let Some(count) = page.count {
            json.key(self.names().count);
            self.int64(&mut json, count);
        }
        json.key("value");
        json.open_value(b'[');
        for object in &page.objects {
            json.open(b'{');
            members(&mut json, object);
            json.close(b'}');
        }
        json.close(b']');
        if let Some(link) = next_link {
            json.key(self.names().next_link);
            json.text(link);
        }
        json.close(b'}');
        json.finish()
    }

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
        json.key(self.names().id);
        json.quoted(odata_id(&entity.set_name(), id));
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
