//! The configuration as JSON Schema, from the declarations of its sections.

use schemars::{JsonSchema, schema_for};
use serde_json::{Map, Value, json};

use super::Config;

/// A section of the configuration.
pub(crate) struct Section {
    /// The first line of the doc comment.
    pub(crate) title: String,
    /// The settings with type, range, default and text.
    pub(crate) properties: Map<String, Value>,
    /// The types that they refer to.
    definitions: Map<String, Value>,
}

impl Section {
    /// Describes the section `S`. As it has `serde(default)`, its schema has the defaults.
    pub(super) fn new<S: JsonSchema>() -> Self {
        let mut schema = schema_for!(S).to_value();
        let mut members = |name: &str| match schema[name].take() {
            Value::Object(members) => members,
            _ => Map::new(),
        };
        let (properties, definitions) = (members("properties"), members("$defs"));
        Self { title: schema["description"].as_str().unwrap_or_default().to_owned(), properties, definitions }
    }
}

/// Returns the sections in the order of the reference.
pub(crate) fn sections() -> Vec<Section> {
    Config::describe()
}

/// Returns every setting by its key.
pub(super) fn properties() -> Map<String, Value> {
    sections().into_iter().flat_map(|section| section.properties).collect()
}

/// Returns the configuration as JSON Schema (2020-12). No key is required, as each has a default.
pub(crate) fn schema() -> Value {
    let definitions: Map<_, _> = sections().into_iter().flat_map(|section| section.definitions).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Grantor",
        "description": "The configuration. In a file, the keys are written as here; in the environment, in upper case with the prefix `GRANTOR_`.",
        "type": "object",
        "properties": properties(),
        "additionalProperties": false,
        "$defs": definitions,
    })
}

/// Returns whether a setting is a string. The environment has it verbatim: a password of digits is no number.
pub(super) fn is_text(property: &Value) -> bool {
    let declared = &property["type"];
    declared == "string" || declared.as_array().is_some_and(|types| types.iter().any(|one| one == "string"))
}
