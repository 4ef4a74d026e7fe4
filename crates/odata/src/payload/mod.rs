//! Answers as JSON (OData JSON format 4.01, with the control information of version 4.0).
//!
//! Two conventions are this product's own: a reference that is not expanded appears as
//! `{"@odata.id": "Set(<guid>)"}`, and every row carries its `@odata.id` also in minimal metadata.

mod context;
mod json;
mod plan;

use model::query::{BoundQuery, Expanded, Object, Page};
use model::{Attribute, DataType, Reference, Uuid, Value};

pub use context::select_list;

use crate::OdataError;
use crate::negotiate::MetadataLevel;
use json::Json;
use plan::{Column, Content, Plan};

/// How answers are written.
#[derive(Clone, Copy, Debug)]
pub struct Style<'a> {
    /// The absolute URL of the service, with a slash at its end.
    pub root: &'a str,
    /// How much control information there is.
    pub level: MetadataLevel,
    /// Whether properties without a value are left out.
    pub skip_nulls: bool,
}

/// About how long a row is, in bytes.
const ROW: usize = 1024;

impl Style<'_> {
    /// A page of rows. `select` is what [`select_list`] gave; `next_link` is the URL of the next page.
    pub fn page(self, query: &BoundQuery, select: &str, page: &Page, next_link: Option<&str>) -> Vec<u8> {
        let plan = Plan::new(query);
        let mut json = Json::with_capacity(ROW * (page.objects.len() + 1));
        json.open(b'{');
        self.context(&mut json, &format!("{}{select}", plan.set));
        if let Some(count) = page.count {
            json.key("@odata.count");
            json.bare(count);
        }
        json.key("value");
        json.open_value(b'[');
        for object in &page.objects {
            json.open(b'{');
            self.members(&mut json, &plan, object);
            json.close(b'}');
        }
        json.close(b']');
        if let Some(link) = next_link {
            json.key("@odata.nextLink");
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
        json.key("value");
        if attribute.column.is_none() {
            json.text(&object.display_text());
        } else {
            write_value(&mut json, attribute.data_type, object.value(attribute.name).unwrap_or(&Value::Null));
        }
        json.close(b'}');
        json.finish()
    }

    /// The identifier of the row that a reference points to (`Set(key)/Reference/$ref`).
    pub fn reference(self, reference: &Reference, id: Uuid) -> Vec<u8> {
        let mut json = Json::default();
        json.open(b'{');
        self.context(&mut json, "$ref");
        json.key("@odata.id");
        json.quoted(odata_id(&reference.target().set_name(), id));
        json.close(b'}');
        json.finish()
    }

    fn context(self, json: &mut Json, fragment: &str) {
        if self.level != MetadataLevel::None {
            json.key("@odata.context");
            json.text(&format!("{}$metadata#{fragment}", self.root));
        }
    }

    fn members(self, json: &mut Json, plan: &Plan, object: &Object) {
        self.control_information(json, plan, object);
        for column in &plan.columns {
            self.property(json, column, object);
        }
        for included in &plan.included {
            let expanded = object.expanded.iter().find(|(name, _)| *name == included.name);
            if let Some((_, expanded)) = expanded {
                self.expanded(json, included.name, &included.plan, expanded);
            }
        }
    }

    fn control_information(self, json: &mut Json, plan: &Plan, object: &Object) {
        if self.level == MetadataLevel::None {
            return;
        }
        let id = odata_id(&plan.set, object.id);
        if self.level == MetadataLevel::Full {
            json.key("@odata.type");
            json.quoted(format_args!("#{}", plan.type_name));
        }
        json.key("@odata.id");
        json.quoted(&id);
        json.key("@odata.etag");
        json.text(&etag(object.version));
        if self.level == MetadataLevel::Full {
            json.key("@odata.editLink");
            json.quoted(&id);
            for name in &plan.links {
                json.key_of(name, "@odata.associationLink");
                json.quoted(format_args!("{id}/{name}/$ref"));
                json.key_of(name, "@odata.navigationLink");
                json.quoted(format_args!("{id}/{name}"));
            }
        }
    }

    fn property(self, json: &mut Json, column: &Column, object: &Object) {
        match &column.content {
            Content::DisplayText => {
                json.key(column.name);
                json.text(&object.display_text());
            }
            Content::Inline(plan) => {
                let expanded = object.expanded.iter().find(|(name, _)| *name == column.name);
                if let Some((_, expanded)) = expanded {
                    self.expanded(json, column.name, plan, expanded);
                }
            }
            content => self.stored(json, column, content, value_of(column, object)),
        }
    }

    fn stored(self, json: &mut Json, column: &Column, content: &Content, value: &Value) {
        if value.is_null() {
            self.null(json, column.name);
            return;
        }
        if let Some(type_name) = column.type_name.as_deref().filter(|_| self.level == MetadataLevel::Full) {
            json.key_of(column.name, "@odata.type");
            json.quoted(type_name);
        }
        json.key(column.name);
        match (content, value) {
            (Content::Link(set), Value::Guid(id)) => {
                json.open_value(b'{');
                json.key("@odata.id");
                json.quoted(format_args!("{set}({id})"));
                json.close(b'}');
            }
            (Content::Value(data_type), value) => write_value(json, *data_type, value),
            _ => json.null(),
        }
    }

    fn null(self, json: &mut Json, name: &str) {
        if !self.skip_nulls {
            json.key(name);
            json.null();
        }
    }

    fn expanded(self, json: &mut Json, name: &str, plan: &Plan, expanded: &Expanded) {
        match expanded {
            Expanded::One(None) => self.null(json, name),
            Expanded::One(Some(object)) => {
                json.key(name);
                json.open_value(b'{');
                self.members(json, plan, object);
                json.close(b'}');
            }
            Expanded::Many(objects, count) => {
                if let Some(count) = count {
                    json.key_of(name, "@odata.count");
                    json.bare(count);
                }
                json.key(name);
                json.open_value(b'[');
                for object in objects {
                    json.open(b'{');
                    self.members(json, plan, object);
                    json.close(b'}');
                }
                json.close(b']');
            }
        }
    }
}

/// The identifier of a row in payloads, relative to the service root: `Set(<guid>)`.
pub fn odata_id(set: &str, id: Uuid) -> String {
    format!("{set}({id})")
}

/// The entity tag of a row that was changed so many times.
pub fn etag(version: i64) -> String {
    format!("W/\"{version}\"")
}

/// The bare value of an attribute (`/$value`); none where it is null.
pub fn raw_value(object: &Object, attribute: &Attribute) -> Option<String> {
    if attribute.column.is_none() { Some(object.display_text()) } else { object.text(attribute.name) }
}

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

/// The value of a column: where the query fetched it, or wherever it is.
fn value_of<'o>(column: &Column, object: &'o Object) -> &'o Value {
    match object.values.get(column.index) {
        Some((property, value)) if property.name() == column.name => value,
        _ => object.value(column.name).unwrap_or(&Value::Null),
    }
}

fn write_value(json: &mut Json, data_type: DataType, value: &Value) {
    match (data_type, value) {
        (_, Value::Null) => json.null(),
        (DataType::Enum(kind), value) => match (kind.stored(value), value) {
            (Some(member), _) => json.quoted(member.name),
            // A member that a newer version added: its code is better than nothing.
            (None, Value::Text(code)) => json.text(code),
            (None, _) => json.null(),
        },
        (_, Value::Bool(value)) => json.bare(value),
        (_, Value::Int(value)) => json.bare(value),
        (_, Value::Text(text)) => json.text(text),
        (_, Value::Time(time)) => json.quoted(time),
        (_, Value::Guid(id)) => json.quoted(id),
    }
}
