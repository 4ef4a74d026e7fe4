//! The objects of a file.

use std::path::Path;

use input::json;
use model::{DataType, Entity};
use serde_json::{Map, Value};

use super::{Object, csv};
use crate::problem::Problem;

/// Reads the objects of a file.
///
/// # Errors
/// A [`Problem`] if the file cannot be read, or is not what its name says.
pub(super) fn read(path: &Path, entity: Option<&'static Entity>) -> anyhow::Result<Vec<Object>> {
    let name = path.display();
    let text = std::fs::read_to_string(path)
        .map_err(|error| Problem::new(format!("cannot read {name}: {error}")))?;
    let is_csv = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv"));
    let read = if is_csv { of_csv(&text, entity) } else { of_json(&text) };
    let objects = read.map_err(|problem| {
        let hint = problem.next_step().map(str::to_owned);
        let named = Problem::new(format!("{name}: {problem}"));
        match hint {
            Some(hint) => named.hint(hint),
            None => named,
        }
    })?;
    if objects.is_empty() {
        return Err(Problem::new(format!("{name} has no objects")).into());
    }
    Ok(objects)
}

/// Reads an array of objects, or a line for each object.
pub(super) fn of_json(text: &str) -> Result<Vec<Object>, Problem> {
    let text = text.trim_start_matches('\u{feff}');
    if text.trim_start().starts_with('[') {
        let value = json::value(text.as_bytes()).map_err(|error| Problem::new(error.to_string()))?;
        let items = value.as_array().cloned().unwrap_or_default();
        let object = |(index, item): (usize, Value)| match item {
            Value::Object(object) => Ok(object),
            _ => Err(Problem::new(format!("item {} is not an object", index + 1))),
        };
        return items.into_iter().enumerate().map(object).collect();
    }
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let object = |(index, line): (usize, &str)| {
        let hint = "the file is a JSON array, or has an object on each line";
        json::object(line.as_bytes()).map_err(|error| csv::wrong(index + 1, &error.to_string()).hint(hint))
    };
    lines.map(object).collect()
}

/// Reads CSV: the first line has the names of properties, or `Reference/Property` to find the row of a reference.
pub(super) fn of_csv(text: &str, entity: Option<&'static Entity>) -> Result<Vec<Object>, Problem> {
    let mut records = csv::records(text)?.into_iter();
    let Some((_, names)) = records.next() else { return Ok(Vec::new()) };
    let has_type = names.iter().any(|name| name == "@odata.type");
    if entity.is_none() && !has_type {
        return Err(Problem::new("the entity of the rows is not known").hint("name it with --entity"));
    }
    let repeated = names.iter().enumerate().find(|(index, name)| names[..*index].contains(*name));
    if let Some((_, name)) = repeated {
        return Err(csv::wrong(1, &format!("the column '{name}' occurs twice")));
    }
    records.map(|(line, fields)| object(entity, &names, fields, line)).collect()
}

fn object(
    entity: Option<&'static Entity>,
    names: &[String],
    fields: Vec<String>,
    line: usize,
) -> Result<Object, Problem> {
    if fields.len() != names.len() {
        let message = format!("there are {} fields under {} columns", fields.len(), names.len());
        return Err(csv::wrong(line, &message));
    }
    let mut object = Map::new();
    for (name, field) in names.iter().zip(fields).filter(|(_, field)| !field.is_empty()) {
        match name.split_once('/') {
            Some((reference, property)) => {
                let found = object.entry(reference).or_insert_with(|| Value::Object(Map::new()));
                if let Some(found) = found.as_object_mut() {
                    found.insert(property.to_owned(), field.into());
                }
            }
            None => {
                object.insert(name.clone(), value(entity, name, field));
            }
        }
    }
    Ok(object)
}

/// Returns a field as a value of its property. What does not have the type of the property stays a text, which the server refuses.
fn value(entity: Option<&'static Entity>, name: &str, field: String) -> Value {
    let attribute = entity.and_then(|entity| entity.attribute(name));
    match attribute.map(|attribute| attribute.data_type) {
        Some(DataType::Bool) if field.eq_ignore_ascii_case("true") => true.into(),
        Some(DataType::Bool) if field.eq_ignore_ascii_case("false") => false.into(),
        Some(DataType::Int32) => field.parse::<i32>().map_or_else(|_| field.into(), Value::from),
        _ => field.into(),
    }
}
