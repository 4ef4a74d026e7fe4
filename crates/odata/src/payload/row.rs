//! Rows: control information, properties and expanded rows.

use model::DataType;
use model::query::{Expanded, Object};
use model::{Uuid, Value};

use super::Style;
use super::plan::{Column, Content, Plan, Rows};
use crate::json::Json;
use crate::negotiate::MetadataLevel;

impl Style<'_> {
    /// Writes the members of a row's JSON object.
    pub(super) fn members(self, json: &mut Json, plan: &Plan, object: &Object) {
        self.control_information(json, plan, object);
        for column in &plan.columns {
            self.property(json, column, object);
        }
        for computation in &plan.computed {
            self.computed(json, &computation.name, &computation.formula.value(object));
        }
        for included in &plan.included {
            let expanded = object.expanded.iter().find(|(name, _)| *name == included.name);
            if let Some((_, expanded)) = expanded {
                self.expanded(json, included.name, &included.rows, expanded);
            }
        }
    }

    fn control_information(self, json: &mut Json, plan: &Plan, object: &Object) {
        if self.form.level == MetadataLevel::None {
            return;
        }
        let names = self.names();
        let id = odata_id(&plan.set, object.id);
        if self.form.level == MetadataLevel::Full {
            json.key(names.type_name);
            json.quoted(format_args!("#{}", plan.type_name));
        }
        json.key(names.id);
        json.quoted(&id);
        json.key(names.etag);
        json.text(&etag(object.version));
        if self.form.level == MetadataLevel::Full {
            json.key(names.edit_link);
            json.quoted(&id);
            for name in &plan.links {
                json.key_of(name, names.association_link);
                json.quoted(format_args!("{id}/{name}/$ref"));
                json.key_of(name, names.navigation_link);
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
            Content::Inline(rows) => {
                let expanded = object.expanded.iter().find(|(name, _)| *name == column.name);
                if let Some((_, expanded)) = expanded {
                    self.expanded(json, column.name, rows, expanded);
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
        match (content, value) {
            (Content::Link(set), Value::Guid(id)) => {
                json.key(column.name);
                json.open_value(b'{');
                self.identifier(json, set, *id);
                json.close(b'}');
            }
            (Content::Value(data_type), value) => {
                self.type_of(json, column.name, *data_type);
                json.key(column.name);
                write_value(json, *data_type, value);
            }
            _ => self.null(json, column.name),
        }
    }

    /// Writes the type of a property, or of the object itself if `property` is empty; nothing if JSON implies
    /// it (OData JSON 4.01, section 4.6.3).
    pub(super) fn type_of(self, json: &mut Json, property: &str, data_type: DataType) {
        if self.form.level != MetadataLevel::Full {
            return;
        }
        let names = self.names();
        match data_type {
            DataType::Text | DataType::Bool => {}
            other => {
                let full = crate::metadata::type_name(other);
                json.key_of(property, names.type_name);
                match full.strip_prefix("Edm.") {
                    Some(name) => json.quoted(format_args!("{}{name}", names.standard_type)),
                    None => json.quoted(format_args!("#{full}")),
                }
            }
        }
    }

    pub(super) fn null(self, json: &mut Json, name: &str) {
        if !self.skip_nulls {
            json.key(name);
            json.null();
        }
    }

    fn expanded(self, json: &mut Json, name: &str, rows: &Rows, expanded: &Expanded) {
        match expanded {
            Expanded::One(None) => self.null(json, name),
            Expanded::One(Some(object)) => {
                json.key(name);
                json.open_value(b'{');
                self.included(json, rows, object);
                json.close(b'}');
            }
            Expanded::Count(count) => {
                json.key_of(name, self.names().count);
                self.int64(json, *count);
            }
            Expanded::Many(objects, count) => {
                if let Some(count) = count {
                    json.key_of(name, self.names().count);
                    self.int64(json, *count);
                }
                json.key(name);
                json.open_value(b'[');
                for object in objects {
                    json.open(b'{');
                    self.included(json, rows, object);
                    json.close(b'}');
                }
                json.close(b']');
            }
        }
    }

    /// Writes the members of an expanded row's JSON object.
    fn included(self, json: &mut Json, rows: &Rows, object: &Object) {
        match rows {
            Rows::Planned(plan) => self.members(json, plan, object),
            Rows::Identifiers(set) => self.identifier(json, set, object.id),
        }
    }

    /// Writes the identifier of a row in a set.
    pub(super) fn identifier(self, json: &mut Json, set: &str, id: Uuid) {
        json.key(self.names().id);
        json.quoted(odata_id(set, id));
    }
}

/// Returns the identifier of a row in payloads, relative to the service root: `Set(<guid>)`.
///
/// ```
/// let id = odata::payload::odata_id("Users", model::Uuid::nil());
/// assert_eq!(id, "Users(00000000-0000-0000-0000-000000000000)");
/// ```
pub fn odata_id(set: &str, id: Uuid) -> String {
    format!("{set}({id})")
}

/// Returns the entity tag of a row version.
///
/// ```
/// assert_eq!(odata::payload::etag(7), "W/\"7\"");
/// ```
pub fn etag(version: i64) -> String {
    format!("W/\"{version}\"")
}

/// Returns the value of a column: at its expected index, or by name.
fn value_of<'o>(column: &Column, object: &'o Object) -> &'o Value {
    match object.values.get(column.index) {
        Some((property, value)) if property.name() == column.name => value,
        _ => object.value(column.name).unwrap_or(&Value::Null),
    }
}

/// Writes a value of a data type.
pub(super) fn write_value(json: &mut Json, data_type: DataType, value: &Value) {
    match (data_type, value) {
        (_, Value::Null) => json.null(),
        (DataType::Enum(kind), value) => match (kind.stored(value), value) {
            (Some(member), _) => json.quoted(member.name),
            // A member of a newer version is written as its code.
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
