//! Input objects that have readers of their own: the values that these refuse are refused before anything runs.

use std::collections::HashMap;
use std::sync::LazyLock;

use apollo_compiler::Schema;
use apollo_compiler::ast::Type;
use apollo_compiler::schema::{ExtendedType, InputObjectType};
use async_graphql_value::ConstValue;
use model::Entity;

use crate::input_error::InputError;
use crate::model_types::{filter_name, read_filter};

/// The entities whose rows a filter selects, by the names of the filters.
fn filters() -> &'static HashMap<String, &'static Entity> {
    static FILTERS: LazyLock<HashMap<String, &'static Entity>> =
        LazyLock::new(|| model::entities().map(|entity| (filter_name(entity), entity)).collect());
    &FILTERS
}

/// Reads the parts of a coerced value that the schema does not describe.
///
/// # Errors
/// What is wrong, with the path to it, which begins with `path`.
pub(super) fn read(schema: &Schema, ty: &Type, value: &ConstValue, path: &str) -> Result<(), InputError> {
    let Some(ExtendedType::InputObject(object)) = schema.types.get(ty.inner_named_type()) else {
        return Ok(());
    };
    match value {
        ConstValue::List(items) if ty.is_list() => items
            .iter()
            .enumerate()
            .try_for_each(|(index, item)| read(schema, ty.item_type(), item, &format!("{path}[{index}]"))),
        ConstValue::Object(fields) => match filters().get(object.name.as_str()) {
            Some(entity) => match read_filter(entity, value) {
                Ok(_) => Ok(()),
                Err(InputError { path: within, message }) => {
                    Err(InputError { path: format!("{path}{within}"), message })
                }
            },
            None => fields.iter().try_for_each(|(name, value)| match object.fields.get(name.as_str()) {
                Some(field) => read(schema, &field.ty, value, &format!("{path}.{name}")),
                None => Ok(()),
            }),
        },
        _ => Ok(()),
    }
}

/// Whether an input object compares a value by operators.
pub(super) fn has_operators(object: &InputObjectType) -> bool {
    ["eq", "ge", "contains"].iter().any(|operator| object.fields.contains_key(*operator))
}
