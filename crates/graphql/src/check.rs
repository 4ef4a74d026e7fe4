//! The checks of a request before it runs, without a registry: for tests and fuzz targets.

use async_graphql::{ServerError, Value, Variables};
use model::query::Condition;

use super::cost::analyze;
use super::document::{read, schema};
use super::executable::to_executable;
use super::input::coerce;
use super::limits::Limits;
use super::model_types::{names, read_filter};

/// Parses and validates a document, coerces the variables of its operation, and returns the cost of the operation.
///
/// # Errors
/// The messages of what is wrong with the document, the name of the operation, or the variables.
pub fn check_document(
    text: &str,
    operation: Option<&str>,
    variables: serde_json::Value,
) -> Result<u64, Vec<String>> {
    let one = |error: ServerError| vec![error.message];
    let all = |errors: Vec<ServerError>| errors.into_iter().map(|error| error.message).collect::<Vec<_>>();
    let document = read(text, &Limits::default()).map_err(all)?;
    let operation = document.operation(operation).map_err(one)?;
    let variables = Variables::from_json(variables);
    let variables = coerce(schema(), &document.lines, operation, &variables).map_err(all)?;
    let executable = to_executable(&document, operation, &variables).map_err(one)?;
    Ok(analyze(&executable).points)
}

/// Reads the filter of a type of rows, such as `User`, without the coercion by the schema that precedes it in a request.
///
/// # Errors
/// The message of the first value that is wrong, or that no rows have this type.
pub fn check_filter(row: &str, value: serde_json::Value) -> Result<Condition, String> {
    let entity = model::entities().find(|entity| names::of_entity(entity) == row);
    let entity = entity.ok_or_else(|| format!("no rows have the type {row}"))?;
    let value = Value::from_json(value).map_err(|error| error.to_string())?;
    read_filter(entity, &value).map(|found| found.condition).map_err(|wrong| wrong.message_for("filter"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_the_schema_accepts_the_reader_accepts() {
        let query = "query($f: UserFilter) { users(filter: $f) { totalCount } }";
        for (filter, is_good) in [
            (json!({ "login": { "eq": "ada" } }), true),
            (json!({ "not": { "active": { "eq": true } } }), true),
            (json!({ "active": true }), false),
            (json!({ "login": { "eq": 7 } }), false),
            (json!({ "nowhere": {} }), false),
            (json!("x"), false),
        ] {
            let sent = check_document(query, None, json!({ "f": filter }));
            assert_eq!(sent.is_ok(), is_good, "{filter}: {sent:?}");
            assert_eq!(check_filter("User", filter.clone()).is_ok(), is_good, "{filter}");
        }
        assert!(check_filter("Nothing", json!({})).is_err());
        assert!(check_document(query, Some("other"), json!({})).is_err());
        assert!(check_document("{", None, json!({})).is_err());
    }

    /// A condition is a tree, whose depth follows the number of parts: without a limit, it overflows the stack.
    #[test]
    fn every_part_of_a_filter_counts() {
        let query = "query($f: UserFilter) { users(filter: $f) { totalCount } }";
        for part in [
            json!({}),
            json!({ "mentions": "a" }),
            json!({ "login": { "eq": "a" } }),
            json!({ "login": {} }),
            json!({ "not": {} }),
        ] {
            for name in ["and", "or"] {
                for (count, is_good) in [(100, true), (30_000, false)] {
                    let filter = json!({ name: vec![part.clone(); count] });
                    assert_eq!(
                        check_filter("User", filter.clone()).is_ok(),
                        is_good,
                        "{name} {count} {part}"
                    );
                    let sent = check_document(query, None, json!({ "f": filter }));
                    assert_eq!(sent.is_ok(), is_good, "{name} {count} {part}");
                }
            }
        }
    }
}
