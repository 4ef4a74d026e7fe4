//! The rows of keys that are references.

use std::collections::HashMap;

use model::Uuid;
use model::query::{BoundQuery, Object};
use serde_json::{Map, Value as Json};

use crate::negotiate::MetadataLevel;
use crate::payload::Style;

/// The rows that are included in the place of keys, by the name of the column.
#[derive(Clone, Debug, Default)]
pub struct KeyRows(HashMap<String, HashMap<Uuid, Map<String, Json>>>);

impl KeyRows {
    /// Adds rows of a column, with the properties that a query selects.
    pub fn add(&mut self, column: &str, style: Style<'_>, query: &BoundQuery, objects: &[Object]) {
        let mut form = style.form;
        form.level = MetadataLevel::None;
        let rows = self.0.entry(column.to_owned()).or_default();
        for object in objects {
            rows.insert(object.id, Style { form, ..style }.members_of(query, object));
        }
    }

    /// Adds the identifier and the display text of rows of a column.
    pub fn add_texts(&mut self, column: &str, objects: &[Object]) {
        let rows = self.0.entry(column.to_owned()).or_default();
        for object in objects {
            let members = [("Id", object.id.to_string()), ("DisplayText", object.display_text())];
            let members = members.map(|(name, text)| (name.to_owned(), Json::from(text)));
            rows.insert(object.id, Map::from_iter(members));
        }
    }

    /// Returns the number of rows.
    pub fn len(&self) -> usize {
        self.0.values().map(HashMap::len).sum()
    }

    /// Returns whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(super) fn find(&self, column: &str, id: Uuid) -> Option<&Map<String, Json>> {
        self.0.get(column)?.get(&id)
    }
}
