//! The page of the configuration, from its JSON Schema.

use serde_json::Value;

use super::GROUP;
use crate::declared::ConfigurationSection;
use crate::page::{Block, Cell, Inline, Page, Target, code, text};
use crate::prose::prose;

/// The name of the file with the schema.
pub(crate) const FILE: &str = "config.schema.json";

pub(crate) fn page(schema: &Value, sections: &[ConfigurationSection]) -> Page {
    let mut page = Page::new("configuration", "Configuration", GROUP);
    page.summary = prose(
        "The settings of the server. In the configuration file (TOML), the keys are written as here; in the environment, \
         in upper case with the prefix `GRANTOR_`.",
    );
    page.paragraph(vec![
        text("The same as JSON Schema: "),
        Inline::Link(Target::File(FILE), vec![code(FILE)]),
        text("."),
    ]);
    let row = |key: &String| {
        let property = &schema["properties"][key];
        let default = property.get("default").filter(|default| !default.is_null());
        let default =
            default.map(|default| default.as_str().map_or_else(|| default.to_string(), str::to_owned));
        let default = default.map_or_else(|| text("none"), code);
        let description = property["description"].as_str().unwrap_or_default();
        vec![
            Cell::named(key),
            Cell::of(type_of(schema, property)),
            Cell::of(vec![default]),
            Cell::of(prose(description)),
        ]
    };
    for section in sections {
        page.section(&section.title);
        let rows = section.keys.iter().map(row).collect();
        page.blocks.push(Block::Table(vec!["Key", "Type", "Default", "Description"], rows));
    }
    page
}

/// The type of a setting in words.
fn type_of(schema: &Value, property: &Value) -> Vec<Inline> {
    let resolved = resolve(schema, property);
    let choices: Vec<_> = choices(resolved);
    if let Some((first, rest)) = choices.split_first() {
        let rest = rest.iter().flat_map(|value| [text(", "), code(value.as_str())]);
        return [code(first.as_str())].into_iter().chain(rest).collect();
    }
    let word = match resolved["type"].as_str().or_else(|| resolved["type"][0].as_str()) {
        Some("array") => "list",
        Some("string") => resolved["format"].as_str().unwrap_or("text"),
        Some("boolean") => "truth value",
        Some("integer") => "whole number",
        Some(other) => other,
        None => "text",
    };
    let least =
        resolved["minimum"].as_i64().filter(|least| *least > 0).map(|least| format!(", at least {least}"));
    vec![text(format!("{word}{}", least.unwrap_or_default()))]
}

/// What a reference refers to, and of a choice with null the other one.
fn resolve<'a>(schema: &'a Value, property: &'a Value) -> &'a Value {
    if let Some(name) = property["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        return resolve(schema, &schema["$defs"][name]);
    }
    let options = property["anyOf"].as_array();
    let other = options.and_then(|options| options.iter().find(|option| option["type"] != "null"));
    other.map_or(property, |other| resolve(schema, other))
}

/// The values that a setting can have, where they are listed.
fn choices(property: &Value) -> Vec<String> {
    let listed = property["enum"].as_array().into_iter().flatten();
    let constants = property["oneOf"].as_array().into_iter().flatten().map(|option| &option["const"]);
    listed.chain(constants).filter_map(Value::as_str).map(str::to_owned).collect()
}
