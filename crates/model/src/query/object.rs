use uuid::Uuid;

use crate::{Entity, Property, Value};

/// A row of a result, with its fetched properties.
#[derive(Clone, Debug)]
pub struct Object {
    /// Entity of the row.
    pub entity: &'static Entity,
    /// Identifier of the row.
    pub id: Uuid,
    /// Version of the row, starting at 1 and incremented on each change.
    pub version: i64,
    /// Fetched properties with their values.
    pub values: Vec<(Property, Value)>,
    /// Included references and collections, by name.
    pub expanded: Vec<(&'static str, Expanded)>,
}

/// Content of an included reference or collection.
#[derive(Clone, Debug)]
pub enum Expanded {
    /// The referenced row; `None` if there is none or the caller may not see it.
    One(Option<Box<Object>>),
    /// The rows of a collection, and their total number if requested.
    Many(Vec<Object>, Option<u64>),
    /// The number of rows of a collection, if only that was requested.
    Count(u64),
}

/// A page of rows.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// Rows, in order.
    pub objects: Vec<Object>,
    /// Total number of matching rows, if requested.
    pub count: Option<u64>,
    /// Values of the order's keys of the last row, if there are more rows.
    pub next: Option<Vec<Value>>,
}

impl Object {
    /// Returns the value of a fetched property.
    pub fn value(&self, name: &str) -> Option<&Value> {
        self.values.iter().find(|(property, _)| property.name() == name).map(|(_, value)| value)
    }

    /// Returns the UUID of a fetched reference.
    pub fn guid(&self, name: &str) -> Option<Uuid> {
        self.value(name).and_then(Value::as_guid)
    }

    /// Returns the text of a fetched property for people; for an enumeration, the name of the member.
    pub fn text(&self, name: &str) -> Option<String> {
        let (property, value) = self.values.iter().find(|(property, _)| property.name() == name)?;
        match (property.data_type(), value) {
            (_, Value::Null) => None,
            (crate::DataType::Enum(kind), value) => kind.stored(value).map(|member| member.name.to_owned()),
            (_, Value::Bool(value)) => Some(value.to_string()),
            (_, Value::Int(value)) => Some(value.to_string()),
            (_, Value::Text(value)) => Some(value.clone()),
            (_, Value::Time(value)) => Some(value.to_string()),
            (_, Value::Guid(value)) => Some(value.to_string()),
        }
    }

    /// Returns the row's display text, from the properties that were fetched for it.
    pub fn display_text(&self) -> String {
        crate::display_text(self.entity.display_format, |name| self.text(name))
    }
}
