//! The values of variables that come with a request (GraphQL, section 6.1.2).

use apollo_compiler::Schema;
use apollo_compiler::ast::{Type, VariableDefinition};
use apollo_compiler::executable::Operation;
use apollo_compiler::schema::{ExtendedType, InputObjectType};
use async_graphql::indexmap::IndexMap;
use async_graphql::{Name, ServerError};
use async_graphql_value::ConstValue;

use super::constant::LiteralReader;
use super::{Variables, bad, object_of, readers, scalars};
use crate::input_error::{InputError, describe};
use crate::line_index::LineIndex;

/// How many wrong values are reported.
const MAX_ERRORS: usize = 20;

/// Coerces the values of an operation's variables; values of other names are ignored.
///
/// # Errors
/// Every value that is wrong or missing.
pub(crate) fn coerce(
    schema: &Schema,
    lines: &LineIndex,
    operation: &Operation,
    given: &async_graphql::Variables,
) -> Result<Variables, Vec<ServerError>> {
    let (mut coerced, mut errors) = (Variables::default(), Vec::new());
    for definition in &operation.variables {
        let mut wrong = Vec::new();
        let value = match given.get(definition.name.as_str()) {
            Some(value) => Coercion { schema, errors: &mut wrong }.top(&definition.ty, value),
            None => default(schema, lines, definition).unwrap_or_else(|error| {
                wrong.push(InputError { path: String::new(), message: error.message });
                None
            }),
        };
        let position = lines.position(definition.name.location());
        let located = wrong.into_iter().map(|InputError { path, message }| {
            bad(format!("the variable '${}{path}': {message}", definition.name), position)
        });
        errors.extend(located);
        if let Some(value) = value {
            coerced.insert(definition.name.clone(), value);
        }
    }
    errors.truncate(MAX_ERRORS);
    if errors.is_empty() { Ok(coerced) } else { Err(errors) }
}

fn default(
    schema: &Schema,
    lines: &LineIndex,
    definition: &VariableDefinition,
) -> Result<Option<ConstValue>, ServerError> {
    match &definition.default_value {
        Some(value) => {
            LiteralReader { schema, lines, variables: &Variables::default() }.constant(&definition.ty, value)
        }
        None if definition.ty.is_non_null() => {
            Err(bad(format!("a value of the type {} is required", definition.ty), None))
        }
        None => Ok(None),
    }
}

struct Coercion<'a> {
    schema: &'a Schema,
    errors: &'a mut Vec<InputError>,
}

impl Coercion<'_> {
    /// Coerces the value of a variable.
    fn top(&mut self, ty: &Type, value: &ConstValue) -> Option<ConstValue> {
        let coerced = self.value(ty, value, "")?;
        if !self.errors.is_empty() {
            return None;
        }
        match readers::read(self.schema, ty, &coerced, "") {
            Ok(()) => Some(coerced),
            Err(InputError { path, message }) => self.refuse(&path, message),
        }
    }

    fn refuse<T>(&mut self, path: &str, message: String) -> Option<T> {
        self.errors.push(InputError { path: path.to_owned(), message });
        None
    }

    fn value(&mut self, ty: &Type, value: &ConstValue, path: &str) -> Option<ConstValue> {
        if *value == ConstValue::Null {
            return match ty.is_non_null() {
                true => self.refuse(path, format!("expected a value of the type {ty}, found null")),
                false => Some(ConstValue::Null),
            };
        }
        if ty.is_list() {
            let coerced = match value {
                ConstValue::List(items) => {
                    let item = |(index, item)| self.value(ty.item_type(), item, &format!("{path}[{index}]"));
                    items.iter().enumerate().map(item).collect::<Vec<_>>()
                }
                // One value is a list of itself (GraphQL, section 3.11).
                one => vec![self.value(ty.item_type(), one, path)],
            };
            return coerced.into_iter().collect::<Option<_>>().map(ConstValue::List);
        }
        let name = ty.inner_named_type();
        match self.schema.types.get(name) {
            Some(ExtendedType::Scalar(scalar)) => match scalars::from_json(&scalar.name, value) {
                Ok(coerced) => Some(coerced),
                Err(expected) => self.refuse(path, format!("expected {expected}, found {}", describe(value))),
            },
            Some(ExtendedType::Enum(kind)) => match value {
                ConstValue::String(member) if kind.values.contains_key(member.as_str()) => {
                    Some(ConstValue::Enum(Name::new(member)))
                }
                _ => self
                    .refuse(path, format!("expected a member of the type {name}, found {}", describe(value))),
            },
            Some(ExtendedType::InputObject(object)) => self.object(object, value, path),
            _ => self.refuse(path, format!("{name} is no input type")),
        }
    }

    fn object(&mut self, object: &InputObjectType, value: &ConstValue, path: &str) -> Option<ConstValue> {
        let ConstValue::Object(given) = value else {
            let expected = object_of(&object.name, readers::has_operators(object));
            return self.refuse(path, format!("expected {expected}, found {}", describe(value)));
        };
        for name in given.keys().filter(|name| !object.fields.contains_key(name.as_str())) {
            let message = format!("the type {} has no field '{name}'", object.name);
            let _: Option<()> = self.refuse(path, message);
        }
        let mut fields = IndexMap::new();
        for (name, definition) in &object.fields {
            // Most fields are absent: a path is written only where it is needed.
            let inside = || format!("{path}.{name}");
            let coerced = match (given.get(name.as_str()), &definition.default_value) {
                (Some(value), _) => self.value(&definition.ty, value, &inside()),
                (None, Some(default)) => self.of_default(&definition.ty, default, &inside()),
                (None, None) if definition.ty.is_non_null() => {
                    self.refuse(&inside(), format!("a value of the type {} is required", definition.ty))
                }
                (None, None) => None,
            };
            if let Some(coerced) = coerced {
                fields.insert(Name::new(name.as_str()), coerced);
            }
        }
        Some(ConstValue::Object(fields))
    }

    fn of_default(
        &mut self,
        ty: &Type,
        default: &apollo_compiler::Node<apollo_compiler::ast::Value>,
        path: &str,
    ) -> Option<ConstValue> {
        let lines = LineIndex::default();
        let reader = LiteralReader { schema: self.schema, lines: &lines, variables: &Variables::default() };
        match reader.constant(ty, default) {
            Ok(value) => value,
            Err(error) => self.refuse(path, error.message),
        }
    }
}
