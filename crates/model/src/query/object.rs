use uuid::Uuid;

use crate::{Entity, Property, Value};

/// One row that a query gave, with the properties that it fetched.
#[derive(Clone, Debug)]
pub struct Object {
    /// The entity of the row.
    pub entity: &'static Entity,
    /// The identifier of the row.
    pub id: Uuid,
    /// How often the row was changed, from 1.
    pub version: i64,
    /// What was fetched, with its value.
    pub values: Vec<(Property, Value)>,
    /// The included references and collections, by name.
    pub expanded: Vec<(&'static str, Expanded)>,
}

/// What an included reference or collection gave.
#[derive(Clone, Debug)]
pub enum Expanded {
    /// The referenced row; none where there is none, or none that the caller may see.
    One(Option<Box<Object>>),
    /// The rows of a collection, and how many there are in all where that was asked.
    Many(Vec<Object>, Option<u64>),
    /// How many rows a collection has, where only that was asked.
    Count(u64),
}

/// One page of rows.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// The rows, in order.
    pub objects: Vec<Object>,
    /// How many rows match in all, where that was asked.
    pub count: Option<u64>,
    /// The values of the order's keys of the last row, where there are more rows than were taken.
    pub next: Option<Vec<Value>>,
}

impl Object {
    /// The value of a fetched property.
    pub fn value(&self, name: &str) -> Option<&Value> {
        self.values.iter().find(|(property, _)| property.name() == name).map(|(_, value)| value)
    }

    /// The identifier that a fetched reference holds.
    pub fn guid(&self, name: &str) -> Option<Uuid> {
        self.value(name).and_then(Value::as_guid)
    }

    /// The text of a fetched property as people read it; an enumeration by its member's name.
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

    /// The row's display text, from the properties that were fetched for it.
    pub fn display_text(&self) -> String {
        crate::display_text(self.entity.display_format, |name| self.text(name))
    }
}
